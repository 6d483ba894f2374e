"""General statistics: arrays or counts in, frames or frozen dataclasses out."""
