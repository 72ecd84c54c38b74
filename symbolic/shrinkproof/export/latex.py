"""LaTeX around formulas: for notebooks, and a document that compiles by itself."""

from __future__ import annotations

from shrinkproof.export.printer import latex
from shrinkproof.kernel.term import Term

PREAMBLE = r"""\documentclass[11pt]{article}
\usepackage[utf8]{inputenc}
\usepackage[a4paper,margin=28mm]{geometry}
\usepackage{amsmath,amssymb,amsthm}
\allowdisplaybreaks
\emergencystretch=4em
\newtheorem{theorem}{Theorem}
"""


def display(term: Term) -> str:
    """The term for a notebook: inline math set as a display."""
    return rf"$\displaystyle {latex(term)}$"


def latex_document(body: str) -> str:
    """A document with that body, for pdflatex."""
    return f"{PREAMBLE}\\begin{{document}}\n{body.strip()}\n\\end{{document}}\n"
