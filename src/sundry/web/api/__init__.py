"""The API at /api: the service, its document, its tokens. Each module keeps its operations in its api.py."""
