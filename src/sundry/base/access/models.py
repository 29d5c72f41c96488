"""The audit log, API tokens, counters of limits."""
