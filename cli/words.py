"""Small turns of phrase that commands share."""


def counted(number: int, noun: str) -> str:
    """Return a count with its noun, such as '1 record' or '1,200 records'."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
