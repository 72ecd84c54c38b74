"""Formulas read as a mathematician writes them, in Unicode and in LaTeX."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shrinkproof.export.latex import display
from shrinkproof.export.layout import lines
from shrinkproof.export.looks import LATEX, TEXT
from shrinkproof.export.printer import abbreviations, latex, quantifiers, text
from shrinkproof.kernel import assume
from shrinkproof.kernel.normal import canonical, canonical_prop
from shrinkproof.kernel.term import Term, lift, make
from shrinkproof.language.evaluate import Evaluator
from shrinkproof.language.symbols import (
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
    norm2,
    number,
    parameter,
    past,
    point,
    sample,
    sqrt,
)

a, b, c, L = map(parameter, ("a", "b", "c", "L"))
sigma2, tau2, mu, F_star, F_inf = map(parameter, ("sigma2", "tau2", "mu", "F_star", "F_inf"))
k, K, i = index("k"), index("K"), index("i")
u, v, x, y = map(point, "uvxy")
F, g = Function("F"), Oracle("g")
w, eps = Sequence("w", "vector", "past"), Sequence("eps", "vector", "next")
q, s = Sequence("q", "scalar", "past"), Sequence("sigma2", "scalar", "start")

PRECEDENCE = [
    (-(a + b), "-(a + b)"),
    (-1 * (-1 * a), "a"),
    (a - (b - c), "a - (b - c)"),
    (a + (b - c), "a + b - c"),
    (a - (-b), "a + b"),
    (-a + b, "-a + b"),
    (a * (b + c), "a (b + c)"),
    (a * -b, "-a b"),
    ((a + b) ** 2, "(a + b)²"),
    ((-a) ** 2, "(-a)²"),
    (a**2 * b**3, "a² b³"),
    (a / (b * c), "a/(b c)"),
    (a / b / c, "a/(b c)"),
    (a / (b / c), "a/(b/c)"),
    (a / b * c, "(a/b) c"),
    ((a / b) ** 2, "(a/b)²"),
    ((1 / a) ** 2, "(1/a)²"),
    (a * make("pow", make("recip", b), 2), "a/b²"),
    (L / 2 * a, "(L/2) a"),
    (-2 * a, "-2a"),
    (lift(Fraction(-1, 2)) * a, "-(1/2) a"),
    (lift(2) * 3 * a, "6a"),
    (lift(2) ** 3 * 2, "2 · 2³"),
    (2 * (a + b), "2 (a + b)"),
    (2 * maximum(a, b), "2 max(a, b)"),
    (lift(0), "0"),
    (lift(Fraction(-3, 2)), "-3/2"),
    (make("add"), "0"),
    (make("mul"), "1"),
    (1 * (a + b) * c, "(a + b) c"),
    (number(K + 1) * a, "(K + 1) a"),
    (number(K + 1) + a, "K + 1 + a"),
    (a / number(K + 1), "a/(K + 1)"),
    ((1 - a) ** K, "(1 - a)^K"),
    ((1 - a) ** (K + 1), "(1 - a)^(K+1)"),
    (-(u + v), "-(u + v)"),
    ((a - b) * (u - v), "(a - b) (u - v)"),
    (v / a, "(1/a) v"),
    (inner(-u, v), "⟨-u, v⟩"),
]


@pytest.mark.parametrize(("term", "shown"), PRECEDENCE, ids=[shown for _, shown in PRECEDENCE])
def test_precedence(term: Term, shown: str) -> None:
    assert text(term) == shown


SQUARES = [
    (norm2(v), "‖v‖²", r"\lVert v \rVert^2"),
    (norm2(u - v) ** 2, "‖u - v‖⁴", r"\lVert u - v \rVert^4"),
    (norm2(v) ** K, "(‖v‖²)^K", r"(\lVert v \rVert^2)^K"),
    (inner(u, v), "⟨u, v⟩", r"\langle u, v \rangle"),
    (norm2(F.grad(w[k])), "‖∇F(w_k)‖²", r"\lVert \nabla F(w_k) \rVert^2"),
    (sigma2, "σ²", r"\sigma^2"),
    (sigma2**2, "σ⁴", r"\sigma^4"),
    (sigma2**K, "(σ²)^K", r"(\sigma^2)^K"),
    ((sigma2 + 1) ** 2, "(σ² + 1)²", r"(\sigma^2 + 1)^2"),
    (1 / sigma2, "1/σ²", r"\frac{1}{\sigma^2}"),
    (s[k], "σ_k²", r"\sigma_k^2"),
    (F_star**2, "(F*)²", r"(F^\star)^2"),
]
NAMES = [
    (F_inf, "F_inf", r"F_{\inf}"),
    (F_star, "F*", r"F^\star"),
    (parameter("q_min"), "q_min", r"q_{\min}"),
    (parameter("mu0"), "μ_0", r"\mu_0"),
    (parameter("eps"), "ε", r"\varepsilon"),
    (parameter("B_p"), "B_p", "B_p"),
    (parameter("w_bar"), "w\u0304", r"\bar{w}"),
    (parameter("rate"), "rate", r"\mathrm{rate}"),
    (w[k + 1], "w_{k+1}", "w_{k+1}"),
    (w[0], "w_0", "w_0"),
    (eps[k], "ε_k", r"\varepsilon_k"),
    (g(k, w[k]), "g(w_k; ξ_k)", r"g(w_k; \xi_k)"),
    (named("gap", a - b), "δ_0", r"\delta_0"),
    (2 * named("Delta", a - b), "2Δ", r"2 \Delta"),
]
OPERATORS = [
    (L / 2 * norm2(y), "(L/2) ‖y‖²", r"\frac{L}{2} \lVert y \rVert^2"),
    (a / (b / c), "a/(b/c)", r"\frac{a}{\frac{b}{c}}"),
    ((a / b) ** 2, "(a/b)²", r"\Bigl(\frac{a}{b}\Bigr)^2"),
    (F(x - F.grad(x) / L), "F(x - (1/L) ∇F(x))", r"F\Bigl(x - \frac{1}{L} \nabla F(x)\Bigr)"),
    (a * (b * (a + c)), "a b (a + c)", "a b (a + c)"),
    (a * (b - F(x)), "a (b - F(x))", r"a \bigl(b - F(x)\bigr)"),
    (Sum(k, K, q[k]), "Σ_{k<K} q_k", r"\sum_{k=0}^{K-1} q_k"),
    (Sum(k, K + 1, q[k]) + a, "Σ_{k<K+1} q_k + a", r"\sum_{k=0}^{K} q_k + a"),
    (Sum(k, index("", 3), q[k]), "Σ_{k<3} q_k", r"\sum_{k=0}^{2} q_k"),
    (Sum(k, index(""), q[k]), "Σ_{k<0} q_k", r"\sum_{k<0} q_k"),
    (Sum(k, K, q[k] + a), "Σ_{k<K} (q_k + a)", r"\sum_{k=0}^{K-1} (q_k + a)"),
    (a * Sum(k, K, q[k]), "a Σ_{k<K} q_k", r"a \sum_{k=0}^{K-1} q_k"),
    (Sum(k, K, q[k]) * a, "(Σ_{k<K} q_k) a", r"\biggl(\sum_{k=0}^{K-1} q_k\biggr) a"),
    (Sum(k, K, q[k]) / a, "(Σ_{k<K} q_k)/a", r"\frac{\sum_{k=0}^{K-1} q_k}{a}"),
    (-Sum(k, K, -q[k]), "-Σ_{k<K} (-q_k)", r"-\sum_{k=0}^{K-1} (-q_k)"),
    (Prod(k, K, 1 - q[k]), "Π_{k<K} (1 - q_k)", r"\prod_{k=0}^{K-1} (1 - q_k)"),
    (maximum(a + b, c), "max(a + b, c)", r"\max(a + b, c)"),
    (sqrt(a), "√a", r"\sqrt{a}"),
    (sqrt(a / b), "√(a/b)", r"\sqrt{\frac{a}{b}}"),
    (2 * sqrt(a * b) / c, "2√(a b)/c", r"\frac{2 \sqrt{a b}}{c}"),
    (sqrt(a + b) ** 2, "(√(a + b))²", r"\sqrt{a + b}^2"),
    (E(F(w[K])), "E[F(w_K)]", r"\mathbb{E}\bigl[F(w_K)\bigr]"),
    (E(q[k], past(k)), "E[q_k | past_k]", r"\mathbb{E}[q_k \mid \mathcal{F}_k]"),
    (
        E(eps[k], sample(k + 1)),
        "E[ε_k | past_{k+1}, sample_{k+1}]",
        r"\mathbb{E}[\varepsilon_k \mid \mathcal{F}_{k+1}, \xi_{k+1}]",
    ),
    (
        E(E(q[k], past(k)) + a),
        "E[E[q_k | past_k] + a]",
        r"\mathbb{E}\bigl[\mathbb{E}[q_k \mid \mathcal{F}_k] + a\bigr]",
    ),
]
PROPOSITIONS = [
    (a <= b, "a ≤ b", r"a \le b"),
    (a < b, "a < b", "a < b"),
    (a > 0, "a > 0", "a > 0"),
    (a >= 0, "a ≥ 0", r"a \ge 0"),
    (lift(1) <= a, "1 ≤ a", r"1 \le a"),
    (equal(v, make("zero")), "v = 0", "v = 0"),
    (
        forall(x, y, F(x) <= F(y)),
        "for all x, y: F(x) ≤ F(y)",
        r"\text{for all } x, y\colon F(x) \le F(y)",
    ),
]


@pytest.mark.parametrize(
    ("term", "unicode", "tex"),
    SQUARES + NAMES + OPERATORS + PROPOSITIONS,
    ids=[case[1] for case in SQUARES + NAMES + OPERATORS + PROPOSITIONS],
)
def test_both_styles(term: Term, unicode: str, tex: str) -> None:
    assert text(term) == unicode
    assert latex(term) == tex


@pytest.mark.parametrize(
    ("term", "shown"),
    [
        (canonical(Sum(k, K, q[k])), "Σ_{i<K} q_i"),
        (canonical(Sum(k, K, Sum(i, k, q[i]))), "Σ_{i<K} Σ_{j<i} q_j"),
        (canonical(Sum(k, i, q[k])), "Σ_{j<i} q_j"),
        (canonical_prop(forall(u, a <= norm2(u))), "for all x: ‖x‖² - a ≥ 0"),
        (Sum(k, k, q[k]), "Σ_{i<k} q_i"),
        (q[k] + Sum(k, K, q[k]), "q_k + Σ_{i<K} q_i"),
        (forall(k, Sum(k, K, q[k]) <= a), "for all k: Σ_{i<K} q_i ≤ a"),
    ],
)
def test_bound_variables_have_letters_of_their_own(term: Term, shown: str) -> None:
    assert text(term) == shown


def test_abbreviations_show_their_name_and_give_their_body() -> None:
    gap = named("gap", F(w[0]) - F_star)
    floor = named("B", gap / a)
    assert text(a * floor + gap) == "a B + δ_0"
    assert abbreviations(a * floor + gap) == (("B", gap / a), ("gap", F(w[0]) - F_star))


def test_quantifiers_are_split_off() -> None:
    variables, prop = quantifiers(forall(x, k, F(x) <= q[k]))
    assert variables == (x, k)
    assert text(prop) == "F(x) ≤ q_k"


def test_theorems_print_as_sequents() -> None:
    theorem = assume(a > 0)
    assert repr(theorem) == "a > 0 ⊢ a > 0"
    assert theorem._repr_latex_() == r"$\displaystyle a > 0$" == display(a > 0)


def test_long_formulas_break_at_relations_and_sums() -> None:
    long = F(y) <= F(x) + inner(F.grad(x), y - x) + L / 2 * norm2(y - x)
    assert lines(long, TEXT, 60) == [text(long)]
    assert lines(long, TEXT, 32) == [
        "F(y) ≤ F(x) + ⟨∇F(x), y - x⟩",
        "    + (L/2) ‖y - x‖²",
    ]
    assert lines(long, LATEX, 32) == [
        r"F(y) &\le F(x) + \langle \nabla F(x), y - x \rangle",
        r"&\quad + \frac{L}{2} \lVert y - x \rVert^2",
    ]


def test_a_long_left_side_has_its_own_line() -> None:
    long = F(x) + F(y) + F(u) <= F(v)
    assert lines(long, TEXT, 22) == ["F(x) + F(y) + F(u)", "    ≤ F(v)"]


def test_breaks_go_no_deeper_than_needed() -> None:
    long = a * (F(x) + F(y)) + b * (F(u) + F(v))
    assert lines(long, TEXT, 24) == ["a (F(x) + F(y))", "    + b (F(u) + F(v))"]
    assert lines(long, TEXT, 14)[0] == "a (F(x)"


def test_no_private_character_is_left() -> None:
    for term, _, _ in OPERATORS:
        assert not any(0xE000 <= ord(char) <= 0xF8FF for char in text(term) + latex(term))


# Reading back what was printed: a wrong parenthesis changes the value.

VALUES = {"a": Fraction(2, 3), "b": Fraction(-5, 7), "c": Fraction(3)}
ELEMENTS = [Fraction(1, 2), Fraction(-4), Fraction(7, 5)]
TOKEN = re.compile(r"Σ\w\d|q_\w|max|\d+|[abc]|[-+/·(),]|[⁰¹²³⁴⁵⁶⁷⁸⁹]+|\s+")
DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


class Reader:
    """The value of a printed scalar; juxtaposition and / associate to the left."""

    def __init__(self, printed: str) -> None:
        found = TOKEN.findall(printed)
        assert "".join(found) == printed
        self.tokens: list[str] = [token for token in found if token.strip()]
        self.at: dict[str, int] = {}
        self.place = 0

    def peek(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self) -> str:
        self.place += 1
        return self.tokens[self.place - 1]

    def sum(self) -> Fraction:
        sign = -1 if self.peek() == "-" and self.take() else 1
        total = sign * self.product()
        while self.peek() in ("+", "-"):
            total += self.product() if self.take() == "+" else -self.product()
        return total

    def product(self) -> Fraction:
        total = self.factor()
        while self.peek() not in ("", "+", "-", ")", ","):
            if self.peek() in ("/", "·") and self.take() == "/":
                divisor = self.factor()
                total = total / divisor if divisor else Fraction(0)
            else:
                total *= self.factor()
        return total

    def factor(self) -> Fraction:
        token = self.take()
        if token.startswith("Σ"):
            start, total = self.place, Fraction(0)
            for i in range(int(token[2])):
                self.place, self.at[token[1]] = start, i
                total += self.product()
            return total
        if token in ("(", "max"):
            values = [self.sum()] if token == "(" else []
            while self.take() in ("(", ","):
                values.append(self.sum())
            value = max(values)
        elif token.startswith("q_"):
            value = ELEMENTS[self.at[token[2]]]
        else:
            value = VALUES[token] if token in VALUES else Fraction(token)
        exponent = self.peek().translate(DIGITS)
        return value ** int(exponent) if exponent != self.peek() and self.take() else value


def read(printed: str) -> Fraction:
    return Reader(re.sub(r"Σ_\{(\w)<(\d)\}", r"Σ\1\2", printed)).sum()


def as_text(tex: str) -> str:
    """The LaTeX of a scalar in the notation of the text style."""
    tex = re.sub(r"\\[bB]igg?[lr]", "", tex).replace(r"\cdot", "·").replace(r"\max", "max")
    tex = re.sub(r"\\sum_\{(\w)=0\}\^\{(\d)\}", lambda m: f"Σ{m[1]}{int(m[2]) + 1}", tex)
    tex = re.sub(r"\^(\d)", lambda m: "⁰¹²³⁴⁵⁶⁷⁸⁹"[int(m[1])], tex)
    while r"\frac" in tex:  # innermost fractions first
        tex = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))", tex)
    return tex


ATOMS = st.sampled_from([a, b, c, *map(lift, (0, 1, -1, 2, Fraction(-3, 2)))])


def compounds(terms: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    pairs = st.tuples(terms, terms)
    return st.one_of(
        pairs.map(lambda p: p[0] + p[1]),
        pairs.map(lambda p: p[0] - p[1]),
        pairs.map(lambda p: p[0] * p[1]),
        pairs.map(lambda p: make("mul", *p)),
        pairs.map(lambda p: make("add", *p)),
        pairs.map(lambda p: p[0] / p[1]),
        pairs.map(lambda p: maximum(*p)),
        terms.map(lambda t: -t),
        terms.map(lambda t: t**2),
        terms.map(lambda t: make("recip", t)),
        pairs.map(lambda p: Sum(k, index("", 3), q[k] * p[0] + p[1])),
        terms.map(lambda t: Sum(k, index("", 2), t)),
    )


@settings(max_examples=500, deadline=None)
@given(st.recursive(ATOMS, compounds, max_leaves=8))
def test_what_is_printed_has_the_value_of_the_term(term: Term) -> None:
    value: Fraction = Evaluator({**VALUES, "q": lambda n: ELEMENTS[n]}).scalar(term)
    assert read(text(term)) == value
    assert read(as_text(latex(term))) == value
