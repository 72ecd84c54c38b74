"""Terms as a mathematician writes them: one traversal, and two tables of looks.

The traversal decides what is shown: a minus sign, a fraction, a squared norm, a conditional
expectation; ``looks`` says how.  Stages: ``past_k``, in LaTeX ``\\mathcal{F}_k``, is everything up
to w_k, and ``sample_k``, in LaTeX ``\\xi_k``, the sample of step k; an E given neither is over the
whole process.

A sum carries a private character at each place where its line may be broken, one character per
depth of nesting.  ``layout`` uses them; ``text`` and ``latex`` put spaces there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from shrinkproof.export.binders import legible
from shrinkproof.export.looks import (
    ATOM,
    BIG,
    FACTOR,
    LATEX,
    PRODUCT,
    QUANTIFIED,
    SUM,
    TEXT,
    Style,
)
from shrinkproof.kernel.normal import START
from shrinkproof.kernel.term import Term, make, subterms

Rendered = tuple[str, int]  # a string and its level
Quotient = tuple[list[Term], list[Term]]  # numerators and denominators

BREAKS = "".join(map(chr, range(0xE000, 0xE008)))
_DEEPER = str.maketrans(BREAKS, BREAKS[1:] + BREAKS[-1])
_SPACES = str.maketrans(BREAKS, " " * len(BREAKS))

# Symbols that are squares by name.
SQUARES = {"sigma2": "sigma", "tau2": "tau", "eta2": "eta", "D2": "D"}
NAMES = {"gap": "delta_0"}  # abbreviations that have a symbol of their own
_MIRRORED = {"le": "ge", "lt": "gt"}


def text(term: Term) -> str:
    """The term in Unicode, on one line."""
    return marked(term, TEXT).translate(_SPACES)


def latex(term: Term) -> str:
    """The term in LaTeX, for math mode with amsmath."""
    return marked(term, LATEX).translate(_SPACES)


def marked(term: Term, style: Style) -> str:
    """The term with characters of BREAKS wherever its line may be broken, deeper ones later."""
    return _Printer(style).at(legible(term), QUANTIFIED)


def abbreviations(term: Term) -> tuple[tuple[str, Term], ...]:
    """The abbreviations that a reader of the term meets, as (name, body), each once, in order."""
    found: dict[tuple[str, Term], None] = {}
    for t in subterms(term):
        if t.op == "named":
            found[t[1], t[2]] = None
    return tuple(found)


def quantifiers(prop: Term) -> tuple[tuple[Term, ...], Term]:
    """The outermost quantified variables, with the proposition inside."""
    variables = []
    prop = legible(prop)
    while prop.op == "forall":
        variables.append(prop[1])
        prop = prop[2]
    return tuple(variables), prop


def sides(prop: Term) -> tuple[str, Term, Term]:
    """How a relation is read: its form, and what stands on either side (0 on the right)."""
    op, left, right = prop
    if op in _MIRRORED and left == make("rat", 0, 1):
        return _MIRRORED[op], right, left
    return "eq" if op == "veq" else op, left, right


def _addends(t: Term) -> Iterator[Term]:
    """The terms of a sum; k + 1 used as a number is a sum too."""
    if t.op in ("add", "vadd"):
        for x in t.args:
            yield from _addends(x)
    elif t.op == "num" and t[1][1] and t[1][2]:
        yield make("num", make("ix", t[1][1], 0))
        yield make("rat", t[1][2], 1)
    else:
        yield t


def _factors(t: Term) -> Iterator[Term]:
    if t.op in ("mul", "scale"):
        for x in t.args:
            yield from _factors(x)
    else:
        yield t


def _quotients(t: Term) -> tuple[int, list[Quotient]]:
    """A product as an integer times fractions, each with the denominators written after it.

    L / 2 * x is (L/2) x, and 2 * a / b / c is 2a/(b c): factors stay where their author put them.
    """
    whole = 1
    found: list[Quotient] = [([], [])]
    for x in _factors(t):
        if x.op == "rat":
            whole *= x[1]
            if x[2] != 1:
                found[-1][1].append(make("rat", x[2], 1))
        elif x.op == "recip":
            found[-1][1].append(x[1])
        elif x.op == "pow" and x[1].op == "recip":
            found[-1][1].append(make("pow", x[1][1], x[2]))
        else:
            if found[-1][1]:
                found.append(([], []))
            found[-1][0].append(x)
    return whole, found


def _sized(template: str, inside: str) -> str:
    """The template with delimiters as large as what they enclose asks for."""
    big = any(x in inside for x in (r"\sum", r"\prod"))
    tall = r"\\bigg\1" if big else r"\\Big\1" if r"\frac" in inside else ""
    nested = r"\\big\1" if any(x in inside for x in "([") else ""
    template = re.sub(r"\\big([lr])", tall or nested, template)
    return re.sub(r"\\Big([lr])", tall, template)


class _Printer:
    """One method per operator, each returning what it wrote and at which level."""

    def __init__(self, style: Style) -> None:
        self.style = style

    def at(self, t: Term, level: int) -> str:
        """The term, in parentheses where its own level is lower."""
        return self._fenced(self.render(t), level)

    def render(self, t: Term) -> Rendered:
        if t.op in ("add", "vadd"):
            return self._added(list(_addends(t)))
        if t.op in ("mul", "scale", "rat", "recip"):
            return self._signed(t)
        if t.op in ("le", "lt", "eq", "veq"):
            return self._relation(t)
        return getattr(self, f"_{t.op}")(t)  # type: ignore[no-any-return]

    def _fenced(self, rendered: Rendered, level: int) -> str:
        string, own = rendered
        return string if own >= level else self._fill("paren", string)[0]

    def _fill(self, name: str, *arguments: Term | str) -> Rendered:
        form = self.style.forms[name]
        parts = [
            x if type(x) is str else self.at(x, level)  # type: ignore[arg-type]
            for x, level in zip(arguments, form.wants, strict=True)
        ]
        filled = _sized(form.template, "".join(parts)) % tuple(parts)
        if form.whole:
            filled = filled.translate(_SPACES)
        return (filled.translate(_DEEPER) if form.level >= BIG else filled), form.level

    # sums and products

    def _added(self, addends: list[Term]) -> Rendered:
        if not addends:
            return "0", ATOM
        written = ""
        for i, x in enumerate(addends):
            negative, body = self._split_sign(x)
            if i:
                written += f"{BREAKS[0]}{'-' if negative else '+'} "
            elif negative:
                written += "-"
            written += self._fenced(body, BIG)
        return written, SUM

    def _split_sign(self, t: Term) -> tuple[bool, Rendered]:
        if t.op not in ("mul", "scale", "rat", "recip"):
            return False, self.render(t)
        whole, quotients = _quotients(t)
        items: list[Rendered] = []
        for i, (above, below) in enumerate(quotients):
            numerators = [self.render(x) for x in above]
            if i == 0 and abs(whole) != 1:
                numerators.insert(0, (str(abs(whole)), ATOM))
            if below:
                wants = self.style.forms["fraction"].wants[0]
                top = self._fenced(self._juxtaposed(numerators), wants)
                bottom = below[0] if len(below) == 1 else make("mul", *below)
                items.append(self._fill("fraction", top, bottom))
            else:
                items += numerators
        return whole < 0, self._juxtaposed(items)

    def _signed(self, t: Term) -> Rendered:
        negative, body = self._split_sign(t)
        return (f"-{self._fenced(body, BIG)}", SUM) if negative else body

    def _juxtaposed(self, items: list[Rendered]) -> Rendered:
        """Factors side by side; only the last may be a big operator, which reaches to the end."""
        if len(items) < 2:
            return items[0] if items else ("1", ATOM)
        parts = [self._fenced(x, FACTOR) for x in items[:-1]]
        level = items[-1][1]
        parts.append(self._fenced(items[-1], BIG if level == BIG else FACTOR))
        written = parts[0]
        for part in parts[1:]:
            written += self._between(written, part) + part
        return written, BIG if level == BIG else PRODUCT

    def _between(self, left: str, right: str) -> str:
        if left.isdigit() and right[0].isdigit():
            return self.style.times
        apart = right[0] in "([" or right.startswith(("max", "Σ", "Π"))
        return "" if self.style is TEXT and left.isdigit() and not apart else " "

    def _pow(self, t: Term) -> Rendered:
        root = self._root(t[1])
        base, exponent = (self.at(t[1], ATOM), t[2]) if root is None else (root, 2 * t[2])
        return base + self._raised(str(exponent)), FACTOR

    def _power(self, t: Term) -> Rendered:
        return self.at(t[1], ATOM) + self._raised(self._position(t[2])), FACTOR

    def _raised(self, exponent: str) -> str:
        if exponent.isdigit() and self.style.raised:
            return exponent.translate(self.style.raised)
        return f"^{exponent}" if len(exponent) == 1 else self.style.exponent % exponent

    def _root(self, t: Term) -> str | None:
        """The thing whose square t is, where t is written as a square: a norm, sigma."""
        if t.op == "inner" and t[1] == t[2]:
            return self._fill("norm", t[1])[0]
        if t.op in ("sym", "at", "named") and t[1] in SQUARES:
            return self._name(SQUARES[t[1]], self._position(t[4]) if t.op == "at" else "")[0]
        return None

    def _square_or(self, t: Term, otherwise: Rendered) -> Rendered:
        root = self._root(t)
        return otherwise if root is None else (root + self._raised("2"), FACTOR)

    # names

    def _sym(self, t: Term) -> Rendered:
        return self._square_or(t, self._name(t[1]))

    _named = _sym

    def _at(self, t: Term) -> Rendered:
        return self._square_or(t, self._name(t[1], self._position(t[4])))

    def _name(self, name: str, position: str = "") -> Rendered:
        """A symbol: Greek letters, mu0 and q_min with subscripts, F_star with a star."""
        if name.startswith("["):
            label = name[1:-1]
            return (name, ATOM) if label.isdigit() else self._fill("label", label)
        head, *rest = NAMES.get(name, name).split("_")
        letters, digits = re.fullmatch(r"(\D*)(\d*)", head).groups()  # type: ignore[union-attr]
        written = self._word(letters)
        written = self.style.bar % written if "bar" in rest else written
        below = [digits, *(self._word(x) for x in rest if x not in ("star", "bar")), position]
        written += self._subscript(",".join(x for x in below if x))
        return (written + self.style.star, FACTOR) if "star" in rest else (written, ATOM)

    def _word(self, word: str) -> str:
        if word in self.style.letters:
            return self.style.letters[word]
        return word if len(word) == 1 or not word.isalpha() else self.style.word % word

    def _subscript(self, below: str) -> str:
        bare = len(below) == 1 or (self.style is TEXT and below.isalnum())
        return f"_{below}" if bare else f"_{{{below}}}" if below else ""

    def _position(self, i: Term) -> str:
        """An index, as a subscript or exponent has it."""
        if not i[1]:
            return str(i[2])
        return self._name(i[1])[0] + (f"+{i[2]}" if i[2] else "")

    def _ix(self, t: Term) -> Rendered:
        return self._num(make("num", t))

    def _num(self, t: Term) -> Rendered:
        if t[1][1] and t[1][2]:
            return self._added(list(_addends(t)))
        return self._position(t[1]), ATOM

    def _zero(self, _: Term) -> Rendered:
        return "0", ATOM

    # functions, expectations, big operators

    def _value(self, t: Term) -> Rendered:
        return self._fill(t.op, self._name(t[1])[0], t[2])

    _grad = _value

    def _inner(self, t: Term) -> Rendered:
        return self._square_or(t, ("", 0)) if t[1] == t[2] else self._fill("inner", t[1], t[2])

    def _oracle(self, t: Term) -> Rendered:
        position = self._subscript(self._position(t[2]))
        return self._fill("oracle", self._name(t[1])[0], t[3], position)

    def _max(self, t: Term) -> Rendered:
        return self._fill("max", t[1], t[2])

    def _sqrt(self, t: Term) -> Rendered:
        return self._fill("sqrt", t[1])

    def _mean(self, t: Term) -> Rendered:
        return self._fill("total", t[2]) if t[1] == START else self._fill("mean", t[2], t[1])

    _vmean = _mean

    def _stage(self, t: Term) -> Rendered:
        position = self._subscript(self._position(t[1]))
        return self._fill("sample", position, position) if t[2] else self._fill("past", position)

    def _prod(self, t: Term) -> Rendered:
        _, variable, length, body = t
        style = self.style if length[1] or length[2] else TEXT  # an empty range has no last index
        end = self._position(length)
        if style.last:
            before = make("ix", length[1], max(length[2] - 1, 0))
            end = self._position(before) if length[2] else f"{end}-1"
        return self._fill(t.op, style.limits % (self._name(variable)[0], end), body)

    _sum = _prod

    # propositions

    def _relation(self, t: Term) -> Rendered:
        return self._fill(*sides(t))

    def _forall(self, t: Term) -> Rendered:
        variables, prop = quantifiers(t)
        return self._fill("forall", self.listed(variables), prop)

    def listed(self, terms: Iterable[Term]) -> str:
        return ", ".join(self.at(x, SUM) for x in terms)
