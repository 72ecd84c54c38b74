"""How terms look: the forms of every operator, once in Unicode text and once in LaTeX.

A form has a level of its own and wants a level of each argument; an argument below what is wanted
is put in parentheses.  That is all that ``printer`` knows of a style.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

QUANTIFIED, RELATION, SUM, BIG, PRODUCT, FACTOR, ATOM = range(7)


@dataclass(frozen=True)
class Form:
    """A template, the level that each argument must have, and the level of the whole.

    Delimiters after \\Bigl and \\Bigr are that large around what is tall and plain otherwise; those
    after \\bigl and \\bigr take a size between around what has parentheses of its own.  Nothing
    inside a form that is ``whole`` may be carried over to the next line.
    """

    template: str
    wants: tuple[int, ...]
    level: int = ATOM
    whole: bool = False


@dataclass(frozen=True)
class Style:
    """The looks of every form and of every part of a name."""

    forms: Mapping[str, Form]
    letters: Mapping[str, str]  # Greek letters and named subscripts
    word: str  # several letters that are one name
    bar: str
    star: str
    times: str  # between two numerals
    limits: str  # of a sum or product over a variable
    last: bool  # whether the upper limit is the last index, or the first one left out
    exponent: str
    raised: Mapping[int, int]  # digits that have glyphs of their own as exponents


GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "eps": "ε", "epsilon": "ϵ",
    "eta": "η", "theta": "θ", "kappa": "κ", "lam": "λ", "mu": "μ", "nu": "ν", "xi": "ξ",
    "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "omega": "ω", "Delta": "Δ", "Phi": "Φ",
}  # fmt: skip

TEXT = Style(
    forms={
        "paren": Form("(%s)", (QUANTIFIED,)),
        "norm": Form("‖%s‖", (SUM,)),
        "inner": Form("⟨%s, %s⟩", (SUM, SUM)),
        "value": Form("%s(%s)", (ATOM, SUM)),
        "grad": Form("∇%s(%s)", (ATOM, SUM)),
        "oracle": Form("%s(%s; ξ%s)", (ATOM, SUM, ATOM)),
        "total": Form("E[%s]", (SUM,)),
        "mean": Form("E[%s | %s]", (SUM, ATOM)),
        "past": Form("past%s", (ATOM,)),
        "sample": Form("past%s, sample%s", (ATOM, ATOM)),
        "max": Form("max(%s, %s)", (SUM, SUM)),
        "sqrt": Form("√%s", (ATOM,), FACTOR),
        "fraction": Form("%s/%s", (PRODUCT, FACTOR), PRODUCT),
        "sum": Form("Σ%s %s", (ATOM, BIG), BIG),
        "prod": Form("Π%s %s", (ATOM, BIG), BIG),
        "le": Form("%s ≤ %s", (SUM, SUM), RELATION),
        "lt": Form("%s < %s", (SUM, SUM), RELATION),
        "ge": Form("%s ≥ %s", (SUM, SUM), RELATION),
        "gt": Form("%s > %s", (SUM, SUM), RELATION),
        "eq": Form("%s = %s", (SUM, SUM), RELATION),
        "forall": Form("for all %s: %s", (ATOM, QUANTIFIED), QUANTIFIED),
        "label": Form("[%s]", (ATOM,)),
    },
    letters=GREEK,
    word="%s",
    bar="%s\u0304",
    star="*",
    times=" · ",
    limits="_{%s<%s}",
    last=False,
    exponent="^(%s)",
    raised=str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"),
)
LATEX = Style(
    forms={
        "paren": Form(r"\bigl(%s\bigr)", (QUANTIFIED,)),
        "norm": Form(r"\Bigl\lVert %s \Bigr\rVert", (SUM,)),
        "inner": Form(r"\Bigl\langle %s, %s \Bigr\rangle", (SUM, SUM)),
        "value": Form(r"%s\bigl(%s\bigr)", (ATOM, SUM)),
        "grad": Form(r"\nabla %s\bigl(%s\bigr)", (ATOM, SUM)),
        "oracle": Form(r"%s\bigl(%s; \xi%s\bigr)", (ATOM, SUM, ATOM)),
        "total": Form(r"\mathbb{E}\bigl[%s\bigr]", (SUM,)),
        "mean": Form(r"\mathbb{E}\bigl[%s \mid %s\bigr]", (SUM, ATOM)),
        "past": Form(r"\mathcal{F}%s", (ATOM,)),
        "sample": Form(r"\mathcal{F}%s, \xi%s", (ATOM, ATOM)),
        "max": Form(r"\max\bigl(%s, %s\bigr)", (SUM, SUM)),
        "sqrt": Form(r"\sqrt{%s}", (SUM,), whole=True),
        "fraction": Form(r"\frac{%s}{%s}", (SUM, SUM), FACTOR, whole=True),
        "sum": Form(r"\sum%s %s", (ATOM, BIG), BIG),
        "prod": Form(r"\prod%s %s", (ATOM, BIG), BIG),
        "le": Form(r"%s \le %s", (SUM, SUM), RELATION),
        "lt": Form(r"%s < %s", (SUM, SUM), RELATION),
        "ge": Form(r"%s \ge %s", (SUM, SUM), RELATION),
        "gt": Form(r"%s > %s", (SUM, SUM), RELATION),
        "eq": Form(r"%s = %s", (SUM, SUM), RELATION),
        "forall": Form(r"\text{for all } %s\colon %s", (ATOM, QUANTIFIED), QUANTIFIED),
        "label": Form(r"[\text{%s}]", (ATOM,)),
    },
    letters={name: "\\" + name for name in (*GREEK, "min", "max", "inf")}
    | {"eps": r"\varepsilon", "lam": r"\lambda", "·": r"\cdot"},
    word=r"\mathrm{%s}",
    bar=r"\bar{%s}",
    star=r"^\star",
    times=r" \cdot ",
    limits="_{%s=0}^{%s}",
    last=True,
    exponent="^{%s}",
    raised={},
)
