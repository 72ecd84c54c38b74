"""Exchanging parts of terms."""

from shrinkproof.kernel.term import lift
from shrinkproof.language.rewriting import exchange, put
from shrinkproof.language.symbols import Sum, forall, index, norm2, parameter, point

a, b, k, K, x = parameter("a"), parameter("b"), index("k"), index("K"), point("x")


def test_every_place_is_changed_and_nothing_else():
    assert put(a * (a + b) <= b, a, b) == (b * (b + b) <= b)
    assert put(b, a, b) == b
    assert put(Sum(k, K, a), K, K + 1) == Sum(k, K + 1, a)
    assert put(forall(x, norm2(x) <= a), x, x) == forall(x, norm2(x) <= a)


def test_the_outermost_match_wins_and_its_inside_is_left_alone():
    assert put(a + b, a + b, a) == a
    assert exchange(a * b, lambda t: {a: b, b: a}.get(t)) == b * a
    assert exchange(a * b, lambda t: lift(0) if t.op == "mul" else None) == lift(0)
