"""F6"""
from shrinkproof.kernel import Theorem, generalise
from shrinkproof.language.statement import Hypothesis, Statement
from shrinkproof.language.symbols import E, equal, forall, inner, norm2, parameter, past, point
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import k

X, a, b = point("X"), point("a"), point("b")
t = parameter("t")
T_POSITIVE = Hypothesis("t_positive", t > 0, "the weight t is positive")
mean = E(X, past(k))

STATEMENT = Statement(
    id="bias-variance-and-young",
    label="F6",
    title="Bias-variance decomposition and Young's inequality",
    hypotheses=(T_POSITIVE,),
    conclusions=(
        forall(X, k, equal(E(norm2(X), past(k)), norm2(mean) + E(norm2(X - mean), past(k)))),
        forall(a, b, 2 * inner(a, b) <= t * norm2(a) + norm2(b) / t),
    ),
)


@proof_of(STATEMENT)
def prove() -> tuple[Theorem, Theorem]:
    decomposition, young = STATEMENT.conclusions
    return (
        generalise(linear(decomposition[2][2]), X, k),
        generalise(
            linear(young[2][2], squares=[(1 / t, t * a - b)], facts=[given(T_POSITIVE)]), a, b
        ),
    )
