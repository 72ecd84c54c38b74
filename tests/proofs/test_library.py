"""The library: every proof is its statement's, hypotheses are needed, modules read alike."""

import ast
import inspect
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from shrinkproof import library
from shrinkproof.export.printer import latex
from shrinkproof.kernel import ProofError, assumptions, rules
from shrinkproof.kernel.term import Term, lift
from shrinkproof.language.rewriting import put
from shrinkproof.language.statement import Statement
from shrinkproof.theorems import (
    fixed_stepsize,
    nonconvex_fixed_step,
    one_step,
    pl_scheduled,
    proving,
)
from shrinkproof.theorems.setting import L, c, k, q_max, q_min, sigma2, tau2

RESULTS = library.results()
IDS = [r.id for r in RESULTS]
REQUIRED = ["F1", "F2", "F3", "F6", "S1", "S2", "O1", "O2", "T1", "T1s", "T3", "T3p"]
FIELDS = ["Label", "Statement", "Assumptions", "Tightness", "Uses", "Source", "Needs"]


def test_every_required_result_is_there_and_names_are_unique():
    labels = [r.label for r in RESULTS]
    assert set(REQUIRED) <= set(labels)
    assert len({name.lower() for name in (*labels, *IDS)}) == len(labels) + len(IDS)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", i) for i in IDS)


def test_every_module_of_a_result_is_listed():
    folder = Path(inspect.getfile(one_step)).parent
    stating = {p.stem for p in folder.glob("*.py") if "\nSTATEMENT = " in p.read_text()}
    assert stating == set(library.MODULES)


@pytest.mark.parametrize("result", RESULTS, ids=IDS)
def test_assumptions_are_exactly_what_the_statement_lists(result):
    used = {prop for theorem in result.prove() for prop in assumptions(theorem)}
    assert used == {h.prop for h in result.statement.hypotheses}


@pytest.mark.parametrize("result", RESULTS, ids=IDS)
def test_no_hypothesis_can_be_left_out_of_the_statement(result):
    for h in result.statement.hypotheses:
        with pytest.raises(ProofError, match="which is not listed"):
            result.statement.without(h.name).require(result.prove())


def test_an_idle_hypothesis_is_refused():
    extra = one_step.STATEMENT.hypotheses + nonconvex_fixed_step.STATEMENT.hypotheses[-1:]
    padded = Statement("id", "X", "title", extra, one_step.STATEMENT.conclusions)
    with pytest.raises(ProofError, match="no proof uses the hypothesis K_positive"):
        padded.require(one_step.prove())


CHANGES = {
    "sigma2 halved": (sigma2, sigma2 / 2),
    "sigma2 dropped": (sigma2, lift(0)),
    "tau2 dropped": (tau2, lift(0)),
    "L halved": (L, L / 2),
}


@pytest.mark.parametrize("change", list(CHANGES))
def test_a_changed_constant_makes_o1_fail(change, monkeypatch):
    """The script, run towards the same conclusion with another constant, is refused by a rule."""
    wrong = put(one_step.STATEMENT.conclusion, *CHANGES[change])
    monkeypatch.setattr(one_step, "STATEMENT", one_step.STATEMENT.concluding(wrong))
    with pytest.raises(ProofError, match="combine: the identity does not hold"):
        one_step.prove.__wrapped__()


@pytest.mark.parametrize("change", [*CHANGES, "q_max for q_min"])
def test_a_changed_constant_makes_t1_fail(change, monkeypatch):
    """With another constant the one-step bound is not the one that telescoping asks for."""
    old, new = CHANGES.get(change, (q_min, q_max))
    step = fixed_stepsize.worst_case_step()
    wrong = replace(step, theta=put(step.theta, old, new), noise=put(step.noise, old, new))
    monkeypatch.setattr(fixed_stepsize, "worst_case_step", lambda: wrong)
    with pytest.raises(ProofError, match="cut: the lemma's conclusion is not a hypothesis"):
        nonconvex_fixed_step.prove.__wrapped__()


T3_CHANGES = {
    "floor halved": {"floor": pl_scheduled.floor / 2},
    "only the lower end": {
        "floor": put(pl_scheduled.floor, pl_scheduled.worse_end, q_min * sigma2)
    },
    "rate doubled": {"rate": put(pl_scheduled.rate, c, 2 * c)},
    "q_max for q_k": {"rate": put(pl_scheduled.rate, pl_scheduled.q[k], q_max)},
}


@pytest.mark.parametrize("change", list(T3_CHANGES))
def test_a_changed_floor_or_rate_makes_t3_fail(change, monkeypatch):
    for name, term in T3_CHANGES[change].items():
        monkeypatch.setattr(pl_scheduled, name, term)
    with pytest.raises(ProofError, match=r"^(combine|positivity): "):
        pl_scheduled.prove.__wrapped__()


@pytest.mark.parametrize("module", [one_step, nonconvex_fixed_step, pl_scheduled])
def test_the_script_itself_fails_without_each_hypothesis(module, monkeypatch):
    """Take the right to assume one hypothesis away from the whole derivation, and rerun it."""
    for h in module.STATEMENT.hypotheses:
        # The theorems with a fixed stepsize take the update over from O1, where mu_k varies.
        denied = {h.prop} | ({one_step.UPDATE.prop} if h.name == "update" else set())
        monkeypatch.setattr(proving, "assume", denying(denied))
        clear()
        with pytest.raises(ProofError, match=r"assume: denied|which is not listed"):
            module.prove()
        monkeypatch.undo()
        clear()


def denying(denied: set[Term]):
    def assume(prop: Term):
        if prop in denied:
            raise ProofError("assume: denied")
        return rules.assume(prop)

    return assume


def clear() -> None:
    """Forget all proofs, so that scripts run again."""
    for name, module in list(sys.modules.items()):
        if name.startswith("shrinkproof.theorems."):
            for value in vars(module).values():
                getattr(value, "cache_clear", lambda: None)()


def test_names_and_labels_both_work():
    assert library.result("T1") is library.result("nonconvex-fixed-step")
    assert library.result("t1s").label == "T1s"
    with pytest.raises(library.UnknownResult, match="no result 'T99'; the library has F1"):
        library.result("T99")


def test_uses_are_read_off_the_derivation():
    assert library.result("O1").uses() == ("descent-lemma", "shrunken-moments")
    assert library.result("F1").uses() == ()


@pytest.mark.parametrize("result", RESULTS, ids=IDS)
def test_module_docstrings_follow_the_template(result):
    doc = result.module.__doc__
    assert doc.splitlines()[0] == f"{result.title}."
    assert list(result.notes) == FIELDS
    assert result.notes["Label"] == result.label
    assert result.notes["Uses"] == (", ".join(result.uses()) or "nothing else of the library")
    assert result.tightness in ("exact", "upper", "identity")
    printed = " and ".join(f"${latex(p)}$" for p in result.statement.conclusions)
    assert result.notes["Statement"] == printed


@pytest.mark.parametrize("result", RESULTS, ids=IDS)
def test_no_formula_of_a_module_hides_a_float(result):
    tree = ast.parse(inspect.getsource(result.module))
    assert not [n for n in ast.walk(tree) if isinstance(n, ast.Constant) and type(n.value) is float]
