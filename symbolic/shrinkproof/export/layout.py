"""Long formulas on several lines, broken where a mathematician would break them.

Lines are broken before a relation and before the + and - of sums, at the least depth of nesting
that makes every line fit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from shrinkproof.export.binders import legible
from shrinkproof.export.looks import LATEX, TEXT, Style
from shrinkproof.export.printer import BREAKS, marked, sides
from shrinkproof.kernel.term import Term

INDENT = 4  # of a continuation line in text, in characters


def lines(term: Term, style: Style, width: int) -> list[str]:
    """The term on one line or more; in LaTeX, a relation's lines have alignment points ``&``.

    ``width`` is in characters of text; in LaTeX, in about the width of a letter.  A sum without a
    break that helps is left too long.
    """
    term = legible(term)
    if term.op not in ("le", "lt", "eq", "veq"):
        return _continued(_filled(marked(term, style), style, width - INDENT, width), style)
    name, left, right = sides(term)
    sign = style.forms[name].template.replace("%s", "").strip()
    start = f"{marked(left, style)} {_aligned(style)}{sign} "
    if _width(start, style) <= width / 2 or _width(start + marked(right, style), style) <= width:
        rows = _filled(marked(right, style), style, width - INDENT, width - _width(start, style))
        return _continued([_plain(start) + rows[0], *rows[1:]], style)
    above = _filled(marked(left, style), style, width - INDENT, width)
    below = _filled(f"{sign} {marked(right, style)}", style, width - INDENT, width - INDENT)
    return _continued([_aligned(style) + above[0], *above[1:], *below], style)


def _aligned(style: Style) -> str:
    return "&" if style is LATEX else ""


def _continued(rows: Sequence[str], style: Style) -> list[str]:
    margin = r"&\quad " if style is LATEX else " " * INDENT
    return [rows[0], *(margin + row for row in rows[1:])]


def _plain(string: str) -> str:
    return re.sub(f"[{BREAKS}]", " ", string)


def _width(string: str, style: Style) -> float:
    """About how wide the string is set."""
    string = _plain(string)
    if style is TEXT:
        return len(string)
    string = re.sub(r"\\(?:mathbb|mathcal|mathrm|text|[bB]ig[lr]|frac)\b|[{}&]", "", string)
    string = re.sub(r"\\quad", "   ", string)
    string = re.sub(r"\\[A-Za-z]+", "m", string)
    small = sum(len(x) for x in re.findall(r"[_^]\S", string))
    signs = len(re.findall(r" [-+<=m] ", string))
    return len(string.replace(" ", "")) - small / 2 + 2 * signs


def _filled(string: str, style: Style, width: float, first: float) -> list[str]:
    """The string cut at breaks of the least depth at which all of it fits."""
    rows = [string]
    for depth in range(1, len(BREAKS) + 1):
        rows = _greedy(re.split(f"(?=[{BREAKS[:depth]}])", string), style, width, first)
        if all(_width(r, style) <= (width if i else first) for i, r in enumerate(rows)):
            break
    return [_plain(row).strip() for row in rows]


def _greedy(pieces: Sequence[str], style: Style, width: float, first: float) -> list[str]:
    rows = [pieces[0]]
    for piece in pieces[1:]:
        room = width if len(rows) > 1 else first
        if _width(rows[-1] + piece, style) <= room:
            rows[-1] += piece
        else:
            rows.append(piece)
    return rows
