"""REDCap: a flat export of raw codes, read with the data dictionary of its project."""
