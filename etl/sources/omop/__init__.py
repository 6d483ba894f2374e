"""OMOP CDM 5.3 and 5.4: the records of persons who had an augmentation, with codes for concepts."""
