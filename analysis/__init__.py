"""Numbers and words about a cohort; knows nothing of figures or screens."""
