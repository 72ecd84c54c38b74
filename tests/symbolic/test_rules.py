"""The rules at work, and the rules about the rules: their docstrings, their size, what they avoid.

What must be refused is in test_kernel_attacks.py.
"""

import ast
import inspect
import io
import tokenize
from fractions import Fraction
from pathlib import Path

import pytest

import shrinkproof.kernel
from shrinkproof.kernel import (
    ProofError,
    Theorem,
    assume,
    assumptions,
    cases,
    combine,
    cut,
    expect,
    generalise,
    induct,
    instantiate,
    integrate,
    rewrite,
    root,
    rules,
    specialise,
    unfold,
)
from shrinkproof.kernel.term import SCALAR, VECTOR, lift, make
from shrinkproof.language.evaluate import EvaluationError, Evaluator
from shrinkproof.language.symbols import (
    ZERO,
    E,
    Function,
    Prod,
    Sequence,
    Sum,
    equal,
    forall,
    index,
    inner,
    maximum,
    norm2,
    number,
    parameter,
    past,
    point,
    sample,
    sqrt,
)

a, b, t, x = (parameter(name) for name in "abtx")
X = make("sym", "X", SCALAR, "never")
u, v = point("u"), point("v")
i, k, n = index("i"), index("k"), index("n")
zero = index("")
d, q, s = (
    Sequence(*row)
    for row in (("d", SCALAR, "start"), ("q", SCALAR, "past"), ("s", SCALAR, "sample"))
)
w, g = Sequence("w", VECTOR, "past"), Sequence("g", VECTOR, "sample")
F = Function("F")
RULES = tuple(
    name
    for name, rule in vars(rules).items()
    if hasattr(rule, "__wrapped__") and rule.__module__ == rules.__name__
)


def proves(theorem, conclusion, *hypotheses):
    return theorem.conclusion == conclusion and theorem.hypotheses == set(hypotheses)


# The rules at work.


def test_assume():
    theorem = assume(x <= a)
    assert proves(theorem, x <= a, x <= a)
    assert assumptions(theorem) == (x <= a,)


def test_assumptions_come_in_a_fixed_order():
    props = [x <= a, a <= b, b <= x]
    for order in (props, props[::-1]):
        theorem = combine(lift(0) <= 0, [assume(p) for p in order])
        assert assumptions(theorem) == tuple(sorted(props, key=repr))


def test_combine_adds_and_multiplies_what_is_known():
    low, high, positive = assume(a <= x), assume(x <= b), assume(x > 0)
    assert proves(
        combine(a <= b, [low, high], [(1, [("gap", 0)]), (1, [("gap", 1)])]), a <= b, a <= x, x <= b
    )
    assert proves(
        combine(a * x <= x**2, [low, positive], [(1, [("gap", 0), ("gap", 1)])]),
        a * x <= x**2, a <= x, x > 0,
    )  # fmt: skip


def test_combine_squares():
    young = combine(2 * inner(u, v) <= norm2(u) + norm2(v), [], [(1, [("square", u - v)])])
    assert proves(young, 2 * inner(u, v) <= norm2(u) + norm2(v))
    mean = combine(2 * a * b <= a**2 + b**2, [], [(Fraction(1), [("square", a - b)])])
    assert proves(mean, 2 * a * b <= a**2 + b**2)


def test_combine_divides_by_what_is_positive():
    positive = assume(x > 0)
    assert proves(combine(1 / x > 0, [positive], [(1, [("recip", 0)])]), 1 / x > 0, x > 0)
    assert proves(combine(equal(x / x, 1), [positive], nonzero=[0]), equal(x / x, 1), x > 0)
    product = assume(a * x <= b * x)
    divided = combine(a <= b, [positive, product], [(1, [("gap", 1)])], scale=[0])
    assert proves(divided, a <= b, x > 0, a * x <= b * x)


def test_combine_replaces_equals():
    same, vectors = assume(equal(x, a)), assume(equal(u, v))
    assert proves(
        combine(equal(b * x, b * a), [same], [(1, [("times", 0, b)])]),
        equal(b * x, b * a),
        equal(x, a),
    )
    assert proves(
        combine(equal(x * u, x * v), [vectors], [(1, [("times", 0, x)])]),
        equal(x * u, x * v),
        equal(u, v),
    )
    assert proves(
        combine(inner(u, u) <= inner(u, v), [vectors], [(-1, [("times", 0, -u)])]),
        inner(u, u) <= inner(u, v), equal(u, v),
    )  # fmt: skip


def test_combine_proves_strict_goals():
    assert proves(combine(lift(0) < 1, [], [(1, [])]), lift(0) < 1)
    strict, weak = assume(x > 0), assume(a >= 0)
    rows = [(1, [("gap", 0)]), (1, [("gap", 1)])]
    assert proves(combine(x + a > 0, [strict, weak], rows), x + a > 0, x > 0, a >= 0)


def test_expect():
    square = combine((X - E(X, past(k))) ** 2 >= 0, [], [(1, [("square", X - E(X, past(k)))])])
    jensen = expect(square, past(k), E(X, past(k)) ** 2 <= E(X**2, past(k)))
    assert proves(jensen, E(X, past(k)) ** 2 <= E(X**2, past(k)))
    plain = expect(assume(x >= X), past(k))
    assert proves(plain, E(X, past(k)) <= E(x, past(k)), x >= X)
    unbiased = assume(equal(g[k], w[k]))
    assert proves(
        expect(unbiased, past(k), equal(E(g[k], past(k)), w[k])),
        equal(E(g[k], past(k)), w[k]), equal(g[k], w[k]),
    )  # fmt: skip


def test_expect_pulls_out_and_towers():
    noise = assume(equal(E(X, sample(k)), 0))
    product = combine(equal(E(s[k] * X, sample(k)), 0), [noise], [(1, [("times", 0, s[k])])])
    assert expect(product, past(k), equal(E(s[k] * X, past(k)), 0)).hypotheses == noise.hypotheses


def test_specialise_and_generalise():
    every = forall(X, k, X * d[k] <= a)
    theorem = specialise(assume(every), s[n], n + 1)
    assert proves(theorem, s[n] * d[n + 1] <= a, every)
    assert proves(specialise(assume(every), x), forall(k, x * d[k] <= a), every)
    assert proves(generalise(theorem, n, b), forall(n, b, s[n] * d[n + 1] <= a), every)
    assert proves(generalise(theorem), theorem.conclusion, every)


def test_instantiate():
    theorem = combine(x * d[k] <= b, [assume(x * d[k] <= a), assume(a <= b)],
                      [(1, [("gap", 0)]), (1, [("gap", 1)])])  # fmt: skip
    new = instantiate(theorem, {"x": a + 1, "d": ("i", number(i) * t), "k": n + 2})
    left = make("mul", a + 1, number(n + 2) * t)
    assert proves(new, left <= b, left <= a, a <= b)
    random = instantiate(assume(a >= X), {"X": s[k], "a": b})
    assert proves(random, s[k] <= b, s[k] <= b)
    fixed = instantiate(assume(q[k] <= a), {"q": ("", x)})
    assert proves(fixed, x <= a, x <= a)


def test_induct_and_unfold():
    """Gauss: 2 (0 + 1 + ... + (n - 1)) = n (n - 1)."""

    def claim(m):
        return equal(2 * Sum(i, m, number(i)), number(m) * (number(m) - 1))

    empty = unfold(Sum(i, zero, number(i)))
    base = combine(claim(zero), [empty], [(2, [("times", 0, lift(1))])])
    last = unfold(Sum(i, k + 1, number(i)))
    step = combine(
        claim(k + 1),
        [assume(claim(k)), last],
        [(1, [("times", 0, lift(1))]), (2, [("times", 1, lift(1))])],
    )
    assert proves(induct(base, step, forall(k, claim(k))), forall(k, claim(k)))


@pytest.mark.parametrize(
    "term",
    [
        Sum(i, zero, d[i]),
        Sum(i, index("", 3), d[i]),
        Sum(i, n + 2, d[i] * number(n)),
        Sum(n, n + 1, d[n]),
        Prod(i, zero, d[i]),
        Prod(i, n + 1, d[i + 1] + x),
        x**zero,
        x ** index("", 2),
        x ** (n + 1),
    ],
)
def test_unfold_is_true(term):
    theorem = unfold(term)
    assert proves(theorem, make("eq", term, theorem.conclusion[2]))
    for at in range(4):
        values = Evaluator({"x": Fraction(-2, 3), "n": at, "d": lambda m: Fraction(m * m - 3, 2)})
        assert values.scalar(theorem.conclusion[1]) == values.scalar(theorem.conclusion[2])


def test_unfold_inequalities():
    assert proves(unfold(number(k)), number(k) >= 0)
    assert proves(unfold(maximum(a, b)), a <= maximum(a, b))
    assert proves(unfold(maximum(a, b), 1), b <= maximum(a, b))
    assert proves(unfold(sqrt(a)), sqrt(a) >= 0)


def test_root():
    for positive in (assume(a >= 0), assume(a > 0)):
        assert proves(root(positive), equal(sqrt(a) ** 2, a), positive.conclusion)
    values = Evaluator({"a": Fraction(9, 4), "b": Fraction(-1)})
    assert (values.scalar(sqrt(a)), values.scalar(sqrt(b))) == (Fraction(3, 2), 0)
    with pytest.raises(EvaluationError, match="the square root of 2 is irrational"):
        values.scalar(sqrt(lift(2)))


def test_integrate():
    slope = inner(F.grad(u + t * v), v) <= 2 * a * t + 3 * b * t**2 + x
    rise = F(u + v) - F(u) <= a + b + x
    whole = forall(t, slope)
    assert proves(integrate(specialise(assume(whole), t), t, u, v, "F", rise), rise, whole)
    rows = [(1, [("gap", 0)])]
    inside = combine(slope, [specialise(assume(whole), t), assume(t > 0), assume(t < 1)], rows)
    assert proves(integrate(inside, t, u, v, "F", rise), rise, whole)


def test_rewrite():
    same = assume(equal(w[k + 1], u))
    inside = rewrite(assume(E(F(w[k + 1]) * X) <= a), same, E(F(u) * X) <= a)
    assert proves(inside, E(F(u) * X) <= a, E(F(w[k + 1]) * X) <= a, equal(w[k + 1], u))
    back = rewrite(inside, same, E(F(w[k + 1]) * X) <= a)
    assert back.conclusion == (E(F(w[k + 1]) * X) <= a)
    both = rewrite(assume(equal(x, a)), assume(equal(x, a)), equal(a, a))
    assert proves(both, equal(a, a), equal(x, a))
    of_vectors = rewrite(assume(equal(F.grad(w[k + 1]), ZERO)), same, equal(F.grad(u), ZERO))
    assert of_vectors.conclusion == equal(F.grad(u), ZERO)


def test_cut():
    lemma = combine(x**2 >= 0, [], [(1, [("square", x)])])
    theorem = combine(x**2 + a >= 0, [assume(x**2 >= 0), assume(a >= 0)],
                      [(1, [("gap", 0)]), (1, [("gap", 1)])])  # fmt: skip
    assert proves(cut(lemma, theorem), x**2 + a >= 0, a >= 0)
    renamed = generalise(combine(b <= b), b)
    assert cut(renamed, specialise(assume(forall(x, x <= x)), a)).hypotheses == set()


def test_cases():
    less = combine(a <= maximum(a, b), [unfold(maximum(a, b)), assume(a < b)], [(1, [("gap", 0)])])
    greater = combine(
        a <= maximum(a, b), [unfold(maximum(a, b)), assume(b <= a)], [(1, [("gap", 0)])]
    )
    assert proves(cases(less, greater, a, b), a <= maximum(a, b))


def test_a_theorem_tells_how_it_was_made():
    premise = assume(x <= a)
    theorem = combine(2 * x <= 2 * a, [premise], [(2, [("gap", 0)])])
    assert (theorem.step.rule, theorem.step.premises) == ("combine", (premise,))
    assert dict(theorem.step.data)["products"] == ((Fraction(2), (("gap", 0),)),)
    for rule, other in {
        "assume": premise,
        "expect": expect(premise, past(k)),
        "generalise": generalise(theorem, b),
        "specialise": specialise(generalise(theorem, b), t),
        "instantiate": instantiate(premise, {"x": b}),
        "unfold": unfold(number(k)),
        "rewrite": rewrite(premise, assume(equal(x, b)), b <= a),
        "cut": cut(premise, theorem),
        "cases": cases(premise, premise, a, b),
    }.items():
        assert other.step.rule == rule


def test_a_theorem_shows_itself():
    assert "⊢" in repr(assume(x <= a))


# The rules about the rules.

KERNEL = Path(shrinkproof.kernel.__file__).parent
SOURCES = {path.name: path.read_text(encoding="utf-8") for path in sorted(KERNEL.glob("*.py"))}
LIMIT = 700


def test_every_rule_is_known_here():
    assert set(RULES) == {
        "assume", "cases", "combine", "cut", "expect", "generalise", "induct", "instantiate",
        "integrate", "rewrite", "root", "specialise", "unfold",
    }  # fmt: skip


@pytest.mark.parametrize("name", RULES)
def test_a_rules_docstring_draws_the_inference_and_says_why_and_when(name):
    text = inspect.getdoc(getattr(shrinkproof.kernel, name))
    assert "Sound:" in text
    assert text.index("Sound:") < text.index("**Fails when**")
    assert "---" in text or name == "unfold"


@pytest.mark.parametrize("name", RULES)
def test_a_rule_is_listed_in_the_signature_on_top(name):
    assert f"\n    {name} " in ast.get_docstring(ast.parse(SOURCES["rules.py"]), clean=False)


@pytest.mark.parametrize("name", RULES)
def test_a_refusal_starts_with_the_rules_name(name):
    rule = getattr(shrinkproof.kernel, name)
    nothing = [None] * len(
        [p for p in inspect.signature(rule).parameters.values() if p.default is p.empty]
    )
    with pytest.raises(ProofError) as refusal:
        rule(*nothing)
    assert str(refusal.value).startswith(f"{name}: ")
    with pytest.raises(ProofError) as refusal:
        rule(no_such_thing=1)
    assert str(refusal.value).startswith(f"{name}: ")


def code_lines(source):
    """The lines that hold code: neither blank, nor comment, nor docstring."""
    tree = ast.parse(source)
    text = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
            first = node.body[0]
            if isinstance(first, ast.Expr) and ast.get_docstring(node) is not None:
                text |= set(range(first.lineno, first.end_lineno + 1))
    nothing = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)
    code = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in (*nothing, tokenize.ENDMARKER):
            code |= set(range(token.start[0], token.end[0] + 1))
    return len(code - text)


def test_counting_code_lines():
    text = '"""One\n\ntwo."""\n\n# three\nx = 1\n\n\n'
    source = text + 'def f():\n    """Four."""\n    return (\n        x\n    )\n'
    assert code_lines(source) == 5


def test_the_kernel_is_small():
    assert sum(map(code_lines, SOURCES.values())) < LIMIT


@pytest.mark.parametrize("name", SOURCES)
def test_the_kernel_avoids(name):
    """No assert (``python -O`` deletes it), no float, nothing of SymPy's that guesses."""
    for node in ast.walk(ast.parse(SOURCES[name])):
        where = f"{name}:{getattr(node, 'lineno', '?')}"
        assert not isinstance(node, ast.Assert), where
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, (float, complex))), (
            where
        )
        named = {getattr(node, field, None) for field in ("id", "attr", "name", "module")}
        assert not named & {
            "float",
            "simplify",
            "sympify",
            "eval",
            "exec",
            "parse_expr",
            "Symbol",
        }, where
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sympy"):
            assert {alias.name for alias in node.names} <= {"QQ", "PolyRing"}, where


def test_the_kernel_imports_only_itself_the_ring_and_the_standard_library():
    allowed = {
        "shrinkproof.export.text",  # how a theorem shows itself
        "shrinkproof.export.latex",
        "shrinkproof.language.operators",  # sugar; test_term.py sees that it is no more
    }
    for name, source in SOURCES.items():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Import):
                modules = {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                modules = {node.module}
            else:
                continue
            for module in modules - allowed:
                ours = module.startswith("shrinkproof.")
                assert not ours or module.startswith("shrinkproof.kernel"), f"{name}: {module}"
                assert not module.startswith("sympy.") or module == "sympy.polys.rings"


def test_theorems_come_from_the_rules_alone():
    """The private maker of theorems is called by the rules, once in each, and nowhere else."""
    tree = ast.parse(SOURCES["rules.py"])
    for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
        calls = [
            node
            for node in ast.walk(function)
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_mint"
        ]
        assert bool(calls) == (function.name in RULES), function.name
    assert not any("_mint" in SOURCES[name] for name in SOURCES if name != "rules.py")
    assert isinstance(assume(x <= a), Theorem)
