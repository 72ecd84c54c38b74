"""Why mutants survive the numbers: data, one entry for each.

Nearly all are true, which is more than the theorem says: what they leave out follows from the rest,
by arithmetic (FOLLOWS, which the tests prove with a solver) or by analysis, or they say less than
the theorem.  The others lie between the theorem and the best instance that is known.
"""

from __future__ import annotations

from shrinkproof.mutations import Mutant

# (label, hypothesis): the hypotheses, taken at one step, from which it follows.
FOLLOWS: dict[tuple[str, str], tuple[str, ...]] = {
    ("R2", "x_positive"): ("u_positive", "at_least_b", "at_most_x", "next_exceeds_x"),
    ("R4", "h_positive"): ("at_least_a", "below_next"),
    ("T2r", "L_positive"): ("mu0_positive", "mu0_small", "q_min_positive", "q_lower", "q_upper"),
    ("T4", "L_positive"): (
        *("c_positive", "beta_large", "q_min_positive", "q_lower", "q_upper"),
        *("gamma_positive", "first_stepsize"),
    ),
}
FOLLOWS |= {
    (label, "L_positive"): (
        *("mu_positive", "q_min_positive", "q_lower", "q_upper", "stepsize_bound"),
    )
    for label in ("T1", "T3", "T3p", "T8", "T8p")
}
FOLLOWS |= {
    (label, "L_positive"): ("mu_positive", "omega_nonnegative", "stepsize_bound")
    for label in ("T7a", "T7b")
}
FOLLOWS |= {
    (label, "L_positive"): ("c_positive", "c_at_most_L")
    for label in ("T3pd", "T3ps", "T7d", "T7f", "T7h", "E1p", "E2p", "E3p")
}

_SAYS_LESS = (
    "true, it says less: smoothness gives c <= L, so 0 <= 1 - c a <= 1 under a (L + c) <= 2"
)
_SOME_STEP = "true: some effective stepsize is positive and at most 1/L, so L > 0"
_NO_WEIGHT = "true: where all weights are 0, so are both quotients, as 1/0 is"
_NO_STEP = "true: at K = 0 the left side is 0, as 1/0 is, and the right side is not negative"
_HIGHER = (
    "true: w_star then lies delta >= 0 above the minimum, which lowers the left side by delta and "
    "the right side by no more, as products of (1 - c a)^2 are at most 1"
)
_ONE_POINT = (
    "true: smoothness and strong convexity give c <= L, but in a space of one point, where "
    "the left side is 0 and the right side is not negative"
)
_BOUNDED = (
    "true: with c > L the inequality bounds F by F_star everywhere (else F would grow too fast for "
    "its smoothness), so the left side is not positive"
)
_AVERAGE = (
    "not tight: averaging loses what Jensen's inequality gives away; the best ratio known of the "
    "noise term is 1/4"
)
_BEST_STEPSIZE = "not tight: the best ratio known is 1 - 1/(2K)"
_SMALL_U = "true, it says less: u = (1/2)^p is at most 1"

EXPLAINED: dict[tuple[str, str], str] = {
    ("F4", "without L_positive"): "true: for L <= 0 the term with 1/L is not positive (1/0 is 0), "
    "and convexity alone gives the rest",
    ("F5", "without c_below_L"): "true: c > L holds in a space of one point alone, and at c = L "
    "the last term vanishes, as 1/0 is 0",
    ("F7", "1 - c a for its square"): _SAYS_LESS,
    ("F8", "without s_positive"): "true: s is a natural number, and for s = 0 the power is 1",
    ("R3", "Q_k - x_k for its square"): "true: the mean of Q_k - x_k is 0, and the equation stays",
    ("R4", "Q_k - x_k for its square"): "true: the mean of Q_k - x_k is 0",
    ("R4", "without at_least_a"): "true: (x_k - a_k)/h is the mean of B_k, which is 0 or 1, so "
    "a_k <= x_k",
    ("O2", "without L_positive"): "true: 0 <= alpha_k <= 1/L leaves L > 0, or L = 0 and alpha_k = "
    "0, as 1/0 is 0; then F is affine, and steps of mean zero keep its mean",
    ("O7", "1 - c μ_k q_k for its square"): _SAYS_LESS,
    ("O7", "without stationary"): _HIGHER,
    ("T2", "without L_positive"): _SOME_STEP,
    ("T2", "without weights_positive"): _NO_WEIGHT,
    ("T2s", "without L_positive"): _SOME_STEP,
    ("T2s", "without weights_positive"): _NO_WEIGHT,
    ("T2c", "without L_positive"): _SOME_STEP,
    ("T4", "without c_at_most_L"): _BOUNDED,
    ("T5", "without L_positive"): _SOME_STEP,
    ("T5", "sigma2 halved"): _AVERAGE,
    ("T5", "tau2 halved"): _AVERAGE,
    ("T5p", "without L_positive"): "true: 0 <= alpha_k <= 1/L leaves L > 0, or all alpha_k = 0, as "
    "1/0 is 0; then the left side is 0",
    ("T3s", "without stationary"): _HIGHER,
    ("T3pd", "without c_at_most_L"): _ONE_POINT,
    ("T3ps", "without c_at_most_L"): _ONE_POINT,
    ("T3ps", "without stationary"): _HIGHER,
    ("LB", "without quadratic_gradient"): "true: what F is determines its gradient",
    ("A2", "sigma2 halved"): "true: it is the theorem for sigma2/2",
    ("A2", "sigma2 dropped"): "true: 0 <= 0",
    ("A2", "q_max for q_min"): "true: both sides are the same",
    ("A2", "q_min for q_max"): "true: both sides are the same",
    ("A3", "without q_positive"): "true: both sides are 0 for q = 0, as 1/0 is, and the identity "
    "holds for q < 0",
    ("T6", "K+1 for K"): _BEST_STEPSIZE,
    ("T6", "strict"): _BEST_STEPSIZE,
    ("T6", "without Delta_positive"): "true: a lower bound leaves Delta = 0, where no step is "
    "taken and both sides are 0",
    ("T6", "without noise_positive"): "true: V is not negative, and V = 0 leaves no K that is "
    "large enough, as Delta > 0",
    ("T8p", "without c_at_most_L"): _BOUNDED,
    ("T8p", "without s_positive"): "true: s is a natural number, and for s = 0 the gap is at most "
    "B_p + epsilon from the start, which steps keep",
    ("RLc", "right side halved"): "true: half of what is not negative is not negative",
    ("E3n", "without L_positive"): "true: 0 < mu (1 + omega) <= 1/L",
    ("E3n", "u for its square"): _SMALL_U,
    ("E3p", "u for its square"): _SMALL_U,
}
EXPLAINED |= {
    (label, "without K_positive"): _NO_STEP
    for label in ("T1", "T2r", "T6", "T7a", "T7c", "T7e", "T7g", "E1n", "E2n", "E3n")
}
EXPLAINED |= {
    (label, f"without {name}"): f"true: it follows from {', '.join(known)}"
    for (label, name), known in FOLLOWS.items()
}


def explanation(label: str, mutant: Mutant) -> str:
    """Why no instance refutes the mutant; "" where nobody has said."""
    return EXPLAINED.get((label, mutant.name), "")
