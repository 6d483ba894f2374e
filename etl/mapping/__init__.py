"""A practice's own tables to canonical text tables, as one reviewed TOML file declares it."""
