"""Goods are found by what they are, in whatever language they are named or asked for. See README.md."""
