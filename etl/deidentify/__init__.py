"""From a practice's dated, identified export to canonical files that identify nobody."""
