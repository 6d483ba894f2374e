"""Number formats under which a person sees another value than the stored number."""

import re
from collections.abc import Mapping
from decimal import Decimal

from etl.sources.cell_texts import plain_digits
from etl.sources.sheet_marks import Mark, MarkKind

_BUILT_IN_PERCENT = ("9", "10")
_LITERALS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|[_*].')
_PADDED = re.compile("0{2,}")


def shown_number(format_id: str, codes: Mapping[str, str]) -> Mark | None:
    """Return how a number format shows numbers, or None where it shows them as they are.

    Parameters
    ----------
    format_id : str
        Number of the format.
    codes : mapping of str to str
        Format number -> code, for formats that the workbook defines itself.
    """
    if format_id in _BUILT_IN_PERCENT:
        return Mark(MarkKind.PERCENT)
    code = _LITERALS.sub("", codes.get(format_id, "")).partition(";")[0]
    if "%" in code:
        return Mark(MarkKind.PERCENT)
    if _PADDED.fullmatch(code):
        return Mark(MarkKind.PADDED, str(len(code)))
    return None


def text_as_shown(number: str, mark: Mark) -> str:
    """Return the text of a number as its format shows it: '0.36' as '36%', '7' as '007'."""
    if mark.kind is MarkKind.PERCENT:
        return plain_digits(Decimal(number).scaleb(2)) + "%"
    return number.zfill(int(mark.detail)) if number.isdigit() else number
