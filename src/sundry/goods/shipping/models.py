"""Shipping jobs: the main job as somebody asked for it on a page or by the API."""
