"""On which line of a TOML file each key stands; the standard library's reader does not say."""

import json
import re

Path = tuple[str | int, ...]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_STRINGS = (
    re.compile(r'"""(?:[^\\]|\\.)*?"""+', re.DOTALL),
    re.compile(r"'''.*?'''+", re.DOTALL),
    re.compile(r'"(?:[^"\\\n]|\\.)*"'),
    re.compile(r"'[^'\n]*'"),
)
_PLAIN_VALUE = re.compile(r"[^,\]}#\n]+")


def lines_of_keys(text: str) -> dict[Path, int]:
    """Return path -> line, from 1, of every key and array item of a valid TOML document.

    A path is the keys from the top, with the number of the item, from 0, after the name of an
    array, such as ('assessments', 1, 'columns', 'days').
    """
    return _Scan(text.replace("\r\n", "\n")).document()


class _Scan:
    """One walk over a document that the standard library has already found valid."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[Path, int] = {}
        self.items: dict[Path, int] = {}

    def document(self) -> dict[Path, int]:
        table: Path = ()
        self._skip_blank()
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip_blank()
        return self.lines

    def _header(self) -> Path:
        is_item = self.text.startswith("[[", self.at)
        self.at += 2 if is_item else 1
        *parents, last = self._key()
        path: Path = ()
        for part in parents:
            path = self._last_item((*path, part))
        path = (*path, last)
        if is_item:
            self.items[path] = self.items.get(path, 0) + 1
            self._note(path)
            path = self._last_item(path)
        self._note(path)
        self.at = self.text.index("]", self.at) + (2 if is_item else 1)
        return path

    def _pair(self, table: Path) -> None:
        start = self.at
        path = table
        for part in self._key():
            path = (*path, part)
            self._note(path, start)
        self.at = self.text.index("=", self.at) + 1
        self._value(path)

    def _value(self, path: Path) -> None:
        self._skip_blank()
        opening = self.text[self.at]
        if opening == "{":
            self._inside("}", lambda _: self._pair(path))
        elif opening == "[":
            self._inside("]", lambda place: self._item((*path, place)))
        elif opening in "\"'":
            self._string()
        else:
            self.at = self._match(_PLAIN_VALUE)

    def _item(self, path: Path) -> None:
        self._note(path)
        self._value(path)

    def _inside(self, closing: str, read_one) -> None:  # type: ignore[no-untyped-def]
        """Read what stands between brackets, parted by commas."""
        self.at += 1
        place = 0
        while True:
            self._skip_blank()
            if self.text[self.at] == closing:
                self.at += 1
                return
            if self.text[self.at] == ",":
                self.at += 1
                place += 1
                continue
            read_one(place)

    def _key(self) -> list[str]:
        parts = [self._key_part()]
        while True:
            self._skip_blank()
            if self.text[self.at] != ".":
                return parts
            self.at += 1
            parts.append(self._key_part())

    def _key_part(self) -> str:
        self._skip_blank()
        start = self.at
        if self.text[start] not in "\"'":
            self.at = self._match(_BARE)
            return self.text[start : self.at]
        self._string()
        written = self.text[start : self.at]
        return json.loads(written, strict=False) if written[0] == '"' else written[1:-1]

    def _string(self) -> None:
        for pattern in _STRINGS:
            found = pattern.match(self.text, self.at)
            if found:
                self.at = found.end()
                return
        raise ValueError(f"no string ends at character {self.at}")

    def _match(self, pattern: re.Pattern[str]) -> int:
        found = pattern.match(self.text, self.at)
        if found is None:
            raise ValueError(f"nothing to read at character {self.at}")
        return found.end()

    def _skip_blank(self) -> None:
        self.at = self._match(_BLANK)

    def _last_item(self, path: Path) -> Path:
        return (*path, self.items[path] - 1) if path in self.items else path

    def _note(self, path: Path, at: int | None = None) -> None:
        where = self.at if at is None else at
        self.lines.setdefault(path, self.text.count("\n", 0, where) + 1)
