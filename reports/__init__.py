"""The same results on paper and in files."""
