"""The FHIR R4 reader: Bundles and bulk exports as text tables in declared columns."""
