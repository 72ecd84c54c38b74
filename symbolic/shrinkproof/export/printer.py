"""Terms as a mathematician writes them: one traversal, and two tables of looks.

``text(t)`` gives Unicode, ``latex(t)`` LaTeX for amsmath.  The traversal decides what is shown (a
minus sign, a fraction, a squared norm); a ``Style`` decides how.  Parentheses come from levels: a
form has a level of its own and wants a level of each argument, and an argument below it is fenced.

Inside, a sum is written with a private character at each place where a line may be broken, one
character per depth of nesting.  ``layout`` uses them; ``text`` and ``latex`` print spaces there.

Stages: what ``past_k`` and ``\\mathcal{F}_k`` determine is everything up to w_k; the sample of step
k is ``sample_k``, in LaTeX ``\\xi_k``.  Given no stage, E is the expectation over the whole process.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from shrinkproof.kernel.normal import START
from shrinkproof.kernel.term import SCALAR, VECTOR, Term, bound, lift, make, substitute, subterms

QUANTIFIED, RELATION, SUM, BIG, PRODUCT, FACTOR, ATOM = range(7)
DEEPEST = 7
BREAKS = "".join(chr(0xE000 + depth) for depth in range(DEEPEST + 1))
_DEEPER = str.maketrans(BREAKS, BREAKS[1:] + BREAKS[-1])
_SPACES = str.maketrans(BREAKS, " " * len(BREAKS))

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "eps": "ε", "eta": "η", "theta": "θ",
    "kappa": "κ", "lam": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "rho": "ρ", "sigma": "σ",
    "tau": "τ", "phi": "φ", "omega": "ω", "Delta": "Δ", "Phi": "Φ",
}  # fmt: skip
SQUARES = {"sigma2": "sigma", "tau2": "tau", "D2": "D"}  # symbols that are squares by name
NAMES = {"gap": "delta_0"}  # abbreviations that are words
LETTERS = {"index": "ijlmnpr", VECTOR: "xyzuv", SCALAR: "strab"}  # for the kernel's own binders


@dataclass(frozen=True)
class Form:
    """A template, the level that each argument must have, and the level of the whole."""

    template: str
    wants: tuple[int, ...]
    level: int = ATOM


@dataclass(frozen=True)
class Style:
    """The looks of every form; delimiters after \\Bigl and \\Bigr grow with what they enclose."""

    forms: Mapping[str, Form]
    letters: Mapping[str, str]  # Greek letters and named subscripts
    word: str  # a subscript of several letters
    bar: str
    star: str
    superscript: Mapping[int, str] | None  # how digits are raised, where they have their own glyphs
    exponent: str


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
        "fraction": Form("%s/%s", (PRODUCT, FACTOR), PRODUCT),
        "sum": Form("Σ_{%s<%s} %s", (ATOM, ATOM, BIG), BIG),
        "prod": Form("Π_{%s<%s} %s", (ATOM, ATOM, BIG), BIG),
        "le": Form("%s ≤ %s", (SUM, SUM), RELATION),
        "lt": Form("%s < %s", (SUM, SUM), RELATION),
        "ge": Form("%s ≥ %s", (SUM, SUM), RELATION),
        "gt": Form("%s > %s", (SUM, SUM), RELATION),
        "eq": Form("%s = %s", (SUM, SUM), RELATION),
        "forall": Form("for all %s: %s", (ATOM, QUANTIFIED), QUANTIFIED),
        "label": Form("[%s]", (ATOM,)),
    },
    letters=GREEK | {"·": "·"},
    word="%s",
    bar="%s\u0304",
    star="*",
    superscript=str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"),
    exponent="^(%s)",
)
LATEX = Style(
    forms={
        "paren": Form(r"\Bigl(%s\Bigr)", (QUANTIFIED,)),
        "norm": Form(r"\Bigl\lVert %s \Bigr\rVert", (SUM,)),
        "inner": Form(r"\Bigl\langle %s, %s \Bigr\rangle", (SUM, SUM)),
        "value": Form(r"%s\Bigl(%s\Bigr)", (ATOM, SUM)),
        "grad": Form(r"\nabla %s\Bigl(%s\Bigr)", (ATOM, SUM)),
        "oracle": Form(r"%s\Bigl(%s; \xi%s\Bigr)", (ATOM, SUM, ATOM)),
        "total": Form(r"\mathbb{E}\Bigl[%s\Bigr]", (SUM,)),
        "mean": Form(r"\mathbb{E}\Bigl[%s \mid %s\Bigr]", (SUM, ATOM)),
        "past": Form(r"\mathcal{F}%s", (ATOM,)),
        "sample": Form(r"\mathcal{F}%s, \xi%s", (ATOM, ATOM)),
        "max": Form(r"\max\Bigl(%s, %s\Bigr)", (SUM, SUM)),
        "fraction": Form(r"\frac{%s}{%s}", (SUM, SUM), FACTOR),
        "sum": Form(r"\sum_{%s=0}^{%s} %s", (ATOM, ATOM, BIG), BIG),
        "prod": Form(r"\prod_{%s=0}^{%s} %s", (ATOM, ATOM, BIG), BIG),
        "le": Form(r"%s \le %s", (SUM, SUM), RELATION),
        "lt": Form(r"%s < %s", (SUM, SUM), RELATION),
        "ge": Form(r"%s \ge %s", (SUM, SUM), RELATION),
        "gt": Form(r"%s > %s", (SUM, SUM), RELATION),
        "eq": Form(r"%s = %s", (SUM, SUM), RELATION),
        "forall": Form(r"\text{for all } %s\colon %s", (ATOM, QUANTIFIED), QUANTIFIED),
        "label": Form(r"[\text{%s}]", (ATOM,)),
    },
    letters={name: "\\" + name for name in GREEK}
    | {"eps": r"\varepsilon", "lam": r"\lambda", "·": r"\cdot"}
    | {name: "\\" + name for name in ("min", "max", "inf")},
    word=r"\mathrm{%s}",
    bar=r"\bar{%s}",
    star=r"^\star",
    superscript=None,
    exponent="^{%s}",
)
