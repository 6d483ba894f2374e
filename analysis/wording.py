"""Numbers said in words: one way for every title, summary and note."""

from math import isnan

NOT_KNOWN = "not known"


def percent(value: float) -> str:
    """Return a proportion as it is printed, e.g. 0.823 as '82 %'.

    Below 1 % and above 99 % one decimal is kept, so that neither 0 nor 100 is printed unless true.
    """
    if isnan(value):
        return NOT_KNOWN
    return f"{_percent_number(value)} %"


def percent_interval(value: float, lower: float, upper: float) -> str:
    """Return a proportion with its interval, e.g. '82 % (80 to 84 %)'; alone where it has none."""
    if isnan(value) or isnan(lower) or isnan(upper):
        return percent(value)
    return f"{percent(value)} ({_percent_number(lower)} to {percent(upper)})"


def percent_range(low: float, high: float) -> str:
    """Return a range of proportions, e.g. '61 to 74 %'; once where both read alike."""
    if isnan(low) or isnan(high):
        return NOT_KNOWN
    if _percent_number(low) == _percent_number(high):
        return percent(low)
    return f"{_percent_number(low)} to {percent(high)}"


def number(value: float, decimals: int = 1) -> str:
    """Return a number with a fixed count of decimals, e.g. '-4.2'; thousands are set apart."""
    if isnan(value):
        return NOT_KNOWN
    text = f"{value:,.{decimals}f}"
    return text.removeprefix("-") if float(text.replace(",", "")) == 0 else text


def number_interval(value: float, lower: float, upper: float, decimals: int = 1) -> str:
    """Return a number with its interval, e.g. '-4.2 (-4.4 to -4.0)'; alone where it has none."""
    if isnan(value) or isnan(lower) or isnan(upper):
        return number(value, decimals)
    return f"{number(value, decimals)} ({number(lower, decimals)} to {number(upper, decimals)})"


def n_of_N(n: int, total: int) -> str:  # noqa: N802 - as statisticians write it
    """Return a count of a total, e.g. '1,204 of 2,143'."""
    return f"{n:,} of {total:,}"


def counted(count: int, noun: str, plural: str = "") -> str:
    """Return a count with its noun, e.g. '1 procedure', '2,143 procedures'."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def _percent_number(value: float) -> str:
    near_an_end = 0 < value < 0.01 or 0.99 < value < 1
    if not near_an_end:
        return f"{100 * value:.0f}"
    # A share that is not quite 0 or 1 never reads as if it were.
    return f"{min(max(100 * value, 0.1), 99.9):.1f}"
