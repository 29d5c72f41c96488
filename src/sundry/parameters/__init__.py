"""The law, the tariffs and the thresholds as dated data. Read by sundry.kernel.parameters, see README.md."""
