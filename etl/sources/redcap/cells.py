"""Read cells of one column by what the dictionary says of its field, and keep count."""

import re
from collections import Counter
from enum import Enum

from etl.sources.redcap.dictionary import DictionaryField
from etl.sources.redcap.missing_codes import is_missing_data_code, reads_as_missing

_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)")
_COMMA_NUMBER = re.compile(r"[-+]?(\d+(,\d*)?|,\d+)")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}( \d{2}:\d{2}(:\d{2})?)?")
_RESPELT_DATE = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}\b.*")
_CHECKED, _CHECK_LABELS = frozenset({"0", "1"}), frozenset({"checked", "unchecked"})
_NOT_COMPLETED = "[not completed]"
_MOST_REMEMBERED = 5000


class Fit(Enum):
    """How a cell fits its field."""

    SOUND = "sound"
    MISSING_CHOICE = "a choice that says there is no answer"
    MISSING_CODE = "made like a missing data code"
    LABEL = "the label of a choice"
    RESPELT_DATE = "a date in another form than REDCap exports"
    MISFIT = "not of the field's type"


class ColumnReader:
    """Reads the cells of one column, in file order.

    Attributes
    ----------
    field : DictionaryField
    fits : Counter of Fit
    missing : Counter of str
        Codes that may mean a missing value -> cells.
    first_record : dict of Fit to int
        Record, from 1, that first held a cell of that fit.
    """

    def __init__(self, field: DictionaryField) -> None:
        self.field = field
        self.fits: Counter[Fit] = Counter()
        self.missing: Counter[str] = Counter()
        self.first_record: dict[Fit, int] = {}
        self._known: dict[str, tuple[Fit, str]] = {}
        self._labels = frozenset(label.casefold() for label in field.choices.values())

    def read(self, cell: str, record: int) -> str:
        """Return the text that goes into the table, and count how it fits."""
        if not cell or self.field.is_free_text:
            return cell
        known = self._known.get(cell)
        if known is None:
            known = self._judge(cell.strip())
            if len(self._known) < _MOST_REMEMBERED:
                self._known[cell] = known
        fit, text = known
        if text:
            self.fits[fit] += 1
            self.first_record.setdefault(fit, record)
            if fit in (Fit.MISSING_CHOICE, Fit.MISSING_CODE):
                self.missing[text] += 1
        return text

    def _judge(self, text: str) -> tuple[Fit, str]:
        """Tell how a text fits; spaces are gone, one of which REDCap puts before a minus sign."""
        field = self.field
        if field.is_checkbox:
            return _judge_tick(text)
        if field.choices:
            return self._judge_choice(text), text
        if field.has_comma_decimals and _COMMA_NUMBER.fullmatch(text):
            return Fit.SOUND, text.replace(",", ".")
        if field.is_number and not field.has_comma_decimals and _NUMBER.fullmatch(text):
            return Fit.SOUND, text
        if field.is_date:
            return _judge_date(text)
        if field.is_number or is_missing_data_code(text):
            return _misfit(text), text
        return Fit.SOUND, text

    def _judge_choice(self, text: str) -> Fit:
        label = self.field.choices.get(text)
        if label is not None:
            return Fit.MISSING_CHOICE if reads_as_missing(label) else Fit.SOUND
        return Fit.LABEL if text.casefold() in self._labels else _misfit(text)


def _judge_tick(text: str) -> tuple[Fit, str]:
    if text in _CHECKED:
        return Fit.SOUND, text
    return (Fit.LABEL if text.casefold() in _CHECK_LABELS else Fit.MISFIT), text


def _judge_date(text: str) -> tuple[Fit, str]:
    if text == _NOT_COMPLETED:
        return Fit.SOUND, ""
    if _DATE.fullmatch(text):
        return Fit.SOUND, text
    return (Fit.RESPELT_DATE if _RESPELT_DATE.fullmatch(text) else _misfit(text)), text


def _misfit(text: str) -> Fit:
    return Fit.MISSING_CODE if is_missing_data_code(text) else Fit.MISFIT
