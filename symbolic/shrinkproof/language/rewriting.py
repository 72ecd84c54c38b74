"""Terms with a part exchanged for another: untrusted, the result is a term like any other.

``kernel.term.substitute`` puts terms for free symbols and respects what is bound; these exchange
whatever is there, bound or not, and so make weakenings, variants and unfolded goals.
"""

from __future__ import annotations

from collections.abc import Callable

from shrinkproof.kernel.term import Term, make


def exchange(t: Term, change: Callable[[Term], Term | None]) -> Term:
    """t with ``change(x)`` for each outermost subterm x for which it is not None."""
    new = change(t)
    if new is not None:
        return new
    return make(t[0], *(exchange(x, change) if isinstance(x, Term) else x for x in t.args))


def put(t: Term, old: Term, new: Term) -> Term:
    """t with ``new`` in every place where ``old`` stands."""
    return exchange(t, lambda x: new if x == old else None)
