"""How commands write: JSON, tables, progress; and what to do where the output knows no Greek."""

from __future__ import annotations

import codecs
import json
import sys
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal, TextIO

# Signs of the mathematics, for an encoding without them.
SPELLED = {
    "∇": "grad ",
    "‖": "|",
    "⟨": "<",
    "⟩": ">",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "·": "*",
    "√": "sqrt",
    "∞": "infinity",
    "∀": "for all ",
    "⇒": "=>",
    "→": "->",
    "−": "-",
    "…": "...",
    "Σ": "sum",
    "Π": "prod",
}


def spelled(char: str) -> str:
    """ASCII for one character, in words where that is possible."""
    if char.isascii():
        return char
    if char in SPELLED:
        return SPELLED[char]
    position, _, code = unicodedata.decomposition(char).partition(" ")
    if position in ("<super>", "<sub>"):
        return ("^" if position == "<super>" else "_") + spelled(chr(int(code, 16)))
    script, _, rest = unicodedata.name(char, "").partition(" ")
    if script == "GREEK":
        letter = rest.removesuffix(" SYMBOL").rpartition(" ")[2].lower()
        return letter.capitalize() if "CAPITAL" in rest else letter
    if script == "LATIN" and "LETTER " in rest:  # Ł, ö: the letter without its mark
        letter = rest.partition("LETTER ")[2].partition(" ")[0]
        return letter if "CAPITAL" in rest else letter.lower()
    return escaped(char)


def escaped(char: str) -> str:
    """ASCII for one character as JSON writes it inside a string: the same text when it is read."""
    return json.dumps(char)[1:-1]


def _handler(replacement: Callable[[str], str]) -> Callable[[UnicodeError], tuple[str, int]]:
    def handle(error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeEncodeError):
            raise error
        return "".join(map(replacement, error.object[error.start : error.end])), error.end

    return handle


codecs.register_error("shrinkproof.text", _handler(spelled))
codecs.register_error("shrinkproof.json", _handler(escaped))


def tolerate(stream: TextIO, kind: Literal["text", "json"]) -> None:
    """Let a stream write in ASCII what its encoding lacks, instead of failing half-way."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors=f"shrinkproof.{kind}")


def as_json(data: Any) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False)


def print_json(data: Any) -> None:
    print(as_json(data))


def print_table(rows: Iterable[Sequence[str]]) -> None:
    """Columns as wide as their widest entry; the last one as it comes."""
    lines = [tuple(row) for row in rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        print("  ".join(x.ljust(n) for x, n in zip(line, widths, strict=True)).rstrip())


class Progress:
    """A bar on a terminal; nothing in a pipe."""

    def __init__(self, total: int, what: str) -> None:
        self.total, self.what, self.done = max(total, 1), what, 0
        self.shown = -1
        self.terminal = sys.stderr.isatty()

    def step(self, detail: str = "") -> None:
        self.done += 1
        tenths = min(30, 30 * self.done // self.total)
        if self.terminal and tenths != self.shown:
            self.shown = tenths
            bar = "█" * tenths + "·" * (30 - tenths)
            print(f"\r{self.what} {bar} {detail:<32.32}", end="", file=sys.stderr, flush=True)

    def say(self, line: str) -> None:
        if self.terminal:
            print(f"\r{line:<79.79}", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        if self.terminal:
            print("\r" + " " * 79 + "\r", end="", file=sys.stderr, flush=True)
