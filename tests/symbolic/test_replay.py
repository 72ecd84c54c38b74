"""Replay: every field of a certificate is honoured, and a changed one proves nothing else."""

import copy

import pytest

from shrinkproof import library
from shrinkproof.export import certificate as C
from shrinkproof.export.replay import replay
from shrinkproof.kernel import ProofError

RESULTS = library.results()


def of(name: str) -> dict:
    r = library.result(name)
    return C.export(r.statement, r.prove())


@pytest.mark.parametrize("result", RESULTS, ids=[r.id for r in RESULTS])
def test_a_certificate_replays_to_the_same_theorems(result):
    result.statement.require(replay(C.export(result.statement, result.prove())))


def test_what_one_certificate_proved_another_may_use():
    known = {}
    replay(of("F1"), known)
    before = dict(known)
    replay(of("O1"), known)
    assert known.items() > before.items()
    assert replay(of("F1"), known) == replay(of("F1"), known)


def cut_down(data):
    """Drop the last step, and conclude the one before it."""
    data["steps"].pop()
    data["conclusions"][0]["step"] -= 1


def swap_symbols(data):
    data["symbols"][:2] = data["symbols"][1::-1]


def restate(data):
    """Declare a weaker hypothesis than the proof assumes."""
    data["hypotheses"][0]["prop"][0] = "le"


def strengthen(data):
    """Declare a stronger conclusion than the proof has."""
    prop = data["conclusions"][0]["prop"]
    while prop[0] == "forall":
        prop = prop[2]
    prop[0] = "lt"


def add_idle_step(data):
    data["steps"].append(copy.deepcopy(data["steps"][0]))


def add_hypothesis(data):
    extra = copy.deepcopy(data["hypotheses"][0])
    extra["name"] += "_too"
    data["hypotheses"].append(extra)


def abbreviate(data):
    """Let the conclusion call some term by the name of a symbol."""
    prop = data["conclusions"][0]["prop"]
    while prop[0] == "forall":
        prop = prop[2]
    prop[2] = ["named", "L", prop[2]]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda d: d["steps"].pop(3), "step [0-9]+"),
        (cut_down, "conclusions, 0: step 8 does not prove it|nothing uses it"),
        (add_idle_step, "step 10: nothing uses it"),
        (lambda d: d["hypotheses"].pop(), "symbols|hypothesis that it does not list"),
        (add_hypothesis, "lists it twice"),
        (restate, "rests on a hypothesis that it does not list"),
        (strengthen, "does not prove it"),
        (abbreviate, "abbreviates two terms, or is a symbol's name"),
        (lambda d: d.update(conclusions=[]), "conclusions: there are none"),
        (lambda d: d.update(steps=[]), "steps: there are none"),
        (lambda d: d["conclusions"][0].update(step=10), "integers from 0 to 9"),
        (lambda d: d["conclusions"][0].update(step=True), "integers from 0 to 9"),
        (swap_symbols, "symbols: not exactly"),
        (lambda d: d["symbols"].pop(), "symbols: not exactly"),
        (lambda d: d["symbols"][0].update(known="start"), "symbols: not exactly"),
        (lambda d: d["symbols"].append({"name": "z"}), "symbols, [0-9]+: expected an object"),
        (lambda d: d.update(title=""), "title: expected a line"),
        (lambda d: d.update(id=["descent-lemma"]), "id: expected a line"),
        (lambda d: d["hypotheses"][0].update(name=d["hypotheses"][1]["name"]), "the same name"),
        (lambda d: d["hypotheses"][0].update(words=None), "words: expected a line"),
        (lambda d: d["hypotheses"][0].update(prop=["rat", "1/1"]), "expected a proposition"),
        (lambda d: d["steps"][0].update(rule="sorry"), "step 0: no rule 'sorry'"),
        (lambda d: d["steps"][0].update(rule=["assume"]), "step 0: no rule"),
        (lambda d: d["steps"][0].update(data={"more": 1}), "more or other data"),
        (lambda d: d["steps"][0].update(data=[]), "expected an object"),
        (lambda d: d["steps"][2].update(premises=[7]), "integers from 0 to 1"),
        (lambda d: d["steps"][2].update(premises=[True]), "integers from 0 to 1"),
        (lambda d: d["steps"][2].update(premises={}), "expected a list of integers"),
        (lambda d: d["steps"][0].update(conclusion=["le", 1, 2]), "conclusion: le wants a scalar"),
        (lambda d: d["steps"][0].update(conclusion="x"), "conclusion: expected a term"),
        (lambda d: d.pop("steps"), "expected an object with the keys"),
    ],
)
def test_a_changed_certificate_is_refused_with_the_place(change, why):
    data = of("F1")
    change(data)
    with pytest.raises((C.CertificateError, ProofError), match=why):
        replay(data)
