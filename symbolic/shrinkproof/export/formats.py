"""Words and formulas as text, as LaTeX and as Markdown."""

from __future__ import annotations

import re
import textwrap
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shrinkproof.export.layout import lines
from shrinkproof.export.looks import LATEX, TEXT
from shrinkproof.export.printer import latex, text
from shrinkproof.export.wording import Words
from shrinkproof.kernel.term import Term

TEXT_WIDTH = 88
LATEX_WIDTH = 70  # letters of 11 points on a line of the list in latex.PREAMBLE
_NO_BREAK = "\u00a0"
_LATEX_SPECIAL = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


@dataclass(frozen=True)
class Display:
    """A formula on a line of its own, with the punctuation after it."""

    term: Term
    end: str = ""


Block = Words | Display


@dataclass(frozen=True)
class Item:
    """One entry of a list, under a label; without one it has a bullet."""

    label: str
    blocks: tuple[Block, ...]


class Format(ABC):
    """How a document's parts are written."""

    @abstractmethod
    def escaped(self, words: str) -> str: ...

    @abstractmethod
    def math(self, term: Term, value: Term | None = None) -> str:
        """A formula within a line; with a value, the putting of it for the symbol."""

    @abstractmethod
    def display(self, display: Display, margin: str) -> str: ...

    @abstractmethod
    def listed(self, items: Sequence[Item]) -> str: ...

    @abstractmethod
    def statement(self, label: str, title: str, name: str, body: str) -> str: ...

    @abstractmethod
    def proof(self, label: str, title: str, body: str) -> str: ...

    def words(self, words: Words) -> str:
        return "".join(
            self.escaped(w)
            if isinstance(w, str)
            else self.math(w)
            if isinstance(w, Term)
            else self.math(*w)
            for w in words
        )

    def paragraph(self, blocks: Iterable[Block], margin: str = "", first: str | None = None) -> str:
        """Blocks under each other, each line after ``margin``, the first one after ``first``."""
        start = margin if first is None else first
        written = []
        for block in blocks:
            if isinstance(block, Display):
                written.append(self.display(block, margin))
            else:
                written.append(self._wrapped(block, margin, start))
            start = margin
        return self._stacked(written)

    def _wrapped(self, words: Words, margin: str, start: str) -> str:
        return start + self.words(words).rstrip()

    def _stacked(self, written: Sequence[str]) -> str:
        return "\n".join(written)


class Text(Format):
    """Unicode, at most 88 columns where formulas allow it."""

    def escaped(self, words: str) -> str:
        return words

    def math(self, term: Term, value: Term | None = None) -> str:
        written = text(term) if value is None else f"{text(term)} := {text(value)}"
        return written.replace(" ", _NO_BREAK)

    def display(self, display: Display, margin: str) -> str:
        inner = margin + " " * 4
        rows = lines(display.term, TEXT, TEXT_WIDTH - len(inner))
        return "\n".join(inner + row for row in rows) + display.end

    def _wrapped(self, words: Words, margin: str, start: str) -> str:
        wrapped = textwrap.fill(
            self.words(words),
            TEXT_WIDTH,
            initial_indent=start,
            subsequent_indent=margin,
            break_long_words=False,
            break_on_hyphens=False,
        )
        return wrapped.replace(_NO_BREAK, " ")

    def listed(self, items: Sequence[Item]) -> str:
        wide = max((len(i.label) for i in items), default=0)
        margin = " " * (wide + 2 if wide else 4)
        return "\n".join(
            self.paragraph(i.blocks, margin, f"{i.label:>{wide}}  " if wide else "  - ")
            for i in items
        )

    def statement(self, label: str, title: str, name: str, body: str) -> str:
        return f"{label}. {title}\n\n{body}\n"

    def proof(self, label: str, title: str, body: str) -> str:
        return f"Proof of {label}, {title}\n\n{body}\n"


def _inline_math(term: Term, value: Term | None) -> str:
    """Fractions and sums are small within a line, and so are the delimiters around them."""
    written = latex(term) if value is None else f"{latex(term)} := {latex(value)}"
    smaller = re.sub(r"\\[bB]igg?([lr])", r"\\big\1", written)
    return f"${smaller}$"


class Latex(Format):
    """For amsmath and amsthm, with an environment ``theorem``."""

    def escaped(self, words: str) -> str:
        return re.sub(r"[\\~^&%$#_{}]", lambda m: _LATEX_SPECIAL.get(m[0], "\\" + m[0]), words)

    def math(self, term: Term, value: Term | None = None) -> str:
        # TeX would break a line after a bar, which is a relation to it.
        return _inline_math(term, value).replace(r"\mid", r"\mid\nobreak")

    def display(self, display: Display, margin: str) -> str:
        rows = lines(display.term, LATEX, LATEX_WIDTH)
        if len(rows) == 1:
            return f"{margin}\\[ {rows[0].replace('&', '')}{display.end} \\]"
        if "&" not in rows[0]:
            rows[0] = "&" + rows[0]
        body = f" \\\\\n{margin}  ".join(rows)
        return f"{margin}\\begin{{align*}}\n{margin}  {body}{display.end}\n{margin}\\end{{align*}}"

    def listed(self, items: Sequence[Item]) -> str:
        entries = [
            self.paragraph(
                i.blocks, "  ", rf"  \item[{self.escaped(i.label)}] " if i.label else r"  \item "
            )
            for i in items
        ]
        return "\n".join([r"\begin{itemize}", *entries, r"\end{itemize}"])

    def statement(self, label: str, title: str, name: str, body: str) -> str:
        head = f"{self.escaped(title)} ({self.escaped(label)})"
        return f"\\begin{{theorem}}[{head}]\\label{{{name}}}\n{body}\n\\end{{theorem}}\n"

    def proof(self, label: str, title: str, body: str) -> str:
        head = f"Proof of {self.escaped(label)}"
        if body.startswith(r"\begin{itemize}"):
            body = "\\leavevmode\n" + body  # or the first label joins the heading
        end = "\n\\end{itemize}"
        if body.endswith(end):
            body = body.removesuffix(end) + r" \qedhere" + end
        return f"\\begin{{proof}}[{head}]\n{body}\n\\end{{proof}}\n"


class Markdown(Format):
    """With $...$ and $$...$$.

    A backslash before punctuation, as in \\\\ or \\, , is lost in some renderers; none is written
    outside words.
    """

    def escaped(self, words: str) -> str:
        return re.sub(r"([\\*_<>`\[\]|$])", r"\\\1", words)

    def math(self, term: Term, value: Term | None = None) -> str:
        return _inline_math(term, value)

    def display(self, display: Display, margin: str) -> str:
        rows = lines(display.term, LATEX, LATEX_WIDTH)
        if len(rows) == 1:
            body = rows[0].replace("&", "") + display.end
        else:
            rows[0] = rows[0] if "&" in rows[0] else "&" + rows[0]
            joint = f" \\cr\n{margin}"
            aligned = (r"\begin{aligned}", joint.join(rows) + display.end, r"\end{aligned}")
            body = f"\n{margin}".join(aligned)
        return f"{margin}$$\n{margin}{body}\n{margin}$$"

    def _stacked(self, written: Sequence[str]) -> str:
        return "\n\n".join(written)

    def listed(self, items: Sequence[Item]) -> str:
        return "\n\n".join(
            self.paragraph(i.blocks, "", f"**{i.label}** ")
            if i.label
            else self.paragraph(i.blocks, "  ", "- ")
            for i in items
        )

    def statement(self, label: str, title: str, name: str, body: str) -> str:
        return f"### {self.escaped(label)}. {self.escaped(title)}\n\n{body}\n"

    def proof(self, label: str, title: str, body: str) -> str:
        return f"#### Proof of {self.escaped(label)}\n\n{body}\n"


FORMATS: dict[str, Format] = {"text": Text(), "latex": Latex(), "markdown": Markdown()}
