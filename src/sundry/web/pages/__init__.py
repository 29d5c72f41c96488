"""Pages of the market as a whole; a module's own pages stand in its pages.py."""
