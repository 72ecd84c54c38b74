"""Terms: what is well formed, what sugar builds, what is free, and substitution."""

import copy
import operator
import pickle
from fractions import Fraction

import pytest

from shrinkproof.kernel.term import (
    BINDERS,
    INDEX,
    PROP,
    SCALAR,
    SIGNATURE,
    STAGE,
    VECTOR,
    Term,
    TermError,
    bound,
    check,
    free,
    free_names,
    lift,
    make,
    substitute,
    subterms,
)
from shrinkproof.language.symbols import (
    ZERO,
    E,
    Function,
    Oracle,
    Prod,
    Sequence,
    Sum,
    equal,
    forall,
    index,
    inner,
    maximum,
    named,
    number,
    parameter,
    past,
    point,
    sample,
    sqrt,
)

x, y = parameter("x"), parameter("y")
u, v = point("u"), point("v")
i, j, k = index("i"), index("j"), index("k")
w, q = Sequence("w", VECTOR, "past"), Sequence("q", SCALAR, "sample")
F, g = Function("F"), Oracle("g")

ONE_OF_EACH = [
    lift(Fraction(-2, 3)), x, q[k], number(k), x + y, x * y, x**2, make("recip", x), inner(u, v),
    F(u), E(x), Sum(i, k, q[i]), Prod(i, k, x), x**k, maximum(x, y), named("N", x), ZERO, u + v,
    x * u, sqrt(x), F.grad(u), g(k, u), E(u, sample(k)), k + 3, past(k), x <= y, x < y, equal(x, y),
    equal(u, v), forall(x, k, x <= q[k]),
]  # fmt: skip


def test_every_operator_has_a_term():
    assert {t.op for t in ONE_OF_EACH} == set(SIGNATURE)
    assert set(BINDERS) < set(SIGNATURE)


@pytest.mark.parametrize("t", ONE_OF_EACH, ids=lambda t: t.op)
def test_terms_are_data(t):
    assert check(t) == t
    assert all(type(part) in (Term, str, int) for s in subterms(t) for part in s)
    assert eval(repr(t), {"make": make}) == t  # noqa: S307  # a repr reads back
    assert pickle.loads(pickle.dumps(t)) == copy.deepcopy(t) == t
    assert t.sort in (SCALAR, VECTOR, INDEX, STAGE, PROP)
    assert Term(t) == t and hash(Term(t)) == hash(t)


class Text(str):
    pass


class Other(Term):
    pass


MALFORMED = {
    "no operator": (),
    "an unknown operator": ("exp", x),
    "an operator that is no plain string": (Text("recip"), x),
    "an unhashable operator": ([], x),
    "too few arguments": ("inner", u),
    "too many arguments": ("recip", x, y),
    "a number in place of a term": ("recip", 2),
    "a plain tuple in place of a term": ("recip", ("sym", "x", SCALAR, "start")),
    "a subclass in place of a term": ("recip", Other(x)),
    "an empty term in a term": ("recip", Term(())),
    "a stub in a term": ("recip", Term(("sym", "x"))),
    "a vector in place of a number": ("recip", u),
    "a number in place of a vector": ("inner", u, x),
    "a sum of numbers and vectors": ("add", x, u),
    "an index in place of a number": ("add", k),
    "a proposition in place of a number": ("mul", x <= y),
    "a rational not in lowest terms": ("rat", 2, 4),
    "a zero denominator": ("rat", 1, 0),
    "a negative denominator": ("rat", 1, -2),
    "zero with a denominator": ("rat", 0, 2),
    "a float": ("rat", 1.0, 1),
    "a truth value": ("rat", True, 1),
    "a Fraction": ("rat", Fraction(1), 1),
    "a name that is no plain string": ("sym", Text("x"), SCALAR, "start"),
    "no name": ("sym", "", SCALAR, "start"),
    "an unknown sort": ("sym", "x", "matrix", "start"),
    "an index as a symbol": ("sym", "x", INDEX, "start"),
    "a symbol of the past": ("sym", "x", SCALAR, "past"),
    "a sequence never known": ("at", "x", SCALAR, "never", k),
    "a sequence at a number": ("at", "x", SCALAR, "past", number(k)),
    "a negative index": ("ix", "k", -1),
    "a float index": ("ix", "k", 1.0),
    "a negative exponent": ("pow", x, -1),
    "an exponent that is a truth value": ("pow", x, True),
    "an exponent that is a term": ("pow", x, lift(2)),
    "a third phase": ("stage", k, 2),
    "a sum with no variable": ("sum", "", k, x),
    "a sum over a term": ("sum", i, k, x),
    "a function with no name": ("value", "", u),
    "an abbreviation with no name": ("named", "", x),
    "a quantified sequence": ("forall", q[k], x <= y),
    "a quantified sum": ("forall", x + y, x <= y),
    "a quantified later index": ("forall", k + 1, x <= y),
    "a quantified numeral": ("forall", index(""), x <= y),
    "a quantified number": ("forall", x, y),
}


@pytest.mark.parametrize("parts", MALFORMED.values(), ids=MALFORMED)
def test_malformed_terms_are_refused(parts):
    if parts:
        with pytest.raises((TermError, TypeError)):
            make(*parts)
    with pytest.raises((TermError, TypeError)):
        check(Term(parts))


def test_a_malformed_part_is_refused_where_it_is_equal_to_a_good_one():
    good = check(make("rat", 1, 1))
    check(1 / good)
    for bad in (Term(("rat", True, 1)), Term(("rat", 1.0, 1))):
        assert bad == good and hash(bad) == hash(good)
        for whole in (bad, Term(("recip", bad)), Term(("le", x, Term(("recip", bad))))):
            with pytest.raises(TermError):
                check(whole)


def test_only_terms_are_checked():
    for thing in (tuple(x), Other(x), "x", 1, None, [], Fraction(1)):
        with pytest.raises(TermError, match="expected a term"):
            check(thing)


@pytest.mark.parametrize(
    "misused",
    [
        ("sum", "x", k, x),
        ("sum", "k", k, make("at", "k", SCALAR, "start", index(""))),
        ("forall", make("sym", "x", SCALAR, "never"), x <= 0),
        ("forall", point("x"), x <= 0),
        ("forall", index("x"), x <= 0),
        ("forall", x, number(index("x")) <= 0),
        ("forall", point("q"), q[0] <= 0),
        ("forall", parameter("F"), F(u) <= 0),
    ],
    ids=lambda m: f"{m[0]} {m[1]}",
)
def test_a_name_is_used_as_what_it_is_bound_as(misused):
    with pytest.raises(TermError, match="uses as something else"):
        check(Term(misused))
    with pytest.raises(TermError, match="uses as something else"):
        make(*misused)


def test_an_inner_variable_may_take_an_outer_ones_name():
    for good in (
        forall(x, Sum(index("x"), k, number(index("x"))) <= 0),
        forall(x, forall(point("x"), F(point("x")) <= 0)),
        Sum(k, k, number(k)),
    ):
        assert check(good) == good


# Sugar.


def test_arithmetic_flattens_and_lifts():
    assert x + 1 + y == make("add", x, lift(1), y)
    assert 1 + x == make("add", lift(1), x)
    assert 2 * x * y == make("mul", lift(2), x, y)
    assert x - y == make("add", x, make("mul", lift(-1), y))
    assert 1 - x == make("add", lift(1), make("mul", lift(-1), x))
    assert x / 2 == make("mul", x, make("recip", lift(2)))
    assert 1 / x == make("mul", lift(1), make("recip", x))
    assert x**2 == make("pow", x, 2) and x**k == make("power", x, k)


def test_vectors():
    assert u + v == make("vadd", u, v)
    assert x * u == u * x == make("scale", x, u)
    assert u / x == make("scale", make("recip", x), u)
    assert -u == make("scale", lift(-1), u)
    assert u - v == make("vadd", u, make("scale", lift(-1), v))
    with pytest.raises(TermError):
        u * v
    with pytest.raises(TermError):
        u + 1


def test_comparisons_read_from_left_to_right():
    assert (x <= 1) == make("le", x, lift(1)) == operator.ge(1, x)
    assert (x < 1) == make("lt", x, lift(1)) == operator.gt(1, x)
    assert (x >= 1) == make("le", lift(1), x)
    assert (x > 1) == make("lt", lift(1), x)


def test_indices_move_on():
    assert k + 1 == index("k", 1) and k + 1 + 2 == index("k", 3)
    assert w[3] == w[index("", 3)] and w[k + 1][4] == k + 1
    for backwards in (-1, 1.0):
        with pytest.raises(TermError):
            k + backwards


def test_numbers_are_exact():
    assert lift(Fraction(2, 4)) == make("rat", 1, 2)
    assert lift(x) is x
    for inexact in (0.5, True, "1", None, 1j):
        with pytest.raises(TermError, match="exact"):
            lift(inexact)
    with pytest.raises(TermError):
        x * 0.5


def test_a_term_has_no_truth_value_and_does_not_change():
    with pytest.raises(TypeError, match="truth value"):
        bool(x <= y)
    with pytest.raises(TypeError, match="truth value"):
        _ = 0 < x < 1
    with pytest.raises(TypeError):
        x[1] = "y"
    with pytest.raises((AttributeError, TypeError)):
        x.name = "y"


def test_sugar_is_all_that_terms_add_to_tuples():
    """What a term holds and when two are equal is the tuple's to say, whoever adds operators."""
    core = ["new", "eq", "ne", "hash", "getitem", "iter", "len", "contains"]
    for name in (f"__{word}__" for word in core):
        assert getattr(Term, name) is getattr(tuple, name), name


# Names.


def test_what_is_free():
    assert free(x) == {("x", "sym", SCALAR, "start")}
    assert free(w[k + 1]) == {("w", "at", VECTOR, "past"), ("k", "index", "", "")}
    assert free_names(F(u) + inner(F.grad(v), g(k, u))) == {"F", "g", "u", "v", "k"}
    assert free_names(index("", 4)) == set()
    assert free_names(E(x, past(k))) == {"x", "k"}
    assert free_names(named("N", x)) == {"x"}


def test_what_is_bound():
    assert free_names(Sum(i, k, q[i] * x)) == {"q", "k", "x"}
    assert free_names(Sum(k, k, q[k])) == {"q", "k"}  # the length is outside
    assert free_names(forall(x, k, x <= q[k])) == {"q"}
    assert bound(Sum(i, k, x)) == bound(Prod(i, k, x)) == "i"
    assert bound(forall(x, x <= y)) == "x" and bound(forall(k, x <= y)) == "k"
    assert bound(x + y) is None


@pytest.mark.parametrize(
    ("t", "mapping", "wanted"),
    [
        (x + y, {"x": y}, y + y),
        (x + y, {"x": y, "y": x}, y + x),  # at once
        (x + y, {"z": u}, x + y),
        (w[k + 1], {"k": j + 2}, w[j + 3]),
        (w[k + 1], {"k": index("", 2)}, w[3]),
        (E(x, past(k)), {"k": j}, E(x, past(j))),
        (q[k + 1], {"q": ("i", x * number(i))}, x * number(k + 1)),
        (q[k], {"q": ("i", q[i + 1] * x), "k": j}, q[j + 1] * x),
        (Sum(i, k, q[i]), {"q": ("k", number(k))}, Sum(i, k, number(i))),
        (Sum(i, k, q[i]), {"k": j, "i": j}, Sum(i, j, q[i])),
        (Sum(k, k + 1, q[k]), {"k": j}, Sum(k, j + 1, q[k])),
        (Sum(i, k, x), {"x": number(k)}, Sum(i, k, number(k))),
        (forall(x, x <= y), {"x": lift(1), "y": lift(2)}, forall(x, x <= 2)),
        (F(u), {"u": w[k]}, F(w[k])),
    ],
)
def test_substitution(t, mapping, wanted):
    assert substitute(t, mapping) == wanted


@pytest.mark.parametrize(
    ("t", "mapping"),
    [
        (Sum(i, k, x), {"x": number(i)}),
        (Sum(i, k, Sum(j, k, x)), {"x": number(j)}),
        (Prod(i, k, q[k]), {"k": i}),
        (forall(x, x <= y), {"y": x}),
        (forall(k, q[k] <= y), {"y": q[k]}),
        (Sum(i, k, q[i]), {"q": ("j", number(i))}),
    ],
)
def test_no_variable_is_captured(t, mapping):
    with pytest.raises(TermError, match="variable capture"):
        substitute(t, mapping)
