"""One page a file; each has `show()`, which arranges and does no arithmetic."""
