"""A trend small enough to stand in a table row."""

from collections.abc import Sequence

from charts.theme import TOTAL_LOOK

COLOR = TOTAL_LOOK.color
WIDTH, HEIGHT = 132, 34
EDGE = 4


def sparkline(values: Sequence[float | None]) -> str:
    """Return a line through `values`, oldest first, as SVG text that shows on light and dark.

    A missing value breaks the line. The last known value has a dot; '' when none is known.
    """
    known = [value for value in values if value is not None and value == value]
    if not known:
        return ""
    low, high = min(known), max(known)
    points = [_point(place, value, len(values), low, high) for place, value in enumerate(values)]
    pieces = _pieces(points)
    lines = "".join(
        f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in piece)}" fill="none" '
        f'stroke="{COLOR}" stroke-width="1.8" stroke-linejoin="round"/>'
        for piece in pieces
    )
    x, y = pieces[-1][-1]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">{lines}'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{COLOR}"/></svg>'
    )


Point = tuple[float, float]


def _point(place: int, value: float | None, count: int, low: float, high: float) -> Point | None:
    if value is None or value != value:
        return None
    across = place / (count - 1) if count > 1 else 0.5
    up = (value - low) / (high - low) if high > low else 0.5
    return EDGE + across * (WIDTH - 2 * EDGE), HEIGHT - EDGE - up * (HEIGHT - 2 * EDGE)


def _pieces(points: list[Point | None]) -> list[list[Point]]:
    pieces: list[list[Point]] = [[]]
    for point in points:
        if point is None:
            pieces.append([])
        else:
            pieces[-1].append(point)
    return [piece for piece in pieces if piece]
