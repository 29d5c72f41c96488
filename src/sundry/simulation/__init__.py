"""A market made from a seed: what a demonstration, a load test and a fault test are fed with."""
