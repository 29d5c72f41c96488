"""Files in which others give tables: each reader here makes rows of text of one of them, and nothing else."""
