"""Mutants: every one is refused, most are refuted, what survives is explained, and none by luck."""

import json
import subprocess
import sys
from functools import partial

import pytest

from shrinkproof import library, mutations, survivors
from shrinkproof.cli import main
from shrinkproof.contrived import contrived
from shrinkproof.export import smt, solving
from shrinkproof.language.rewriting import put
from shrinkproof.mutants import judge, search, table_of, tables, totals
from shrinkproof.mutations import Mutant, mutants, refusal
from shrinkproof.reading import read
from shrinkproof.spoiled import refuted_when_spoiled, refutes
from shrinkproof.theorems.setting import sigma2
from shrinkproof.verdicts import decided, fails, unestablished_hypotheses

RESULTS = library.results()
BY_NAME = {(r.label, m.name): (r, m) for r in RESULTS for m in mutants(r.statement)}


@pytest.mark.parametrize("result", RESULTS, ids=[r.label for r in RESULTS])
def test_at_least_five_mutants_of_every_result_and_the_kernel_refuses_all(result):
    made = mutants(result.statement)
    assert len(made) >= 5
    assert len({m.name for m in made}) == len(made)
    assert [m.name for m in made if not refusal(result, m)] == []


def test_every_kind_of_mutant_is_made():
    assert {m.kind for _, m in BY_NAME.values()} == set(mutations.KINDS)


def test_a_mutant_says_something_else():
    for result, mutant in BY_NAME.values():
        assert mutant.statement != result.statement, mutant.name


def test_the_kernel_accepts_what_is_no_mutant():
    """Otherwise refusal would show nothing: here the change changes nothing, or is a theorem."""
    for result in RESULTS:
        same = Mutant("constant", "nothing changed", result.statement)
        assert refusal(result, same) == ""
    identity = library.result("A1")
    everywhere = [put(c, sigma2, 3 * sigma2) for c in identity.statement.conclusions]
    tripled = identity.statement.concluding(*everywhere)
    change = partial(put, old=sigma2, new=3 * sigma2)
    assert (
        refusal(identity, Mutant("constant", "sigma2 tripled on both sides", tripled, change)) == ""
    )


@pytest.mark.parametrize(
    ("label", "name", "why"),
    [
        ("O1", "sigma2 halved", "combine: the identity does not hold"),
        ("T1", "q_max for q_min", "combine: the identity does not hold"),
        ("T3p", "K+1 for K", "is not"),
        ("T1", "without update", "instantiate: update is not to be assumed"),
        ("F1", "without smoothness", "assume: smoothness is not to be assumed"),
        ("F1", "reversed", "combine: "),
    ],
)
def test_a_rule_refuses_and_says_why(label, name, why):
    assert why in refusal(*BY_NAME[label, name])


@pytest.mark.parametrize("result", RESULTS, ids=[r.label for r in RESULTS])
def test_every_mutant_but_the_explained_is_refuted(result):
    """By instances made by hand: random ones would differ with the version of Hypothesis."""
    for m in mutants(result.statement):
        if (result.label, m.name) not in survivors.EXPLAINED:
            found, tried = search(result.statement, m.statement, m.dropped is not None, 0, 0)
            assert found is not None, (m.name, tried)
            assert found.statement == m.statement
            assert unestablished_hypotheses(m.statement, found.instance) == []
            assert fails(found.conclusion, decided(found.instance, found.conclusion))


@pytest.mark.parametrize(("label", "name"), survivors.EXPLAINED)
def test_no_scene_refutes_what_is_explained(label, name):
    result, mutant = BY_NAME[label, name]
    scenes = contrived(read(result.statement))
    assert [i for i, x in enumerate(scenes) if refutes(mutant.statement, x) is not None] == []


@pytest.mark.parametrize("label", ["F4", "A2"])
def test_the_table_of_a_result(label):
    table = table_of(label, 10, 0)
    total = totals(table["mutants"])
    assert total["refused"] == total["mutants"] == len(table["mutants"]) >= 5
    assert total["refuted"] + total["survivors"] == total["mutants"]
    explained = [key for key in survivors.EXPLAINED if key[0] == label]
    assert (total["survivors"], total["unexplained"]) == (len(explained), 0)


def test_what_the_numbers_refute_is_a_theorem_of_no_kind():
    """The two verdicts are made independently; a refuted mutant that is proved would be a bug."""
    result, mutant = BY_NAME["F1", "L halved"]
    row = judge(result, mutant, examples=1)
    assert row["refused"] and row["refuted"].startswith("F1, L halved fails by -")


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("F1", "without L_positive"),
        ("R3", "without rounded"),
        ("RLc", "without orthonormal_basis"),
        ("S1", "without plain"),
        ("T2r", "sigma2 halved"),
    ],
)
def test_a_refuted_mutant_prints_a_script_that_fails_again(label, name, tmp_path):
    path = tmp_path / "mutant.py"
    path.write_text(judge(*BY_NAME[label, name], examples=1)["script"])
    run = subprocess.run([sys.executable, path], capture_output=True, text=True, check=True)
    *hypotheses, conclusion = run.stdout.splitlines()
    assert all(line.endswith(": holds") for line in hypotheses)
    assert conclusion.startswith("conclusion: fails by ")


@pytest.mark.parametrize("label", ["F1", "F3", "A2"])
def test_what_is_spoiled_refutes_no_theorem_and_keeps_the_other_hypotheses(label):
    statement = library.result(label).statement
    assert refuted_when_spoiled(statement, statement) is None
    for h in statement.hypotheses:
        found = refuted_when_spoiled(statement, statement.without(h.name))
        if found is not None:
            assert unestablished_hypotheses(found.statement, found.instance) == []
            assert h.name in unestablished_hypotheses(statement, found.instance)


def test_explanations_are_of_mutants_that_there_are():
    assert set(survivors.EXPLAINED) <= set(BY_NAME)
    assert all(why and why == why.strip() for why in survivors.EXPLAINED.values())


@pytest.mark.parametrize(("label", "name"), survivors.FOLLOWS)
def test_a_solver_proves_that_the_hypothesis_follows(label, name):
    statement = library.result(label).statement
    known = survivors.FOLLOWS[label, name]
    assert name not in known
    assert _follows(statement, known, name)


def test_the_solver_does_not_prove_what_does_not_follow():
    statement = library.result("T1").statement
    known = survivors.FOLLOWS["T1", "L_positive"]
    assert not _follows(statement, tuple(set(known) - {"mu_positive"}), "L_positive")


def _follows(statement, known, name):
    """Whether hypotheses, each at one step and with 1/0 = 0, imply another over the reals."""
    atoms, relations = smt.Atoms(), {"le": "<=", "lt": "<", "eq": "="}
    props = {h.name: h.prop for h in statement.hypotheses}

    def written(prop):
        while prop.op == "forall":
            prop = prop[2]
        return f"({relations[prop.op]} {atoms.term(prop[1])} {atoms.term(prop[2])})"

    claims = [written(props[n]) for n in known]
    claims.append(f"(not {written(props[name])})")
    for atom in [a for a in atoms.names if a.op == "recip"]:
        inverse, x = atoms.name(atom), atoms.term(atom[1])
        claims.append(f"(ite (= {x} 0.0) (= {inverse} 0.0) (= (* {x} {inverse}) 1.0))")
    asserted = "\n".join(f"(assert {c})" for c in claims)
    return solving.z3("\n".join([*atoms.declared(), asserted, "(check-sat)"])) == "unsat"


def test_a_survivor_without_an_explanation_is_told(monkeypatch, capsys):
    monkeypatch.setattr(survivors, "EXPLAINED", {})
    assert main(["mutants", "F4", "--examples", "1"]) == 0
    assert "UNEXPLAINED" in capsys.readouterr().out


def test_a_mutant_that_the_kernel_accepts_is_told(monkeypatch, capsys):
    import shrinkproof.mutants as table

    monkeypatch.setattr(table, "refusal", lambda *_: "")
    assert main(["mutants", "F1", "--examples", "1"]) == 1
    assert "F1, L halved: ACCEPTED by the kernel" in capsys.readouterr().out


def test_the_tables_do_not_depend_on_the_number_of_processes():
    results = [library.result("F1"), library.result("F2")]
    said = []
    alone = tables(results, examples=3, workers=1, step=said.append)
    assert said == ["F1", "F2"]
    assert tables(results, examples=3, workers=2) == alone


def test_the_command_prints_the_table(capsys):
    assert main(["mutants", "F1", "--examples", "5", "--json"]) == 0
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert found["totals"]["refused"] == found["totals"]["mutants"] == 9
    assert [row["label"] for row in found["results"]] == ["F1"]
    assert err == ""
    assert main(["mutants", "F1", "--examples", "5"]) == 0
    assert "9" in capsys.readouterr().out.splitlines()[1].split()
    assert main(["mutants", "F99"]) == 2
