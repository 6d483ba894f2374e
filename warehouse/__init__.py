"""The contract that loading and reading both hold; imports nothing else of ours."""
