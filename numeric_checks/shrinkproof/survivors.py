"""Why mutants survive the numbers: data, one entry for each, or for each hypothesis left out.

Three reasons occur: the mutant is true, because what it leaves out follows from the rest or because
it says less than the theorem; it is false only where no instance is made; or the theorem is not
tight, and the mutant lies between it and what is attained.
"""

from __future__ import annotations

from shrinkproof.mutations import Mutant

_SAYS_LESS = (
    "true, it says less: smoothness gives c <= L, so 0 <= 1 - c a <= 1 under a (L + c) <= 2"
)
_CELL = (
    "the scalar sequences of an instance are a quantizer's, which satisfies this by construction"
)
_SMALL = "false only where a distance or spacing exceeds 1; the instances have smaller ones"
_LARGE_Q = "false only for q_max > 1, with noise that nearly attains the floor: none has both"
_NO_NOISE = "the bound is attained without noise alone: with noise it leaves room for this"
_NOT_TIGHT = (
    "the bound is not attained: its sums are estimated by roots, which leaves room for this"
)
_BESIDE = "v and w run side by side by construction: no instance has others"

EXPLAINED: dict[tuple[str, str], str] = {
    ("F3", "without c_positive"): "false only for c < 0 and a w_star that is no minimiser",
    ("F4", "without L_positive"): "true: for L <= 0 the term with 1/L is not positive (1/0 is 0), "
    "and convexity alone gives the rest",
    ("F5", "without L_positive"): "false only for c < L < 0, and no instance has such constants",
    ("F5", "without c_below_L"): "true: c > L holds on no function, and at c = L the last term "
    "vanishes, as 1/0 is 0",
    ("F7", "1 - c a for its square"): _SAYS_LESS,
    ("F7", "without c_positive"): "the first conclusion is true for every c by F5c; of the second, "
    "no instance with c <= 0 decides",
    ("F8", "without s_positive"): "true: s is a natural number, and for s = 0 the power is 1",
    ("R2", "without x_positive"): "true: b <= Q <= x < Q + 2 u b gives b > 0, and so x > 0",
    ("R3", "(Q_k - x_k)^3 for its square"): _SMALL,
    ("R3", "Q_k - x_k for its square"): "true in the last two conclusions: the mean of Q_k - x_k "
    "is 0; in the second, false only off the places where the instances are",
    ("R3", "h_k/2 for its square"): _SMALL,
    ("R3", "u for its square"): "true for u <= 1, it says less; every format has u < 1",
    ("R4", "(N_k - x_k)^3 for its square"): _SMALL,
    ("R4", "(Q_k - x_k)^3 for its square"): _SMALL,
    ("R4", "Q_k - x_k for its square"): "true: the mean of Q_k - x_k is 0",
    ("R4", "h/2 for its square"): _SMALL,
    ("R4", "h for its square"): _SMALL,
    ("R4", "without h_positive"): "true: a_k <= x_k < a_k + h gives h > 0",
    ("S1", "without shrunken"): _BESIDE,
    ("S1", "without plain"): _BESIDE,
    ("S1", "without same_start"): _BESIDE,
    ("O2", "without L_positive"): "true unless alpha_k = 0: 0 < alpha_k <= 1/L gives L > 0",
    ("O6", "1 - c μ_k q_k for its square"): f"for c >= 0 {_SAYS_LESS}; none has c < 0",
    ("O7", "1 - c μ_k q_k for its square"): _SAYS_LESS,
    ("T1", "q_max for its square"): _LARGE_Q,
    ("T2", "q_max for its square"): _LARGE_Q,
    ("T2r", "sigma2 halved"): _NOT_TIGHT,
    ("T2r", "q_max for its square"): _NOT_TIGHT,
    ("T2r", "(q_max)^3 for its square"): _NOT_TIGHT,
    ("T2r", "μ_0 for its square"): _NOT_TIGHT,
    ("T4", "sigma2 halved"): _NO_NOISE,
    ("T4", "tau2 halved"): _NO_NOISE,
    ("T4", "L halved"): _NO_NOISE,
    ("T4", "(q_max)^3 for its square"): _NO_NOISE,
}
EXPLAINED |= {
    ("R3", f"without {name}"): _CELL
    for name in ("spacing_positive", "probability", "rounded", "u_positive")
}
EXPLAINED |= {
    ("R4", f"without {name}"): _CELL
    for name in (
        *("at_least_a", "below_next", "a_nonnegative", "as_near_as_lower", "as_near_as_upper"),
        *("toward_zero", "probability", "rounded"),
    )
}

EXPLAINED |= {
    (
        label,
        "without L_positive",
    ): "true unless all stepsizes are 0: 0 < mu_k q_k <= 1/L gives L > 0"
    for label in ("T1", "T2", "T2s", "T3", "T3p")
}
EXPLAINED |= {
    (
        label,
        "without weights_positive",
    ): "true: where all weights are 0, so are both sides' quotients"
    for label in ("T2", "T2s")
}
EXPLAINED |= {
    ("A2", "sigma2 halved"): "true: it is the theorem for sigma2/2",
    ("A2", "sigma2 dropped"): "true: 0 <= 0",
    ("A2", "q_max for q_min"): "true: both sides are the same",
    ("A2", "q_min for q_max"): "true: both sides are the same",
    ("T3p", "without c_at_most_L"): "true unless F is constant: F2 and the inequality give c <= L",
}

WITHOUT: dict[str, str] = {
    "update": "w_k of an instance is a run of SGD by construction: no instance has another",
    "K_positive": "true: at K = 0 the quotient by K is 0, as 1/0 is, and no bound is negative",
}


def explanation(label: str, mutant: Mutant) -> str:
    """Why no instance refutes the mutant; "" where nobody has said yet."""
    left_out = mutant.dropped.name if mutant.dropped is not None else ""
    return EXPLAINED.get((label, mutant.name)) or WITHOUT.get(left_out, "")
