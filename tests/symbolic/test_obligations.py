"""What certificates owe to arithmetic: each step by ``combine`` as a fact about real numbers."""

from dataclasses import replace
from fractions import Fraction

import pytest

from shrinkproof import kernel, library
from shrinkproof.export import certificate
from shrinkproof.export.obligations import Obligation, obligation, obligations
from shrinkproof.kernel import ProofError
from shrinkproof.kernel.term import lift, make, subterms
from shrinkproof.language.symbols import (
    E,
    Function,
    Sequence,
    equal,
    index,
    inner,
    norm2,
    parameter,
    past,
    point,
)

a, b, c = map(parameter, "abc")
x, y, z = map(point, "xyz")
F, k = Function("F"), index("k")
w = Sequence("w", "vector", "past")
x0, x1, x2, x3 = (make("sym", f"x{i}", "scalar", "never") for i in range(4))

CERTIFICATES = {r.label: certificate.export(r.statement, r.prove()) for r in library.results()}
ALL = {o: (label, n) for label, data in CERTIFICATES.items() for n, o in obligations(data).items()}


def proved(o: Obligation):
    """The kernel's word on it, its variables being symbols like any other."""
    premises = [kernel.assume(p) for p in o.premises]
    return kernel.combine(o.goal, premises, o.products, o.scale, o.nonzero)


def test_every_step_by_combine_is_an_obligation():
    for data in CERTIFICATES.values():
        steps = {n for n, s in enumerate(data["steps"]) if s["rule"] == "combine"}
        assert set(obligations(data)) == steps


def test_nothing_but_arithmetic_is_left():
    allowed = {"rat", "sym", "add", "mul", "pow", "recip", "le", "lt", "eq"}
    for o in ALL:
        for t in (o.goal, *o.premises, *(t for _, fs in o.products for f in fs for t in f)):
            if isinstance(t, tuple):
                assert {s.op for s in subterms(t)} <= allowed


def test_every_obligation_of_the_library_holds_by_its_multipliers():
    for o in ALL:
        assert proved(o).conclusion == o.goal


def test_a_doubled_multiplier_is_refused():
    wrong = 0
    for o in ALL:
        if o.products:
            (coefficient, factors), *rest = o.products
            with pytest.raises(ProofError, match="the identity does not hold"):
                proved(replace(o, products=((2 * coefficient, factors), *rest)))
            wrong += 1
    assert wrong > len(ALL) / 2


def test_atoms_become_variables_and_terms_stay_as_they_are_written():
    goal = F(x) + a * norm2(w[k]) <= E(F(w[k + 1]), past(k))
    o = obligation(goal, [goal], [(Fraction(1), (("gap", 0),))], (), ())
    assert o.goal == o.premises[0] == (x0 + x1 * x2 <= x3)
    assert o.atoms == (F(x), a, norm2(w[k]), E(F(w[k + 1]), past(k)))
    assert o.variables == ("x0", "x1", "x2", "x3")


def test_the_square_of_a_vector_is_a_premise_multiplied_out():
    o = obligation(norm2(x - y) >= 0, [], [(Fraction(1), (("square", x - y),))], (), ())
    assert o.premises == (x0 + -2 * x1 + x2 >= 0,)
    assert o.products == ((Fraction(1), (("gap", 0),)),)
    assert proved(o)


def test_an_equation_of_vectors_enters_by_its_inner_product():
    times = ("times", 0, z)
    o = obligation(inner(x, z) <= inner(y, z), [equal(x, y)], [(Fraction(1), (times,))], (), ())
    assert o.premises == (equal(x0, x1),)
    assert proved(o)


def test_in_an_equation_of_vectors_the_base_vectors_are_variables():
    row = (Fraction(1), (("times", 0, a),))
    o = obligation(equal(a * x, a * y), [equal(x, y)], [row], (), ())
    assert (o.goal, o.premises) == (equal(x2 * x0, x2 * x1), (equal(x0, x1),))
    assert proved(o)


def test_only_what_is_known_to_be_nonzero_is_divided_by():
    goal = a / b * b <= a + c / (a + b) * 0
    known = obligation(goal, [b > 0], [], (), (0,))
    assert known.premises == (x0 > 0,)
    assert known.units == ((0, x0),)
    assert make("recip", x0) in subterms(known.goal)
    assert proved(known)
    unknown = obligation(goal, [b > 0], [], (), ())
    assert not [t for t in subterms(unknown.goal) if t.op == "recip"]
    with pytest.raises(ProofError, match="the identity does not hold"):
        proved(unknown)


def test_obligations_that_differ_in_their_atoms_alone_are_equal():
    one, two = (obligation(t <= t + 0, [], [], (), ()) for t in (F(x), norm2(y)))
    assert one == two and hash(one) == hash(two)
    assert one.atoms != two.atoms
    assert one != obligation(lift(1) <= 1 + a * 0, [], [], (), ())
