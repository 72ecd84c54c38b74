"""A document as data, rendered to Markdown and to one self-contained HTML page.

Text is plain, apart from `code` in backticks.  HTML escapes everything else, embeds the pictures
and refers to nothing outside itself.
"""

from __future__ import annotations

import html
import re
from base64 import b64encode
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Heading:
    text: str
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    text: str


@dataclass(frozen=True, kw_only=True)
class Table:
    """rows: as many cells each as the header has; raises ValueError otherwise."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.header):
                raise ValueError(f"row {row}: expected {len(self.header)} cells")


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A PNG: its file name beside the document, its bytes, and a caption that says it in words."""

    file: str
    png: bytes
    caption: str


Block: TypeAlias = "Heading | Paragraph | Table | Picture"


@dataclass(frozen=True, kw_only=True)
class Document:
    title: str
    blocks: tuple[Block, ...]

    def markdown(self) -> str:
        """Markdown that refers to the pictures by their file names."""
        parts = [f"# {self.title}", *(_markdown(block) for block in self.blocks)]
        return "\n\n".join(parts) + "\n"

    def html(self) -> str:
        """One page with its style and pictures inside."""
        title = html.escape(self.title)
        body = "\n".join([f"<h1>{title}</h1>", *(_html(block) for block in self.blocks)])
        return _PAGE.format(title=title, style=_STYLE, body=body)


def _markdown(block: Block) -> str:
    match block:
        case Heading(text, level):
            return f"{'#' * level} {text}"
        case Paragraph(text):
            return text
        case Picture(file=file, caption=caption):
            return f"![{caption}]({file})"
        case Table(header=header, rows=rows):
            lines = [header, ("---",) * len(header), *rows]
            return "\n".join(f"| {' | '.join(_cell(x) for x in line)} |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", r"\|").replace("\n", " ")


def _html(block: Block) -> str:
    match block:
        case Heading(text, level):
            return f"<h{level}>{_inline(text)}</h{level}>"
        case Paragraph(text):
            return f"<p>{_inline(text)}</p>"
        case Picture(png=png, caption=caption):
            source = f"data:image/png;base64,{b64encode(png).decode('ascii')}"
            words = html.escape(caption.replace("`", ""))
            image = f'<img src="{source}" alt="{words}">'
            return f"<figure>{image}<figcaption>{_inline(caption)}</figcaption></figure>"
        case Table(header=header, rows=rows):
            head = _row(header, "th")
            body = "\n".join(_row(row, "td") for row in rows)
            table = f"<table><thead>{head}</thead><tbody>\n{body}\n</tbody></table>"
            return f'<div class="wide">{table}</div>'


def _row(cells: tuple[str, ...], tag: str) -> str:
    return f"<tr>{''.join(f'<{tag}>{_inline(cell)}</{tag}>' for cell in cells)}</tr>"


def _inline(text: str) -> str:
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", html.escape(text))


_STYLE = """
body { font: 16px/1.55 system-ui, sans-serif; color: #1b1f24; background: #fff;
  max-width: 62rem; margin: 2.5rem auto; padding: 0 1.25rem; }
h1 { font-size: 1.7rem; line-height: 1.25; }
h2 { font-size: 1.25rem; margin-top: 2.6rem; border-bottom: 1px solid #d5dae0;
  padding-bottom: .3rem; }
h3 { font-size: 1.05rem; margin-top: 1.8rem; }
code { font: .9em ui-monospace, monospace; background: #f1f3f5; padding: .08em .3em;
  border-radius: 3px; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .86rem; font-variant-numeric: tabular-nums;
  margin: .6rem 0 1.2rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; }
th { border-bottom: 2px solid #1b1f24; font-weight: 600; }
td { border-bottom: 1px solid #e6e9ed; }
figure { margin: 1.4rem 0; }
img { max-width: 100%; height: auto; }
figcaption { font-size: .88rem; color: #4a525b; }
"""

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
{body}
</body>
</html>
"""
