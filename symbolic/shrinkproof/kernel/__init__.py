"""The trusted part: terms, their normal forms, and the rules that make theorems."""

from shrinkproof.kernel.rules import (
    ProofError,
    Step,
    Theorem,
    assume,
    assumptions,
    cases,
    combine,
    cut,
    expect,
    generalise,
    induct,
    instantiate,
    integrate,
    rewrite,
    specialise,
    unfold,
)
from shrinkproof.kernel.term import Term, TermError

__all__ = [
    "ProofError",
    "Step",
    "Term",
    "TermError",
    "Theorem",
    "assume",
    "assumptions",
    "cases",
    "combine",
    "cut",
    "expect",
    "generalise",
    "induct",
    "instantiate",
    "integrate",
    "rewrite",
    "specialise",
    "unfold",
]
