"""Statements in Coq: what is printed, how random each symbol is there, and what is refused."""

from __future__ import annotations

import re

import pytest

from shrinkproof import library
from shrinkproof.export.coq.pretty import BREAK, WIDTH, group, lines
from shrinkproof.export.coq.scope import Names, NotExpressible, Scope
from shrinkproof.export.coq.statements import definition, name_of, statements
from shrinkproof.export.coq.terms import proposition, term
from shrinkproof.kernel.term import SCALAR, VECTOR, make
from shrinkproof.language.statement import Hypothesis, Statement
from shrinkproof.language.symbols import (
    ZERO,
    E,
    Function,
    Oracle,
    Prod,
    Sequence,
    Sum,
    equal,
    fixed_point,
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
    quantity,
    sample,
    sqrt,
)

a, b, c, L, mu = map(parameter, ("a", "b", "c", "L", "mu"))
x, y, v = point("x"), point("y"), fixed_point("v")
k, K, j = index("k"), index("K"), index("j")
F, field = Function("F"), Oracle("g")
w, g = Sequence("w", VECTOR, "past"), Sequence("g", VECTOR, "sample")
eps, mu_k = Sequence("eps", VECTOR, "next"), Sequence("mu", SCALAR, "start")
q = Sequence("q", SCALAR, "past")
RESULTS = library.results()

T1 = """\
(** T1. Nonconvex SGD with a fixed stepsize *)
Definition nonconvex_fixed_step : Prop :=
  forall (V : Space) (P : Process) (F : Objective V) (L mu sigma2 tau2 q_min q_max F_inf : R)
    (K : nat) (q : History P -> R) (w : History P -> V) (g : History P -> Sample P -> V)
    (eps : History P -> Sample P -> Noise P -> V)
    (Delta := F (w start) - F_inf)
    (* L is positive *)
    (L_positive : 0 < L)
    (* the gradient of F is L-Lipschitz *)
    (smoothness : forall x y : V, norm2 (grad F y - grad F x) <= L ^ 2 * norm2 (y - x))
    (* the iterates are those of SGD with shrunken, perturbed gradients *)
    (update : always h xi zeta, w (after h xi zeta) = (w h - mu * (q h * g h xi + eps h xi zeta))%V)
    (* the stochastic gradient is unbiased, given the past *)
    (unbiased : always h, M_past h (fun xi _ => g h xi) = grad F (w h))
    (* its variance is at most sigma2, given the past *)
    (variance : always h, E_past h (fun xi _ => norm2 (g h xi - grad F (w h))) <= sigma2)
    (* the quantization noise has mean zero, given the past and the sample *)
    (noise_unbiased : always h xi, M_sample h xi (fun zeta => eps h xi zeta) = 0%V)
    (* its second moment is at most tau2, given the past *)
    (noise_variance : always h, E_past h (fun xi zeta => norm2 (eps h xi zeta)) <= tau2)
    (* the stepsize is positive *)
    (mu_positive : 0 < mu)
    (* q_min is positive *)
    (q_min_positive : 0 < q_min)
    (* q_k is at least q_min *)
    (q_lower : always h, q_min <= q h)
    (* q_k is at most q_max *)
    (q_upper : always h, q h <= q_max)
    (* mu q_max is at most 1/L *)
    (stepsize_bound : mu * q_max <= 1 / L)
    (* F is bounded below by F_inf *)
    (bounded_below : forall x : V, F_inf <= F x)
    (* there is at least one step *)
    (K_positive : 0 < INR K),
  sum K (fun k => E_run k (fun h => norm2 (grad F (w h)))) / INR K
  <= 2 * Delta / (INR K * mu * q_min) + L * mu * (q_max ^ 2 * sigma2 + tau2) / q_min.
"""


def written(t) -> str:
    """A proposition or a term as the body of a statement has it, on one line."""
    scope = Scope(Names())
    doc = proposition(t, scope) if t.sort == "prop" else term(t, scope)[0]
    return " ".join("\n".join(lines(doc)).split())


def statement(*conclusions, given=()) -> Statement:
    hypotheses = tuple(Hypothesis(f"h{n}", p, "words") for n, p in enumerate(given))
    return Statement("some-id", "X1", "A title", hypotheses, conclusions)


def test_t1_says_what_the_paper_says():
    assert definition(library.result("T1").statement) == T1


FORMS = [
    (a - (b - c), "a - (b - c)"),
    (a + (b + c), "a + b + c"),
    (-(a + b), "- (a + b)"),
    (-a * b, "- a * b"),
    (a * -b, "a * (-1) * b"),
    (a - 2 * b, "a - 2 * b"),
    ((a + b) * c, "(a + b) * c"),
    (a * (b * c), "a * b * c"),
    (a / (b * c), "a / (b * c)"),
    (a / b / c, "a / (b * c)"),
    (a / b * c, "a / b * c"),
    (1 / a, "1 / a"),
    ((a / b) ** 2, "(a / b) ^ 2"),
    (a**2 / 2, "a ^ 2 / 2"),
    ((-a) ** 2, "(- a) ^ 2"),
    ((a**2) ** K, "(a ^ 2) ^ K"),
    (a ** (K + 1), "a ^ (S K)"),
    (number(K), "INR K"),
    (number(K + 2), "INR (S (S K))"),
    (number(index("", 3)), "3"),
    (make("rat", -3, 2) * a, "- 3 / 2 * a"),
    (maximum(a + b, c), "Rmax (a + b) c"),
    (sqrt(a / b), "sqrt (a / b)"),
    (norm2(x - y), "norm2 (x - y)"),
    (inner(a * x, ZERO), "inner (a * x) 0"),
    (F(v), "F v"),
    (F(x + a * y), "F (x + a * y)%V"),
    (F(ZERO), "F 0%V"),
    (norm2(F.grad(x - a * F.grad(x))), "norm2 (grad F (x - a * grad F x))"),
    (norm2(a * (b * x)), "norm2 (a * (b * x))"),
    (norm2(a * b * x), "norm2 (a * b * x)"),
    (norm2(x / a), "norm2 (x / a)"),
    (norm2(-x), "norm2 (-1 * x)"),
    (Sum(k, K, mu_k[k] ** 2), "sum K (fun k => mu k ^ 2)"),
    (Prod(k, K + 1, 1 - mu_k[k]), "prod (S K) (fun k => 1 - mu k)"),
    (mu_k[0] + mu_k[k + 1], "mu 0%nat + mu (S k)"),
    (F(w[0]), "F (w start)"),
    (E(F(w[K])), "E_run K (fun h => F (w h))"),
    (E(F(w[k + 1])), "E_run (S k) (fun h => F (w h))"),
    (E(q[k] * number(k)), "E_run k (fun h => q h * INR k)"),
    # What a step draws is averaged over that step.
    (E(norm2(g[k])), "E_run k (fun h => E_past h (fun xi _ => norm2 (g h xi)))"),
    (E(a), "E_run 0 (fun _ => a)"),
    (
        Sum(k, K, E(mu_k[k] * norm2(w[k]))),
        "sum K (fun k => E_run k (fun h => mu k * norm2 (w h)))",
    ),
]


@pytest.mark.parametrize(("t", "wanted"), FORMS, ids=[wanted for _, wanted in FORMS])
def test_terms(t, wanted):
    assert written(t) == wanted


PROPOSITIONS = [
    (forall(x, y, a <= inner(x, y)), "forall x y : V, a <= inner x y"),
    (forall(k, mu_k[k] > 0), "forall k : nat, 0 < mu k"),
    (forall(k, q[k] > 0), "always h, 0 < q h"),
    (forall(k, mu_k[k] * q[k] <= number(k)), "always h, mu (time h) * q h <= INR (time h)"),
    (forall(k, equal(g[k], ZERO)), "always h xi, g h xi = 0%V"),
    (forall(k, equal(eps[k], w[k])), "always h xi zeta, eps h xi zeta = w h"),
    (
        forall(k, equal(w[k + 1], w[k] - a * g[k])),
        "always h xi zeta, w (after h xi zeta) = (w h - a * g h xi)%V",
    ),
    (forall(k, equal(field(k, w[k]), v)), "always h xi, g h xi (w h) = v"),
    (
        forall(k, equal(E(g[k], past(k)), F.grad(w[k]))),
        "always h, M_past h (fun xi _ => g h xi) = grad F (w h)",
    ),
    (
        forall(k, equal(E(eps[k] + v, sample(k)), v)),
        "always h xi, M_sample h xi (fun zeta => (eps h xi zeta + v)%V) = v",
    ),
    (
        forall(k, E(F(w[k + 1]), past(k)) <= F(w[k])),
        "always h, E_past h (fun xi zeta => F (w (after h xi zeta))) <= F (w h)",
    ),
    (
        # A mean inside a mean: the inner one averages over draws of its own.
        forall(k, E(inner(g[k], E(g[k], past(k))), past(k)) >= 0),
        "always h, 0 <= E_past h (fun xi _ => inner (g h xi) (M_past h (fun xi _ => g h xi)))",
    ),
    (
        # The next step's draws must not be mistaken for this one's.
        forall(k, E(E(norm2(g[k + 1] - v), past(k + 1)), past(k)) <= a),
        "always h, E_past h (fun xi zeta => "
        "E_past (after h xi zeta) (fun xi' _ => norm2 (g (after h xi zeta) xi' - v))) <= a",
    ),
    (
        # Any random variable is one that the end of the step knows.
        forall(x, k, equal(E(x, past(k)), ZERO)),
        "forall x : History P -> Sample P -> Noise P -> V, "
        "always h, M_past h (fun xi zeta => x h xi zeta) = 0%V",
    ),
    (
        forall(k, forall(j, inner(w[k], w[0]) <= mu_k[j])),
        "always h, forall j : nat, inner (w h) (w start) <= mu j",
    ),
]


@pytest.mark.parametrize(("t", "wanted"), PROPOSITIONS, ids=[p for _, p in PROPOSITIONS])
def test_propositions(t, wanted):
    assert written(t) == wanted


TYPES = [
    (a, "R"),
    (norm2(v), "V"),
    (quantity("u"), "R"),
    (mu_k[k], "nat -> R"),
    (E(q[k], past(k)), "History P -> R"),
    (norm2(g[k]), "History P -> Sample P -> V"),
    (norm2(eps[k]), "History P -> Sample P -> Noise P -> V"),
    (norm2(field(k, v)), "History P -> Sample P -> V -> V"),
    (F(v), "Objective V"),
    (E(quantity("u"), past(k)), "History P -> Sample P -> Noise P -> R"),
]


@pytest.mark.parametrize(("t", "kind"), TYPES, ids=[kind for _, kind in TYPES])
def test_randomness_is_a_type(t, kind):
    text = definition(statement(forall(k, t <= 1)))
    assert f" : {kind})" in text


REFUSED = [
    (q[K] <= 1, [q[K] <= 2], "random at time K stands outside every quantifier"),
    (forall(k, inner(w[k], w[k + 2]) <= 1), [], "more than one step apart"),
    (forall(k, forall(j, inner(w[k], w[j]) <= 1)), [], "random"),
    (forall(k, norm2(w[k + 1]) <= 1), [], "all that is random at time k is of a later time"),
    (Sum(k, K, q[k]) <= 1, [], "a sum of random terms outside every expectation"),
    (equal(E(w[k]), v), [], "the mean of a vector over the whole run"),
    (E(inner(w[k], w[K])) <= 1, [], "more than one step apart"),
    (forall(k, E(F(w[k + 2]), past(k)) <= 1), [], "of what another one draws"),
    (forall(k, E(quantity("u"), past(k)) <= quantity("u")), [], "averaged and not"),
    (E(quantity("u")) <= 1, [], "'u' is random"),
    (named("a", b) <= a, [], "'a' names two things"),
    (parameter("a b") <= 1, [], "'a b' cannot be a name in Coq"),
]


@pytest.mark.parametrize(("prop", "given", "why"), REFUSED, ids=[why for *_, why in REFUSED])
def test_what_does_not_fit_is_refused(prop, given, why):
    with pytest.raises(NotExpressible, match=f"^some-id: .*{re.escape(why)}"):
        definition(statement(prop, given=given))


def test_a_conclusion_at_a_free_time_holds_at_all_times():
    assert definition(statement(equal(w[K], v))).endswith("  always h, w h = v.\n")


def test_abbreviations_stand_before_what_uses_them():
    text = definition(statement(named("B", named("C", a) + 1) <= b, given=[named("C", a) <= 1]))
    places = [text.index(x) for x in ("(a b : R)", "(C := a)", "(B := C + 1)", "(h0 : C <= 1)")]
    assert places == sorted(places)


def test_an_abbreviation_of_what_varies_is_written_out():
    text = definition(statement(forall(k, named("alpha", mu_k[k] * q[k]) <= 1)))
    assert "always h, mu (time h) * q h <= 1." in text
    assert "alpha" not in text


def test_names_that_coq_needs_are_left_to_it():
    text = definition(statement(forall(k, parameter("S") * parameter("h") <= q[k + 1] * q[k])))
    assert "(h S_ : R)" in text or "(S_ h : R)" in text
    assert "always history xi zeta, S_ * h <= q (after history xi zeta) * q history." in text


def test_words_cannot_end_their_comment():
    words = Hypothesis("h0", a <= 1, 'F(w*) and "so (*on*)')
    s = Statement("some-id", "X1", "A (*title*)", (words,), (a <= 1,))
    assert re.findall(r"\(\*|\*\)|\"", definition(s)) == ["(*", "*)", "(*", "*)"]


def test_without_hypotheses_the_variables_end_the_quantifier():
    assert definition(statement(a <= a)).endswith("  forall (a : R),\n  a <= a.\n")
    assert definition(statement(make("rat", 0, 1) <= 1)).endswith(": Prop :=\n  0 <= 1.\n")


@pytest.mark.parametrize("result", RESULTS, ids=[r.id for r in RESULTS])
def test_every_statement_of_the_library_fits_the_page(result):
    text = definition(result.statement)
    assert max(map(len, text.splitlines())) <= WIDTH
    assert [text.count(x) for x in "(["] == [text.count(x) for x in ")]"]
    for h in result.statement.hypotheses:
        assert f"    ({h.name} :" in text


def test_the_file_has_each_statement_once():
    text = statements(r.statement for r in RESULTS)
    names = re.findall(r"^Definition (\w+) : Prop :=$", text, re.M)
    assert names == [name_of(r.statement) for r in RESULTS]


def test_a_line_breaks_at_the_outermost_group_first():
    inner_group = group("b" * 40, BREAK, "+ ", "c" * 40)
    assert lines(group("a" * 40, BREAK, "<= ", inner_group)) == [
        "a" * 40,
        "<= " + "b" * 40 + " + " + "c" * 40,
    ]
    assert lines(group("(", inner_group, ")" * 20, indent=1)) == [
        "(" + "b" * 40,
        " + " + "c" * 40 + ")" * 20,
    ]
