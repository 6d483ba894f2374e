"""Codes and labels that say that a value is missing, to be offered for declaration."""

import re

_NULL_FLAVOURS = frozenset(("ni", "inv", "unk", "nask", "asku", "nav", "msk", "na", "navu", "np"))
"""Those codes that REDCap proposes for missing data which leave no value, in lower case."""

_NINES = re.compile(r"[-_]?9{1,4}")
_LABEL = re.compile(
    r"\b(missing|unknown|unk|not (?:known|recorded|reported|asked|stated|available|applicable|"
    r"answered|assessed|done|documented|sure)|refused|declined|declines|prefer not|no answer|"
    r"no response|don'?t know|do not know|undetermined|unable to (?:answer|assess|determine)|"
    r"n/a|nk)\b",
    re.IGNORECASE,
)


def is_missing_data_code(text: str) -> bool:
    """Return whether a text is made like a project-wide missing data code: NASK, -9, 999."""
    return text.casefold() in _NULL_FLAVOURS or bool(_NINES.fullmatch(text))


def reads_as_missing(label: str) -> bool:
    """Return whether the label of a choice says that there is no answer."""
    return bool(_LABEL.search(label))
