"""What a procedure's row can only be told by other records: the age and the session."""

from collections.abc import Mapping

from etl.sources.fhir.dates import age_in_years


class Sessions:
    """Adds to each Procedure its patient's age, and whether it is the first of its session.

    A session is one patient on one local day: codes of further levels, and the supplement and
    the reposition of ICD-10-PCS, often stand in Procedures of their own.
    """

    def __init__(self, births: Mapping[str, str]) -> None:
        self._births = births
        self._seen: set[tuple[str, str]] = set()

    def complete(self, row: dict[str, str]) -> None:
        """Fill `age_years` and `session` of a Procedure's row.

        Raises
        ------
        ValueError
            If the date of birth is none.
        """
        patient, day = row.get("patient_id", ""), row.get("performed_start_date", "")
        if row["in_scope"] == "yes":
            row["session"] = self._place_in_session(patient, day)
        born = self._births.get(f"Patient/{patient}", "")
        age = age_in_years(born, day) if born else None
        row["age_years"] = "" if age is None else str(age)

    def _place_in_session(self, patient: str, day: str) -> str:
        """Return 'first' or 'further'; without a patient or a day each stands for itself."""
        if not patient or len(day) < 10:
            return "first"
        if (patient, day) in self._seen:
            return "further"
        self._seen.add((patient, day))
        return "first"
