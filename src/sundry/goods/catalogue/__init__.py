"""Stalls and their goods, on show and found. See README.md."""
