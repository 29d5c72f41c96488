"""Files that `sundry pack` reads, one module a format; each returns the container and the types of cartons."""
