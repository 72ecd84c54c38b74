"""What to put into a paper: a theorem environment, BibTeX entries, or the same as data."""

from __future__ import annotations

from shrinkproof.export import certificate
from shrinkproof.export.document import render_statement
from shrinkproof.library import Result
from shrinkproof.output import as_json
from shrinkproof.version import __version__

PAPER_KEY, SOFTWARE_KEY = "yun2025slow", "shrinkproof"

PAPER = f"""@misc{{{PAPER_KEY},
  author        = {{Vincent-Daniel Yun}},
  title         = {{Why Does Stochastic Gradient Descent Slow Down in Low-Precision Training?}},
  year          = {{2025}},
  eprint        = {{2508.07142}},
  archivePrefix = {{arXiv}},
  primaryClass  = {{cs.LG}},
  note          = {{Version 1: SGD Convergence under Stepsize Shrinkage in Low-Precision Training}}
}}"""


def digest(result: Result) -> str:
    return certificate.digest(certificate.export(result.statement, result.prove()))


def software(result: Result) -> str:
    return f"""@software{{{SOFTWARE_KEY},
  author  = {{{{The shrinkproof developers}}}},
  title   = {{shrinkproof: machine-checked convergence of {{SGD}} with low-precision gradients}},
  year    = {{2026}},
  version = {{{__version__}}},
  note    = {{{result.label} ({result.id}), certificate SHA-256 {digest(result)}}}
}}"""


def citation(result: Result, fmt: str) -> str:
    """The citation of a result as "latex", "bibtex" or "json"."""
    if fmt == "bibtex":
        return f"{software(result)}\n\n{PAPER}"
    if fmt == "json":
        return as_json(
            {
                "id": result.id,
                "label": result.label,
                "title": result.title,
                "version": __version__,
                "digest": digest(result),
                "latex": render_statement(result.statement, "latex"),
                "bibtex": f"{software(result)}\n\n{PAPER}",
            }
        )
    return "\n".join(
        [
            f"% {result.label} ({result.id}) of shrinkproof {__version__}.",
            f"% Verified; certificate SHA-256 {digest(result)}",
            "% Needs amsmath, amssymb, amsthm and \\newtheorem{theorem}{Theorem}.",
            render_statement(result.statement, "latex").rstrip(),
            f"% Cite as \\cite{{{SOFTWARE_KEY}}}; for its setting, \\cite{{{PAPER_KEY}}}.",
        ]
    )
