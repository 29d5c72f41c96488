"""Papers that are printed: PDF by typst."""
