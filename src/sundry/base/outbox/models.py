"""Messages on their way to somebody."""
