"""The checker ``coq``: what it accepts, and that every way to be wrong turns it red."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

import pytest

from shrinkproof import coq_build, library
from shrinkproof.coq_build import CoqMissing, CoqRefuses, build
from shrinkproof.coq_checker import (
    NoDevelopment,
    Verdict,
    development,
    objection,
    sources,
    theorems,
    verdicts,
)
from shrinkproof.export import certificate
from shrinkproof.export.coq import certificates as algebra
from shrinkproof.export.coq import statements as printed
from shrinkproof.export.obligations import obligation
from shrinkproof.kernel.term import Term, lift, make
from shrinkproof.language.rewriting import put
from shrinkproof.language.symbols import equal, parameter
from shrinkproof.theorems.setting import L, q_max, q_min, sigma2, tau2

RESULTS = library.results()
STATEMENTS = [r.statement for r in RESULTS]
SOME = [library.result(name).statement for name in ("F1", "O1", "T1", "T3")]
T1 = SOME[2]


def certificates(*labels: str):
    chosen = library.select(labels)
    return [certificate.export(r.statement, r.prove()) for r in chosen]


def test_every_result_has_a_theorem_in_correspondence():
    closed = theorems(sources(development())["Correspondence"])
    assert list(closed) == [printed.name_of(s) for s in STATEMENTS]


def test_without_coq_the_line_that_installs_it_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CoqMissing, match=f"^coqc is not installed; {coq_build.INSTALL}$"):
        verdicts(SOME)


def test_without_the_files_it_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr("shrinkproof.coq_checker.__file__", str(tmp_path / "a" / "coq_checker.py"))
    with pytest.raises(NoDevelopment, match="the Coq files are not part of this installation"):
        development()


LISTED = "Axioms:\nClassical_Prop.classic : forall P : Prop, P \\/ ~ P\n"
OBJECTIONS = {
    "theorem one\nClosed under the global context\n": "",
    f"theorem one\n{LISTED}theorem two\nAxioms:\noops : False\n": "",
    f"theorem one\n{LISTED}A.oops\n  : forall A : Prop,\n    A\n": "it rests on A.oops",
    f"theorem two\n{LISTED}": "Coq did not say what it rests on",
    "theorem one\n": "Coq did not say what it rests on",
    "": "Coq did not say what it rests on",
}


@pytest.mark.parametrize(("output", "why"), OBJECTIONS.items())
def test_what_a_theorem_rests_on_must_be_listed_and_allowed(output, why):
    assert objection(output, "one") == why


@pytest.mark.coq
def test_every_theorem_holds_with_the_algebra_of_its_certificate():
    found = verdicts(STATEMENTS, certificates())
    assert found == {s.id: Verdict(True) for s in STATEMENTS}


CHANGES = {
    "sigma2 halved": (sigma2, sigma2 / 2),
    "tau2 dropped": (tau2, lift(0)),
    "L halved": (L, L / 2),
    "q_max for q_min": (q_min, q_max),
}


@pytest.mark.coq
@pytest.mark.parametrize("change", list(CHANGES))
def test_a_changed_constant_in_python_turns_coq_red(change):
    wrong = T1.concluding(put(T1.conclusion, *CHANGES[change]))
    found = verdicts([s if s is not T1 else wrong for s in SOME])
    assert [s.id for s in SOME if not found[s.id].holds] == [T1.id]
    assert re.match(r"Correspondence\.v, line \d+: ", found[T1.id].why)


@pytest.mark.coq
def test_a_changed_hypothesis_and_a_statement_that_coq_cannot_express_turn_it_red():
    weaker = replace(T1.hypothesis("smoothness"), prop=T1.hypothesis("bounded_below").prop)
    wrong = replace(T1, hypotheses=(*T1.without("smoothness").hypotheses, weaker))
    unsaid = replace(SOME[0], conclusions=(make("forall", T1.hypotheses[3].prop[1], L > 0),))
    odd = replace(unsaid, hypotheses=(replace(SOME[0].hypotheses[0], name="L"),))
    found = verdicts([odd, wrong, SOME[3]])
    assert [v.holds for v in found.values()] == [False, False, True]
    assert found[odd.id].why == "descent-lemma: 'L' names two things"


@pytest.mark.coq
def test_a_statement_that_nothing_closes_is_red():
    new = replace(SOME[0], id="brand-new")
    found = verdicts([SOME[0], new])
    assert found == {
        SOME[0].id: Verdict(True),
        new.id: Verdict(False, "Correspondence.v does not close its statement"),
    }


@pytest.mark.coq
def test_an_axiom_of_ours_is_found_in_exactly_what_rests_on_it():
    files = sources(development())
    proof = re.compile(r"(Theorem noise_decouples\b.*?Proof\.).*?Qed\.", re.S)
    files["OneStep"], n = proof.subn(r"\1 intros. apply oops. Qed.", files["OneStep"])
    axiom = "Open Scope R_scope.\nAxiom oops : forall A : Prop, A.\n"
    files["OneStep"] = files["OneStep"].replace("Open Scope R_scope.\n", axiom)
    assert n == 1
    found = verdicts(SOME, files=files)
    assert {i: v.why for i, v in found.items() if not v.holds} == {
        "one-step": "it rests on OneStep.oops",
        "nonconvex-fixed-step": "it rests on OneStep.oops",
        "pl-scheduled": "it rests on OneStep.oops",
    }


@pytest.mark.coq
def test_a_doubled_multiplier_in_a_certificate_is_red(monkeypatch):
    f1, t3 = certificates("F1", "T3")
    step = next(s for s in f1["steps"] if s["rule"] == "combine")
    step["data"]["products"][0][0] = "1/1"
    found = verdicts(SOME, [f1, t3])
    assert [i for i, v in found.items() if not v.holds] == ["descent-lemma"]
    assert re.match(r"Certificates\.v, line \d+: .*field", found["descent-lemma"].why)


@pytest.mark.coq
def test_nothing_holds_in_a_development_that_does_not_compile():
    files = sources(development())
    files["Sums"] += "\nLemma wrong : 1 = 2.\nProof. reflexivity. Qed.\n"
    for verdict in verdicts(SOME, files=files).values():
        assert not verdict.holds
        assert re.match(r"Sums\.v, line \d+: .*Unable to unify", verdict.why)


# -- controls: every statement, weakened or sharpened ----------------------------------------------


def sharper(p: Term) -> Term:
    """The same proposition with a right side that is smaller, or another one."""
    if p.op == "forall":
        return make("forall", p[1], sharper(p[2]))
    return make(p.op, p[1], p[2] + p[1] if p.op == "veq" else p[2] - 1)


def variants(s):
    for h in s.hypotheses:
        yield f"without-{h.name}", s.without(h.name)
    for i, p in enumerate(s.conclusions):
        yield f"sharper-{i}", s.concluding(*s.conclusions[:i], sharper(p), *s.conclusions[i + 1 :])


@pytest.mark.coq
def test_no_theorem_closes_its_statement_without_a_hypothesis_or_with_a_sharper_claim():
    files = sources(development())
    closed = theorems(files["Correspondence"])
    head = files["Correspondence"].partition("Theorem ")[0]
    rows, count = [], 0
    for s in STATEMENTS:
        (proof,) = re.findall(r"Proof\.(.*)Qed\.", closed[printed.name_of(s)], re.S)
        if "by_theorem" in proof:
            for words, variant in variants(s):
                variant = replace(variant, id=f"{s.id}-{words}".replace("_", "-"))
                rows.append(printed.definition(variant))
                rows.append(f"Goal {printed.name_of(variant)}.\nProof. Fail{proof}Abort.\n")
                count += 1
    assert count > 500
    statements = printed.statements(STATEMENTS)
    build(files | {"Statements": statements, "Control": head + "\n".join(rows)})


@pytest.mark.coq
def test_no_lemma_of_the_certificates_holds_with_a_doubled_multiplier():
    rows = [algebra.HEAD]
    for o, names in algebra.named(certificates()).items():
        if o.products:
            *rest, (c, factors) = o.products
            text = algebra.lemma(names[:1], replace(o, products=(*rest, (2 * c, factors))))
            head, tactic, proof = text.rpartition("  certificate ")
            rows.append(f"{head}  Fail certificate {proof.replace('Qed.', 'Abort.')}")
            assert tactic
    assert len(rows) > 200
    certificate_v = sources(development())["Certificate"]
    build({"Certificate": certificate_v, "Control": "\n".join(rows)})


@pytest.mark.coq
def test_every_form_of_a_certificate_holds():
    a, b, c = map(parameter, "abc")
    gaps = [(Fraction(1), (("gap", n),)) for n in range(2)]
    twice = (Fraction(1), (("gap", 0), ("recip", 1), ("recip", 1)))
    times = (Fraction(1), (("times", 0, lift(1)),))
    square = (Fraction(1), (("square", a),))
    scaled = [a * c <= a * b, a > 0]
    forms = [
        obligation(c <= b, scaled, gaps[:1], (1,), ()),
        obligation(c < b, [a * c < a * b, a > 0], gaps[:1], (1,), ()),
        obligation(equal(c, b), [equal(a * c, a * b), a > 0], [times], (1,), ()),
        obligation(c / a <= b / a, scaled, [twice], (), (1,)),
        obligation(a**2 + b > 0, [b > 0], [square, gaps[0]], (), ()),
        obligation(b <= 2 * a, [b <= a, a >= 0], gaps, (), ()),
        obligation(equal(c + a - a, c), [], [], (), ()),
        obligation(c <= c, [], [], (), ()),
    ]
    rows = [algebra.HEAD, *(algebra.lemma([f"form_{n}"], o) for n, o in enumerate(forms))]
    build({"Certificate": sources(development())["Certificate"], "Forms": "\n".join(rows)})


# -- compiling -------------------------------------------------------------------------------------

A = "Definition one := 1.\n"
B = "From Shrinkproof Require Import A.\nDefinition two := one + one.\nPrint two.\n"


@pytest.mark.coq
def test_a_file_is_compiled_again_only_if_something_that_it_rests_on_changed(tmp_path):
    first = build({"A": A, "B": B, "C": A}, tmp_path)
    assert first.compiled == ("A", "B", "C")
    assert first.output["B"].startswith("two = one + one")
    again = build({"A": A, "B": B, "C": A}, tmp_path)
    assert again.compiled == ()
    assert again.output == first.output
    changed = build({"A": A + "(* new *)", "B": B, "C": A}, tmp_path)
    assert changed.compiled == ("A", "B")


@pytest.mark.coq
def test_a_cache_that_cannot_be_written_is_no_failure(tmp_path):
    (tmp_path / "file").write_text("")
    assert build({"A": A}, tmp_path / "file").compiled == ("A",)


@pytest.mark.coq
def test_a_missing_library_is_named():
    text = "From Nowhere Require Import Nothing.\n"
    with pytest.raises(CoqMissing, match=f"library Nowhere is not installed; {coq_build.INSTALL}"):
        build({"A": text})


@pytest.mark.coq
def test_what_coq_refuses_is_named_with_its_line(tmp_path):
    with pytest.raises(CoqRefuses, match=r"^B\.v, line 2: The reference three was not found"):
        build({"A": A, "B": "From Shrinkproof Require Import A.\nCheck three.\n"}, tmp_path)
    with pytest.raises(CoqRefuses, match="requires itself"):
        build({"A": "From Shrinkproof Require Import A.\n"}, tmp_path)
