r"""The sector condition, coordinate by coordinate.

Label: RLc
Statement: $\text{for all } k\colon \langle Q_k - q_{\min} g_k, q_{\max} g_k - Q_k \rangle \ge 0$
Assumptions: In an orthonormal basis each coordinate of Q_k is that of g_k times a factor between
    q_min and q_max, written without the factor; factors differ between coordinates and steps, and
    may see the sample.
Tightness: exact: the condition on the whole is the sum of those on the coordinates.
Uses: nothing else of the library
Source: textbook.
Needs: coordinates in an orthonormal basis, which rounding each entry of a vector gives.
"""

from __future__ import annotations

from shrinkproof.kernel import Theorem, generalise, specialise
from shrinkproof.language.statement import Hypothesis, Statement
from shrinkproof.language.symbols import forall
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems.coordinates import ORTHONORMAL, coordinate, i, summed
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import Q5, Q, g, k, q_max, q_min

COORDINATE_SECTOR = Hypothesis(
    "coordinate_sector",
    forall(
        k,
        i,
        (coordinate(Q[k]) - q_min * coordinate(g[k]))
        * (q_max * coordinate(g[k]) - coordinate(Q[k]))
        >= 0,
    ),
    "each coordinate of Q_k is that of g_k times a factor between q_min and q_max",
)

STATEMENT = Statement(
    id="sector-from-coordinates",
    label="RLc",
    title="The sector condition, coordinate by coordinate",
    hypotheses=(ORTHONORMAL, COORDINATE_SECTOR),
    conclusions=(Q5.hypotheses[0].prop,),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    above, below = Q[k] - q_min * g[k], q_max * g[k] - Q[k]
    sector = linear(
        STATEMENT.conclusion[2],
        using=[
            (1, summed(specialise(given(COORDINATE_SECTOR), k))),
            (-1, specialise(given(ORTHONORMAL), above, below)),
        ],
    )
    return generalise(sector, k)
