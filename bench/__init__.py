"""Measurements beside peers and floors; ratios within one run, never part of the tests."""
