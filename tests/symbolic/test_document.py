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
    instantiate,
    rewrite,
    specialise,
    unfold,
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
from shrinkproof.tactics.induction import constant_sum
from shrinkproof.tactics.linear import linear

FORMATS = ("text", "latex", "markdown")
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
        known |= {theorem: f"{r.title} ({r.label})" for theorem in r.prove()}
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


def test_unknown_format() -> None:
    with pytest.raises(ValueError, match="no format 'html'; there are text, latex, markdown"):
        render_statement(YOUNG, "html")


# one rule at a time


def test_induction_tells_base_and_step() -> None:
    told = derived(constant_sum(k, K, s))
    assert "(1) As the empty sum is 0, we have Σ_{k<0} s = 0." in told
    assert "(2) Suppose, for induction on n, that Σ_{k<n} s = n s." in told
    assert "(3) By (2), and as the sum has one term more, we have Σ_{k<n+1} s = (n + 1) s," in told
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
    claim = maximum(s, t) >= t
    less, greater = (
        linear(claim, using=[(1, unfold(maximum(s, t), 1))], products=[lift(0)], facts=[assume(h)])
        for h in (s < t, t <= s)
    )
    by_cases = cases(linear_using(less, s < t), linear_using(greater, t <= s), s, t)
    told = derived(by_cases)
    assert "Suppose s < t." in told and "Suppose t ≤ s." in told
    assert "if s < t and by" in told and "if t ≤ s, we have max(s, t) - t + 1 > 0" in told


def linear_using(theorem: Theorem, assumed: Term) -> Theorem:
    """max(s, t) - t + 1 > 0 in a way that depends on an assumption."""
    distance = assumed[2] - assumed[1]
    goal = maximum(s, t) - t + 1 > 0
    facts = [assume(assumed)]
    return linear(
        goal - 0 if False else goal,
        using=[(1, theorem)],
        products=[1, distance * 0] if False else [1],
        facts=facts,
    )
