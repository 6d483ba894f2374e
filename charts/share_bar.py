"""A share as a thin bar, small enough to stand in a table row."""

from charts.theme import TOTAL_LOOK

WIDTH, HEIGHT = 140, 8


def share_bar(n: int, of: int) -> str:
    """Return n of N as SVG text that shows on light and dark; the numbers stand beside it."""
    filled = WIDTH * n / of if of else 0
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" rx="4" fill="{TOTAL_LOOK.color}" opacity="0.25"/>'
        f'<rect width="{filled:.1f}" height="{HEIGHT}" rx="4" fill="#0072B2"/></svg>'
    )


def share_text(n: int, of: int) -> str:
    """Return 'n of N (p%)', with a word where there is nothing to count."""
    return f"{n:,} of {of:,} ({100 * n / of:.0f}%)" if of else "no records"
