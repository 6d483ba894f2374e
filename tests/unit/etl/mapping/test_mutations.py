"""However a mapping file is damaged, it is read or refused: never a traceback."""

import random
import re
from pathlib import Path

from etl.mapping.building import map_tables
from etl.mapping.reading import parse_mapping
from warehouse.connection import open_for_building
from warehouse.errors import SourceUnreadable

MANUAL = (Path(__file__).resolve().parents[4] / "docs" / "mapping.md").read_text(encoding="utf-8")
FENCED = re.findall(r"```(\w+) ?([\w ]*)\n(.*?)```", MANUAL, re.DOTALL)
EXAMPLE = "\n".join(text for kind, _, text in FENCED if kind == "toml")
SOURCES = {
    name: text.splitlines()
    for kind, name, text in FENCED
    if kind == "csv" and not name.startswith("result")
}
VALUES = (
    "3", "-1.5", "true", '""', '"x"', "[]", "{}", "[1, [2]]", '{ a = "b" }', "2024-01-01", "nan",
    "inf", '"case"', '["case", "n"]', '{ column = "case" }', "[{}]", '"raw 0-50"',
)  # fmt: skip


def mutated(chance: random.Random) -> str:
    """Return the manual's mapping with one to three values, keys or lines damaged."""
    lines = EXAMPLE.splitlines()
    for _ in range(chance.randint(1, 3)):
        place = chance.randrange(len(lines))
        how = chance.randrange(5)
        if how == 0:
            del lines[place]
        elif how == 1:
            lines[place] = re.sub(r"= .*", lambda _: f"= {chance.choice(VALUES)}", lines[place])
        elif how == 2:
            lines.insert(place, lines[chance.randrange(len(lines))])
        elif how == 3:
            words = re.findall(r"\w+", lines[place]) or ["x"]
            lines[place] = lines[place].replace(chance.choice(words), chance.choice(words) + "x")
        else:
            values = re.findall(r'"[^"]*"|\b\d+\b', lines[place]) or ["x"]
            lines[place] = lines[place].replace(chance.choice(values), chance.choice(VALUES), 1)
    return "\n".join(lines)


def test_a_damaged_mapping_is_read_or_refused_by_line(tables_from):
    tables = tables_from(**SOURCES)
    chance = random.Random(20270301)
    messages = []
    for number in range(100):
        text = mutated(chance)
        try:
            mapping = parse_mapping(text)
            if number % 5 == 0:
                with open_for_building(None) as connection:
                    for made in map_tables(connection, mapping, tables):
                        connection.execute(f"select * from {made.relation}").fetchall()
        except SourceUnreadable as error:
            messages.append(str(error))
    assert len(messages) > 50
    assert [m for m in messages if "mapping.toml" not in m or "\n  " not in m] == []
