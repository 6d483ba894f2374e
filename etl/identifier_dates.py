"""Patterns of dates finer than a year: in figures, in words of four languages, and run together.

All of them are read alike by RE2 and by Python's `re`.
"""

YEAR, MONTH = "(18|19|20)[0-9]{2}", "(0?[1-9]|1[0-2])"
DAY = "(0?[1-9]|[12][0-9]|3[01])"

MONTH_NAME = (
    "(jan(uary|uar|vier|v)?|jänner|enero|ene|feb(ruary|ruar|rero)?|février|fevrier|févr?"
    "|mar(ch|zo|s)?|märz|mrz|apr(il)?|abril|abr|avril|avr|ma[iy]|mayo|june?|juni|junio|juin"
    "|july?|juli|julio|juillet|juil|aug(ust)?|agosto|ago|août|aout|sep(t|tember|tiembre|tembre)?"
    "|o[ck]t(ober|obre|ubre)?|nov(ember|iembre|embre)?|de[czs]"
    "|d[eé]c(ember|embre)|dezember|diciembre|dic)"
)
_OF = "(of |de |del )?"
_NTH = "(st|nd|rd|th|er|º|\\.)?"
_APART, _ENDED = "(^|[^0-9A-Za-z])", "($|[^0-9A-Za-z])"
_TWO = "(0[1-9]|[12][0-9]|3[01])"

COMPACT = f"{YEAR}(0[1-9]|1[0-2]){_TWO}"
COMPACT_BACKWARDS = f"({_TWO}(0[1-9]|1[0-2])|(0[1-9]|1[0-2]){_TWO}){YEAR}"
"""Day and month first, in either order, as 05032024."""

COMPACT_WITH_TIME = (
    f"^{COMPACT}[T ]?[0-9]{{2}}:?[0-9]{{2}}(:?[0-9]{{2}})?([.][0-9]+)?(Z|[+-][0-9]{{4}})?(\\.0+)?$"
)

IN_FIGURES = (
    f"(^|[^0-9]){YEAR}[-/._ ]{MONTH}[-/._ ]{DAY}($|[^0-9])",
    f"(^|[^0-9]){DAY}[-/._ ]{DAY}[-/._ ]{YEAR}($|[^0-9])",
    f"(^|[^0-9]){DAY}/{DAY}/[0-9]{{2}}($|[^0-9])",
    f"{YEAR} ?[年년] ?{MONTH} ?[月월]",
)
"""In columns of every kind."""

IN_WORDS = (
    f"(?i){_APART}{DAY}{_NTH}[-. /]*{_OF}{MONTH_NAME}[-., /]*{_OF}'?[0-9]{{2,4}}{_ENDED}",
    f"(?i){_APART}{MONTH_NAME}[-. /]*{DAY}{_NTH}[-., /]+'?[0-9]{{2,4}}{_ENDED}",
    f"(?i){_APART}{MONTH_NAME}[-., /]*{_OF}{YEAR}{_ENDED}",
    f"(?i){_APART}{YEAR}[-., /]*{MONTH_NAME}([-. /]*{DAY})?{_ENDED}",
    f"(?i){_APART}(q[1-4]|[1-4]q|quarter [1-4]|t[1-4])[-. /]*{YEAR}{_ENDED}",
    f"(?i){_APART}{YEAR}[-. /]*(q|quarter ?)[1-4]{_ENDED}",
    f"(?i){_APART}{YEAR}-?w[0-5][0-9](-?[1-7])?{_ENDED}",
    f"(?i){_APART}(spring|summer|autumn|fall|winter|christmas|easter),? (of )?{YEAR}{_ENDED}",
)
"""In columns of every kind."""

NOT_IN_SURROGATES = (
    f"(?i)^{MONTH_NAME}[-. /]'?[0-9]{{2}}$",
    f"(?i)(^|[ ,]){DAY}{_NTH}[-. /]{_OF}{MONTH_NAME}$",
    f"(?i)(^|[ ,])(d/?c|adm|admitted|seen|dob|dos|on|op|since|until) ?:? ?{MONTH}/{DAY}($|[ ,;])",
    f"(?i)^{MONTH_NAME}[-. /]{DAY}{_NTH}$",
    f"^{YEAR}[-/]{MONTH}$|^{MONTH}[-/]{YEAR}$",
    f"^{COMPACT}(\\.0+)?$|^{COMPACT_BACKWARDS}(\\.0+)?$",
    f"^{YEAR}-(00[1-9]|0[1-9][0-9]|[12][0-9]{{2}}|3[0-5][0-9]|36[0-6])$",
    "^[0-3][0-9][-.][0-3][0-9][-.][0-9]{2}$",
    f"^{DAY}-{DAY}-[0-9]{{2}}$",
    r"(?i)\b(mon|tues|wednes|thurs|fri|satur|sun)day\b",
    "^1[0-9]{12}$",
)
"""Shapes that a surrogate may have by chance: 2024-007, and milliseconds since 1970 last."""

ALONE = (
    "january", "february", "april", "june", "july", "august", "september", "october", "november",
    "december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    "januar", "februar", "märz", "juni", "juli", "oktober", "dezember", "montag", "dienstag",
    "mittwoch", "donnerstag", "freitag", "samstag", "sonntag", "enero", "febrero", "marzo", "abril",
    "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre", "lunes",
    "martes", "miércoles", "jueves", "viernes", "sábado", "domingo", "janvier", "février", "avril",
    "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre", "lundi", "mardi",
    "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
)  # fmt: skip
"""Months and weekdays that are no other word; may, march and mars may be others."""

SERIAL_DAY = "^[3-5][0-9]{4}([.][0-9]+)?$"
"""A day as a spreadsheet counts it, from 1982 to 2064; only where a name speaks of time."""
