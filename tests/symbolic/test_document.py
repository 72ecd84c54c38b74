"""Statements and derivations in words: what is said is complete, in order, and true."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from shrinkproof.export.combination import certificate, gap, scale, shown_gap
from shrinkproof.export.document import render_derivation, render_statement
from shrinkproof.export.latex import latex_document
from shrinkproof.export.outline import Outline, spoken
from shrinkproof.export.printer import latex, quantifiers, text
from shrinkproof.export.tidy import pulled_out, tidy
from shrinkproof.kernel import (
    Theorem,
    assume,
    cases,
    cut,
    expect,
    generalise,
    induct,
    instantiate,
    rewrite,
    specialise,
)
from shrinkproof.kernel import normal as nf
from shrinkproof.kernel.term import Term, lift, make
from shrinkproof.language.statement import Hypothesis, Statement
from shrinkproof.language.symbols import (
    E,
    Function,
    Sequence,
    Sum,
    equal,
    forall,
    index,
    inner,
    maximum,
    named,
    norm2,
    parameter,
    past,
    point,
    sample,
)
from shrinkproof.library import Result, results
from shrinkproof.tactics.induction import unfolded
from shrinkproof.tactics.linear import linear
from shrinkproof.tactics.powers import root_positive

FORMATS = ("text", "latex", "markdown")
LABELS = {
    "text": r"^ *\((\d+)\)  ",
    "latex": r"\\item\[\((\d+)\)\]",
    "markdown": r"^\*\*\((\d+)\)",
}  # how a step's number is written where it stands
LIBRARY = [pytest.param(r, id=r.id) for r in results()]

s, t = parameter("s"), parameter("t")
a, b, x, y = map(point, "abxy")
k, K = index("k"), index("K")
F = Function("F")
w, g, eps = (
    Sequence("w", "vector", "past"),
    Sequence("g", "vector", "sample"),
    Sequence("eps", "vector", "next"),
)
q = Sequence("q", "scalar", "past")

T_POSITIVE = Hypothesis("t_positive", t > 0, "the weight t is positive")
YOUNG = Statement(
    id="young",
    label="Y",
    title="Young's inequality",
    hypotheses=(T_POSITIVE,),
    conclusions=(forall(a, b, 2 * inner(a, b) <= t * norm2(a) + norm2(b) / t),),
)
BOUND = Hypothesis("bounded", forall(k, E(norm2(w[k + 1]), past(k)) <= s), "w is bounded by s")


def young() -> Theorem:
    goal = YOUNG.conclusion[2][2]
    squares = [(1 / t, t * a - b)]
    return generalise(linear(goal, squares=squares, facts=[assume(t > 0)]), a, b)


def earlier(result: Result) -> Mapping[Theorem, str]:
    """The results before this one, by the names that its derivation cites them by."""
    known: dict[Theorem, str] = {}
    for r in results():
        if r.id == result.id:
            break
        known |= dict.fromkeys(r.prove(), f"{r.title} ({r.label})")
    return known


def derivation(result: Result, fmt: str) -> str:
    return render_derivation(result.statement, result.prove(), fmt, known=earlier(result))


def derived(theorem: Theorem, *hypotheses: Hypothesis) -> str:
    """The derivation of one theorem as text on one line."""
    statement = Statement("id", "S", "Title", hypotheses, (theorem.conclusion,))
    return " ".join(render_derivation(statement, [theorem], "text").split())


def outline(result: Result) -> Outline:
    return Outline(result.prove(), result.statement.hypotheses, earlier(result))


def flat(rendered: str) -> str:
    """One line, without what layout adds: breaks, alignment, sizes of delimiters."""
    rendered = re.sub(r"\\\\|\\cr\b|\\quad|\\nobreak|\\[bB]igg?[lr]|&", " ", rendered)
    return "".join(rendered.split())


# known values


def test_statement_in_text() -> None:
    assert render_statement(YOUNG, "text") == (
        "Y. Young's inequality\n\nAssume\n\n  - t > 0.\n\n"
        "Then, for all a and b,\n    2⟨a, b⟩ ≤ t ‖a‖² + ‖b‖²/t.\n"
    )


def test_derivation_in_text() -> None:
    assert render_derivation(YOUNG, [young()], "text") == (
        "Proof of Y, Young's inequality\n\n"
        "(1)  By t > 0, for all a and b, we have 2⟨a, b⟩ ≤ t ‖a‖² + ‖b‖²/t, since the right side\n"
        "     minus the left side equals (1/t) ‖t a - b‖², which is nonnegative. This is the\n"
        "     claim.\n"
    )


def test_derivation_in_markdown() -> None:
    assert render_derivation(YOUNG, [young()], "markdown") == (
        "#### Proof of Y\n\n"
        r"**(1)** By $t > 0$, for all $a$ and $b$, we have "
        r"$2 \langle a, b \rangle \le t \lVert a \rVert^2 + \frac{\lVert b \rVert^2}{t}$, "
        r"since the right side minus the left side equals $\frac{1}{t} \lVert t a - b \rVert^2$, "
        "which is nonnegative. This is the claim.\n"
    )


def test_derivation_in_latex() -> None:
    rendered = render_derivation(YOUNG, [young()], "latex")
    assert rendered.startswith("\\begin{proof}[Proof of Y]\n\\leavevmode\n\\begin{itemize}\n")
    assert r"  \item[(1)] By $t > 0$, for all $a$ and $b$, we have" in rendered
    assert rendered.endswith("This is the claim. \\qedhere\n\\end{itemize}\n\\end{proof}\n")


def test_an_abbreviation_of_a_hypothesis_is_explained_after_those_of_the_claim() -> None:
    enough = Hypothesis("enough", named("M", s + t) <= s * t, "there are enough steps")
    claim = named("B", s * t) <= 1
    rendered = render_statement(Statement("id", "S", "Title", (enough,), (claim,)), "text")
    assert "Then\n    B ≤ 1,\nwhere B = s t, and M = s + t." in rendered


def test_abbreviations_and_stages_are_explained() -> None:
    noise = named("B", s / t + maximum(s, t) + maximum(s * t, s**2) + maximum(s**3, t**3))
    claims = (E(norm2(w[K])) <= named("Delta", s) + noise, forall(k, E(q[k], sample(k)) <= s))
    rendered = render_statement(Statement("id", "S", "Title", (BOUND,), claims), "text")
    assert "where Δ = s, and\n    B = s/t + max(s, t) + max(s t, s²) + max(s³, t³)." in rendered
    assert "past_k, sample_k is that and the sample" in " ".join(rendered.split())
    assert "Of the sequences, q_k and w_k are determined by past_k." in " ".join(rendered.split())


def test_an_abbreviation_with_two_meanings_is_spelled_out() -> None:
    def named_square(i: Term) -> Term:
        return named("G", norm2(w[i]))

    here = Hypothesis("here", named_square(k) <= s, "here")
    there = Hypothesis("there", named_square(k + 1) <= s, "there")
    total = named_square(k) + named_square(k + 1) <= 2 * s
    theorem = linear(total, using=[(1, assume(here.prop)), (1, assume(there.prop))])
    assert "‖w_k‖² + ‖w_{k+1}‖² ≤ 2s" in derived(theorem, here, there)


def test_an_abbreviation_keeps_the_meaning_that_the_statement_gives_it() -> None:
    small = Hypothesis("small", s <= 1, "s is small")
    lemma = linear(named("B", s + t**2) <= 1 + t**2, using=[(1, assume(small.prop))])
    told = derived(linear(2 * named("B", s) <= 2, using=[(2, lemma)]), small)
    assert "(1) Rearranging s ≤ 1, we have s + t² ≤ 1 + t²." in told
    assert "we have 2B ≤ 2," in told


def test_unknown_format() -> None:
    with pytest.raises(ValueError, match="no format 'html'; there are text, latex, markdown"):
        render_statement(YOUNG, "html")


# one rule at a time


def test_induction_tells_base_and_step() -> None:
    n = index("n")

    def claim(m):
        return equal(Sum(k, m, s), make("num", m) * s)

    base = unfolded(claim(index("")), linear)
    step = unfolded(claim(n + 1), lambda goal: linear(goal, using=[(1, assume(claim(n)))]))
    told = derived(specialise(induct(base, step, forall(n, claim(n))), K))
    assert "(1) As the empty sum is 0, we have Σ_{k<0} s = 0." in told
    assert "(2) Suppose, for induction on n, that Σ_{k<n} s = n s." in told
    assert "(3) Rearranging (2), and as the sum has one term more, we have Σ_{k<n+1} s" in told
    assert "(4) By induction on n, from (1) for n = 0 and the step (3), for all n," in told
    assert told.endswith("(5) By (4) at n := K, we have Σ_{k<K} s = K s. This is the claim.")


def test_expectation_tells_what_comes_out() -> None:
    bounded = assume(inner(w[k], g[k]) <= q[k] * norm2(g[k]))
    told = derived(expect(bounded, past(k)))
    assert "Taking E[· | past_k] in ⟨w_k, g_k⟩ ≤ q_k ‖g_k‖²" in told
    assert "⟨w_k, E[g_k | past_k]⟩ ≤ q_k E[‖g_k‖² | past_k]" in told or "E[⟨w_k, g_k⟩" in told
    assert "where w_k and q_k come out, since past_k determines them" in told


def test_specialised_hypothesis_and_tower_rule() -> None:
    told = derived(expect(specialise(assume(BOUND.prop), index("", 3)), past(0)), BOUND)
    assert "(1) By (bounded) at k := 3, we have E[‖w_4‖² | past_3] ≤ s." in told
    assert "(2) Taking E[·] in (1), by the tower rule" in told


def test_cases() -> None:
    claim = (t - s) ** 2 >= 0
    less = linear(claim, products=[(t - s) * (t - s)], facts=[assume(s < t)])
    greater = linear(claim, products=[(s - t) * (s - t)], facts=[assume(t <= s)])
    told = derived(cases(less, greater, s, t))
    assert "(1) Suppose s < t. We have (t - s)² ≥ 0, since (t - s)² = (t - s) (t - s)," in told
    assert "(2) Suppose t ≤ s. We have" in told
    assert "(3) By (1) if s < t and by (2) if t ≤ s, we have (t - s)² ≥ 0. This is" in told


def test_a_case_that_is_the_claim_is_not_supposed_again() -> None:
    positive = Hypothesis("s_positive", s > 0, "s is positive")
    told = derived(root_positive(assume(positive.prop)), positive)
    assert "(3) By √s > 0 if √s > 0 and by (2) if √s ≤ 0, we have √s > 0. This is" in told
    assert "(1) By s > 0 and the definition of the square root, we have (√s)² = s." in told


def test_cut_and_instantiate_of_a_known_theorem() -> None:
    known = young()
    one = Hypothesis("one", lift(1) <= s, "s is at least 1")
    positive = linear(2 * s > 0, using=[(2, assume(one.prop))], products=[lift(2)])
    theorem = cut(positive, instantiate(known, {"t": 2 * s}))
    statement = Statement("id", "S", "Title", (one,), (theorem.conclusion,))
    told = render_derivation(statement, [theorem], "text", known={known: "Young (Y)"})
    assert "(1)  By 1 ≤ s, we have 2s > 0, since 2s = 2 (s - 1) + 2, a sum of" in told
    assert "(2)  By Young (Y) with t := 2s, its condition holding by (1), for all a and b," in told
    assert "(3)" not in told


def test_substitution() -> None:
    step = Hypothesis("step", forall(k, equal(w[k + 1], w[k] - t * g[k])), "w makes a step")
    low = Hypothesis("low", forall(k, F(w[k]) <= s), "F stays low along w")
    premise, equation = specialise(assume(low.prop), k + 1), specialise(assume(step.prop), k)
    told = derived(rewrite(premise, equation, F(w[k] - t * g[k]) <= s), step, low)
    assert "Substituting w_{k+1} = w_k - t g_k (step) in F(w_{k+1}) ≤ s (low)," in told
    assert "we have F(w_k - t g_k) ≤ s." in told


def test_identities_and_rearrangements() -> None:
    assert "(1) Multiplying out, we have" in derived(
        linear(equal((s + t) ** 2, t**2 + 2 * s * t + s**2))
    )
    premise = Hypothesis("low", forall(k, norm2(w[k]) + norm2(g[k]) <= s), "low")
    moved = linear(norm2(w[k]) <= s - norm2(g[k]), using=[(1, specialise(assume(premise.prop), k))])
    assert "Rearranging ‖w_k‖² + ‖g_k‖² ≤ s (low), we have" in derived(moved, premise)


# tidying


@pytest.mark.parametrize(
    ("term", "shown"),
    [
        (F(x + (y - x)), "F(y)"),
        (norm2(x - x), "0"),
        (0 * s + t * 1, "t"),
        (E(F(w[0])), "F(w_0)"),
        (E(E(F(w[k]), past(k))), "E[F(w_k)]"),
        (E(2 * t * F(w[k + 1]) + s, past(k)), "2t E[F(w_{k+1}) | past_k] + s"),
        (E(inner(w[k], g[k]), past(k)), "⟨w_k, E[g_k | past_k]⟩"),
        (E(q[k] * F(w[k + 1])), "E[q_k F(w_{k+1})]"),
        (named("B", s + 0), "B"),
    ],
)
def test_tidying(term: Term, shown: str) -> None:
    assert text(tidy(term)) == shown
    assert nf.normal(tidy(term)) == nf.normal(term)


def test_only_what_the_stage_determines_comes_out() -> None:
    term = E(inner(g[k], E(eps[k], sample(k))) + q[k] * norm2(g[k]), past(k))
    assert pulled_out(term, past(k)) == (q[k],)


# the library


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize("result", LIBRARY)
def test_statements_say_every_hypothesis_and_conclusion(result: Result, fmt: str) -> None:
    rendered = flat(render_statement(result.statement, fmt))
    show = text if fmt == "text" else latex
    assert result.label in rendered
    for prop in [h.prop for h in result.statement.hypotheses] + list(result.statement.conclusions):
        assert flat(show(quantifiers(prop)[1])) in rendered


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize("result", LIBRARY)
def test_steps_are_numbered_once_and_cited_after_they_stand(result: Result, fmt: str) -> None:
    rendered = derivation(result, fmt)
    starts = list(re.finditer(LABELS[fmt], rendered, re.MULTILINE))
    numbers = [int(m[1]) for m in starts]
    assert numbers == list(range(1, len(numbers) + 1))
    ends = [*(m.start() for m in starts[1:]), len(rendered)]
    cited: set[int] = set()
    for number, start, end in zip(numbers, starts, ends, strict=True):
        step = rendered[start.end() : end]
        found = {int(n) for n in re.findall(r"[(\[](\d+)[)\]]", re.sub(r"\w\(\d\)", "", step))}
        assert all(n < number for n in found), f"({number}) cites {found}"
        cited |= found
    claims = {outline(result).references[t].word for t in outline(result).roots}
    assert {str(n) for n in numbers} - {str(n) for n in cited} <= claims


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize("result", LIBRARY)
def test_derivations_cite_every_hypothesis_they_use(result: Result, fmt: str) -> None:
    rendered = flat(derivation(result, fmt))
    show = text if fmt == "text" else latex
    steps = outline(result).steps
    used = {t.conclusion for t in steps if t.step.rule == "assume"}
    for h in result.statement.hypotheses:
        if h.prop not in used:
            continue
        instances = [
            t.conclusion
            for t in steps
            if t.step.rule == "specialise" and t.step.premises[0].conclusion == h.prop
        ]
        formulas = [flat(show(quantifiers(p)[1])) for p in (h.prop, *instances)]
        words = (f"({flat(spoken(h.name))})", *formulas)
        assert any(w in rendered for w in words), h.name


@pytest.mark.parametrize("result", LIBRARY)
def test_shown_formulas_are_the_conclusions(result: Result) -> None:
    told = outline(result)
    for step, number in told.numbers.items():
        shown, proved = (quantifiers(p)[1] for p in (told.shown[number], step.conclusion))
        assert nf.same(shown, proved)


@pytest.mark.parametrize("result", LIBRARY)
def test_shown_certificates_are_identities(result: Result) -> None:
    told = outline(result)
    for step in told.steps:
        if told.rule(step) != "combine" or step.conclusion.op == "veq":
            continue
        premises = step.step.premises
        total = certificate(step, lambda i, premises=premises: gap(premises[i]))  # type: ignore[misc]
        factor = scale(step, lambda i, premises=premises: gap(premises[i]))  # type: ignore[misc]
        left = gap(step) if factor is None else factor * gap(step)
        nonzero = [gap(p) for p in premises if p.conclusion.op == "lt"]
        assert nf.is_zero(left - total, nonzero)


@pytest.mark.parametrize("result", LIBRARY)
def test_differences_are_spelled_out_truly(result: Result) -> None:
    told = outline(result)
    for step in told.references:
        if step.conclusion.op == "forall":
            continue
        shown = shown_gap(told, step)
        if not text(shown).startswith("["):
            assert nf.canonical(shown) == nf.canonical(gap(step))


@pytest.mark.parametrize("result", LIBRARY)
def test_text_fits_its_columns(result: Result) -> None:
    rendered = render_statement(result.statement, "text") + derivation(result, "text")
    assert max(map(len, rendered.splitlines())) <= 90


@pytest.mark.parametrize("result", LIBRARY)
def test_markdown_has_no_backslash_that_a_renderer_would_drop(result: Result) -> None:
    rendered = render_statement(result.statement, "markdown") + derivation(result, "markdown")
    assert not re.search(r"\\[^A-Za-z]", rendered)
    assert rendered.count("$") % 2 == 0


def test_known_theorems_are_cited_and_not_derived() -> None:
    bound = next(r for r in results() if r.id == "gradient-bound")
    cited = derivation(bound, "text")
    derived_in_full = render_derivation(bound.statement, bound.prove(), "text")
    assert "Descent lemma (F1)" in cited and "Integrating" not in cited
    assert "Descent lemma (F1)" not in derived_in_full and "Integrating" in derived_in_full


def test_output_depends_on_no_hash_seed() -> None:
    script = (
        "from shrinkproof.library import result\n"
        "from shrinkproof.export.document import render_derivation, render_statement\n"
        "r = result('T3')\n"
        "print(render_statement(r.statement, 'latex'))\n"
        "print(render_derivation(r.statement, r.prove(), 'latex'))\n"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1


@pytest.mark.latex
def test_all_derivations_compile(tmp_path: Path) -> None:
    pdflatex = shutil.which("pdflatex")
    assert pdflatex is not None
    parts = [render_statement(r.statement, "latex") + derivation(r, "latex") for r in results()]
    (tmp_path / "all.tex").write_text(latex_document("\n".join(parts)), encoding="utf-8")
    run = subprocess.run(
        [pdflatex, "-interaction=nonstopmode", "-halt-on-error", "all.tex"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    log = (tmp_path / "all.log").read_text(encoding="latin-1")
    assert run.returncode == 0, log[-2000:]
    too_wide = [float(x) for x in re.findall(r"Overfull \\hbox \(([\d.]+)pt too wide", log)]
    assert max(too_wide, default=0.0) < 10.0
