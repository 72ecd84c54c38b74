"""Obligations as Coq lemmas: how the multipliers are written, and what may be divided by."""

import re
from fractions import Fraction

from shrinkproof import library
from shrinkproof.export import certificate
from shrinkproof.export.coq.certificates import certificates, divisors, lemma, named
from shrinkproof.export.obligations import obligation
from shrinkproof.kernel.normal import is_zero
from shrinkproof.kernel.term import make
from shrinkproof.language.symbols import equal, norm2, parameter, point

a, b, c = map(parameter, "abc")
x = point("x")
x0, x1, x2 = (make("sym", f"x{i}", "scalar", "never") for i in range(3))


def test_a_lemma_says_what_holds_of_which_numbers_and_why():
    o = obligation(
        norm2(x) / a <= b,
        [a > 0, norm2(x) <= a * b],
        [
            (Fraction(1, 2), (("recip", 0), ("gap", 1))),
            (Fraction(1, 2), (("recip", 0), ("gap", 1))),
        ],
        (),
        (0,),
    )
    assert lemma(["some_id_3", "other_7"], o) == (
        "(* x0: a; x1: ‖x‖²; x2: b *)\n"
        "(* also other_7 *)\n"
        "Lemma some_id_3 x0 x1 x2 :\n"
        "  0 < x0 ->\n"
        "  x1 <= x0 * x2 ->\n"
        "  x1 / x0 <= x2.\n"
        "Proof.\n"
        "  intros H0 H1.\n"
        "  nonzero H0 x0 1.\n"
        "  certificate (1 / 2 * (x0 * x2 - x1) / x0 + 1 / 2 * (x0 * x2 - x1) / x0).\n"
        "Qed.\n"
    )


def test_in_a_strict_claim_the_positive_product_comes_first():
    rows = (Fraction(1), (("square", c),)), (Fraction(2), (("gap", 0),))
    strict = obligation(c**2 + 2 * a > 0, [a > 0], rows, (), ())
    assert "certificate (2 * x0 + x1 ^ 2)." in lemma(["l"], strict)


def test_the_gap_of_an_equation_comes_last():
    row = (Fraction(-3), (("times", 0, c), ("recip", 1)))
    o = obligation(equal(3 * b * c, 3 * a * c), [equal(a, b), c > 0], [row], (), (1,))
    assert "certificate (- 3 * x2 / x2 * (x1 - x0))." in lemma(["l"], o)


def test_a_scaled_identity_is_divided_by_what_scales_it():
    row = (Fraction(1), (("gap", 0),))
    o = obligation(c <= b, [a * c <= a * b, a > 0], [row], (1,), ())
    assert "certificate ((x0 * x2 - x0 * x1) / x0)." in lemma(["l"], o)


def test_what_may_be_divided_by_are_factors_of_what_is_positive():
    o = obligation(
        1 / a / b <= 1 / (c - a), [2 * a**2 * b > 0, a < c, 1 / a + c > 0], [], (), (0, 1, 2)
    )
    known = divisors(o)
    assert {(i, unit) for i, unit, _ in known} >= {(0, x0), (0, x1), (2, 1 + x0 * x2)}
    for i, unit, cofactor in known:
        assert is_zero(o.gap(i) - cofactor * unit, [o.gap(j) for j in o.nonzero])


def test_each_obligation_of_the_library_is_one_lemma():
    data = [certificate.export(r.statement, r.prove()) for r in library.results()]
    text = certificates(data)
    found = named(data)
    assert re.findall(r"^Lemma (\w+)", text, re.M) == [names[0] for names in found.values()]
    steps = sum(s["rule"] == "combine" for d in data for s in d["steps"])
    assert sum(map(len, found.values())) == steps
    assert len({n for names in found.values() for n in names}) == steps
