"""What lines to declare come in: one file a format, each read into `GivenLine`s."""
