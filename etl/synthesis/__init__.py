"""Synthetic records with a planted truth, drawn block by block."""
