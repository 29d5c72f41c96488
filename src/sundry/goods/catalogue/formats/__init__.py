"""Files in which goods come and go: each reader makes rows of text, each writer takes them."""
