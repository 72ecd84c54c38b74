"""F2"""
from shrinkproof.kernel import Theorem, generalise, specialise
from shrinkproof.language.statement import Statement
from shrinkproof.language.symbols import forall, norm2
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems import descent_lemma
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import BOUNDED_BELOW, L_POSITIVE, SMOOTHNESS, F, F_inf, L, x

STATEMENT = Statement(
    id="gradient-bound",
    label="F2",
    title="Gradient bounded by suboptimality",
    hypotheses=(L_POSITIVE, SMOOTHNESS, BOUNDED_BELOW),
    conclusions=(forall(x, norm2(F.grad(x)) <= 2 * L * (F(x) - F_inf)),),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    minimiser_of_the_model = x - F.grad(x) / L
    bound = linear(
        STATEMENT.conclusion[2],
        using=[
            (2 * L, specialise(descent_lemma.prove()[0], x, minimiser_of_the_model)),
            (2 * L, specialise(given(BOUNDED_BELOW), minimiser_of_the_model)),
        ],
        facts=[given(L_POSITIVE)],
    )
    return generalise(bound, x)
