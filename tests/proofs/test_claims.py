"""The audit: its evidence stands, verdicts follow from it, and false evidence is seen."""

import json
import re
from dataclasses import replace
from fractions import Fraction

import pytest

from shrinkproof import claims, library
from shrinkproof.claims import (
    CLAIMS,
    CONDITIONAL,
    FAILS,
    HOLDS,
    OPEN,
    audit,
    counterexample,
    floors_differ,
    rounded,
    theorem,
)
from shrinkproof.cli import main
from shrinkproof.counterexamples import COUNTEREXAMPLES
from shrinkproof.kernel.term import free
from shrinkproof.quantizers import Rounding

by_id = {claim.id: claim for claim in CLAIMS}


@pytest.mark.parametrize("claim", CLAIMS, ids=by_id)
def test_every_piece_of_evidence_stands(claim):
    assert claim.evidence
    for evidence in claim.evidence:
        assert evidence.stands, evidence


@pytest.mark.parametrize("claim", CLAIMS, ids=by_id)
def test_what_is_named_exists(claim):
    known = {r.label for r in library.results()} | {c.label for c in COUNTEREXAMPLES}
    for e in claim.evidence:
        assert e.kind == "value" or e.id in known
    assert set(re.findall(r"\b[TORCE]\d\w*", claim.words)) <= known
    assert bool(claim.under) == (claim.verdict == CONDITIONAL)


def test_the_verdicts():
    assert {c.id: c.verdict for c in CLAIMS} == {
        "effective-stepsize": HOLDS,
        "factors": CONDITIONAL,
        "zero-mean-noise": CONDITIONAL,
        "slower": HOLDS,
        "converges": CONDITIONAL,
        "steady-error": FAILS,
        "steady-error-additive-noise": CONDITIONAL,
        "steady-error-matched-stepsize": HOLDS,
        "steady-error-deterministic-rounding": HOLDS,
    }


def test_a_verdict_follows_from_the_evidence():
    holding, refuted = theorem("F1", ""), counterexample("C1", "")
    claim = replace(by_id["slower"], supporting=(holding,), against=())
    assert claim.verdict == HOLDS
    assert replace(claim, against=(refuted,)).verdict == CONDITIONAL
    assert replace(claim, supporting=(), against=(refuted,)).verdict == FAILS
    assert replace(claim, supporting=(holding, theorem("T99", ""))).verdict == OPEN


def test_the_counterexample_is_against_a_result_that_is_cited():
    """C1 refutes T3p with the further hypothesis, a predictable q_k, left out."""
    claim = by_id["converges"]
    (against,) = claim.against
    (found,) = [c for c in COUNTEREXAMPLES if c.label == against.id]
    assert found.weakens in {library.result(e.id).id for e in claim.supporting}
    for e in claim.supporting:
        statement = library.result(e.id).statement
        known = {d[3] for h in statement.hypotheses for d in free(h.prop) if d[0] == "q"}
        assert known == {"past"}


@pytest.mark.parametrize(
    "evidence",
    [
        theorem("T99", "no such result"),
        counterexample("C99", "no such counterexample"),
        rounded("e4m3fn", Rounding.NEAREST, "11/10", "1"),
        rounded("e4m3fn", Rounding.TOWARD_ZERO, "11/10", "45/44"),
        floors_differ(Fraction(0), 1, "shrinkage alone raises the floor"),
        floors_differ(Fraction(49, 100), 0, "off the threshold"),
        floors_differ(Fraction(51, 100), -1, "above it"),
    ],
    ids=lambda e: e.shows,
)
def test_false_evidence_does_not_stand(evidence):
    assert not evidence.stands


def test_a_proof_that_fails_is_no_evidence(monkeypatch):
    from shrinkproof.kernel import ProofError
    from shrinkproof.theorems import effective_stepsize

    def refuse():
        raise ProofError("no")

    monkeypatch.setattr(effective_stepsize, "prove", refuse)
    assert not theorem("S1", "").stands


def test_the_command(capsys):
    assert main(["claims", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["all_verified"] is True
    assert data["claims"] == audit()
    evidence = {e["id"]: e for row in data["claims"] for e in row["evidence"]}
    assert evidence["S1"]["concludes"] == ["v_K = w_K"]
    assert all(("concludes" in e) == (e["kind"] == "theorem") for e in evidence.values())
    assert main(["claims"]) == 0
    out = capsys.readouterr().out
    for claim in CLAIMS:
        assert claim.text in " ".join(out.split())
        assert claim.words in " ".join(out.split())
    assert max(map(len, out.splitlines())) <= 92


def test_evidence_that_does_not_stand_is_exit_status_1(capsys, monkeypatch):
    broken = replace(by_id["slower"], supporting=(theorem("T99", "gone"),))
    monkeypatch.setattr(claims, "CLAIMS", (broken,))
    assert main(["claims"]) == 1
    out = capsys.readouterr().out
    assert "Open: some of its evidence does not stand." in out
    assert "DOES NOT STAND: T99: gone" in out
    assert main(["claims", "--json"]) == 1
