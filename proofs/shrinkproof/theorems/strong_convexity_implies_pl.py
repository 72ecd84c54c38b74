"""F3"""
from shrinkproof.kernel import Theorem, generalise, specialise
from shrinkproof.language.statement import Hypothesis, Statement
from shrinkproof.language.symbols import equal, fixed_point
from shrinkproof.tactics.linear import linear
from shrinkproof.theorems.proving import given, proof_of
from shrinkproof.theorems.setting import C_POSITIVE, PL, STRONG_CONVEXITY, F, F_star, c, x

w_star = fixed_point("w_star")
ATTAINED = Hypothesis("attained", equal(F_star, F(w_star)), "F_star is the value of F at w_star")

STATEMENT = Statement(
    id="strong-convexity-implies-pl",
    label="F3",
    title="Strong convexity implies the Polyak-Łojasiewicz inequality",
    hypotheses=(C_POSITIVE, STRONG_CONVEXITY, ATTAINED),
    conclusions=(PL.prop,),
)


@proof_of(STATEMENT)
def prove() -> Theorem:
    inequality = linear(
        STATEMENT.conclusion[2],
        using=[
            (2 * c, specialise(given(STRONG_CONVEXITY), x, w_star)),
            (-2 * c, given(ATTAINED)),
        ],
        squares=[(1, F.grad(x) + c * (w_star - x))],
        facts=[given(C_POSITIVE)],
    )
    return generalise(inequality, x)
