"""The mutation campaign: no mutant survives, the checkers agree, and it can fail itself."""

from collections import Counter
from random import Random

import pytest

from shrinkproof import checker, library
from shrinkproof.attack import __main__ as program
from shrinkproof.attack.judging import REFUSED, SAME, STRONGER, SURVIVOR, WEAKER, Judges, judge
from shrinkproof.attack.mutants import Mutant, everywhere, in_line, mutants, throughout
from shrinkproof.attack.places import changed, places
from shrinkproof.export import certificate as C
from shrinkproof.kernel import normal as nf

RESULTS = library.results()
JUDGES = Judges()


def of(name):
    r = library.result(name)
    return C.export(r.statement, r.prove())


def campaign(data, seed=0, each=8):
    found = program.Campaign(JUDGES)
    found.attack(data, seed, each)
    return found


@pytest.mark.parametrize("result", RESULTS, ids=[r.label for r in RESULTS])
def test_no_mutant_survives_and_the_checkers_agree(result):
    found = campaign(C.export(result.statement, result.prove()))
    assert found.disagreements == []
    assert found.named.get(SURVIVOR, []) == []
    assert found.counts.total() >= 6


@pytest.mark.parametrize("name", ["F1", "O1", "T1"])
def test_many_mutants_of_a_few(name):
    found = campaign(of(name), seed=1, each=240)
    assert found.holds
    refused = sum(n for (_, verdict), n in found.counts.items() if verdict == REFUSED)
    assert refused > 0.7 * found.counts.total()


def test_mutants_depend_on_the_seed_alone():
    first, again, other = (
        [C.compact(m.data) for m in mutants(of("F1"), seed, 30)] for seed in (0, 0, 1)
    )
    assert first == again
    assert first != other


def test_every_kind_of_place_is_changed():
    found = Counter(p.role for p in places(of("T1")))
    assert set(found) == {
        "declaration", "name", "number", "operator", "premise", "rule", "text",
    }  # fmt: skip
    assert {m.kind for m in mutants(of("T1"), 0, 200)} == {*found, "order", "sign"}


# What q_k may depend on decides what is true: the proofs must not go through for more.


def redeclared(data, name, known, other):
    def change(t):
        mine = t[:2] == ["at", name] and t[3] == known
        return [*t[:3], other, *t[4:]] if mine else None

    return Mutant("declaration", f"{name}: {known} -> {other}", in_line(everywhere(data, change)))


@pytest.mark.parametrize("name", ["O1", "O2", "T1", "T1s", "T3p"])
@pytest.mark.parametrize("other", ["sample", "next"])
def test_a_predictable_factor_cannot_be_made_to_see_the_sample(name, other):
    data = of(name)
    assert judge(JUDGES, data, redeclared(data, "q", "past", other)) == REFUSED
    assert judge(JUDGES, data, redeclared(data, "q", "past", "start")) == WEAKER


@pytest.mark.parametrize("name", ["T3", "T3d"])
@pytest.mark.parametrize("other", ["past", "sample", "next"])
def test_a_schedule_cannot_be_made_random(name, other):
    data = of(name)
    assert judge(JUDGES, data, redeclared(data, "q", "start", other)) == REFUSED


@pytest.mark.parametrize("other", ["sample", "next"])
def test_the_effective_stepsize_may_be_anything(other):
    data = of("S1")
    assert judge(JUDGES, data, redeclared(data, "q", "sample", "past")) == WEAKER
    assert judge(JUDGES, data, redeclared(data, "q", "sample", "next")) == STRONGER


# Verdicts.


def test_verdicts_on_changes_whose_meaning_is_known():
    data = of("F3")
    place = next(i for i, h in enumerate(data["hypotheses"]) if h["name"] == "c_positive")
    title = Mutant("text", "another title", data | {"title": "Another title"})
    assert judge(JUDGES, data, title) == SAME
    renamed = [m for m in throughout(data, Random(0), 999) if m.renamed == ("c", "fresh")]
    assert judge(JUDGES, data, renamed[0]) == SAME
    merged = [m for m in throughout(data, Random(0), 999) if m.renamed == ("c", "F_star")]
    assert judge(JUDGES, data, merged[0]) == WEAKER
    dropped = data | {"hypotheses": data["hypotheses"][:place] + data["hypotheses"][place + 1 :]}
    assert judge(JUDGES, data, Mutant("order", "dropped", in_line(dropped))) == REFUSED


# The campaign can fail.


def test_a_kernel_that_pulls_out_anything_is_found_out(monkeypatch):
    def renamed(t):  # no normal form of it is remembered
        return [t[0], "q_too", *t[2:]] if t[:2] == ["at", "q"] else None

    def careless(t, stage, honest=nf.determined):
        return honest(t, stage) or t[:2] == ("at", "q_too")

    data = in_line(everywhere(of("T1"), renamed))
    mutant = redeclared(data, "q_too", "past", "sample")
    monkeypatch.setattr(nf, "determined", careless)
    found = program.Campaign()
    monkeypatch.setattr(program, "mutants", lambda *_: [mutant])
    found.attack(data, 0, 1)
    assert not found.holds
    assert "kernel: accepts" in found.disagreements[0]


def test_a_standalone_checker_that_skips_the_identity_is_found_out(monkeypatch):
    data = of("F3")
    path = next(p.path for p in places(data) if p.role == "number" and "products" in p.path)
    mutant = Mutant("number", "a weight", changed(data, path, "7/1"))
    assert judge(JUDGES, data, mutant) == REFUSED
    monkeypatch.setattr(checker, "cleared", lambda p, units: {})
    found = program.Campaign()
    monkeypatch.setattr(program, "mutants", lambda *_: [mutant])
    found.attack(data, 0, 1)
    assert not found.holds
    assert "checker.py: accepts" in found.disagreements[0]


def test_what_both_accept_and_is_another_statement_survives():
    mine, other = of("F2"), of("F3")
    assert judge(JUDGES, mine, Mutant("order", "another theorem", other)) == SURVIVOR
    assert judge(JUDGES, other, Mutant("order", "another theorem", mine)) == SURVIVOR


# The program.


def test_the_command_prints_the_table(tmp_path, capsys):
    for name in ("F1", "F3"):
        (tmp_path / f"{name}.json").write_bytes(C.to_bytes(of(name)))
    files = [str(p) for p in sorted(tmp_path.iterdir())]
    assert program.main(["--each", "24", *files]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[0].split() == ["mutants", *program.VERDICTS]
    assert out.endswith("the kernel and checker.py agree on every mutant; 0 survivors\n")
    totals = next(line.split() for line in out.splitlines() if line.startswith("all"))
    assert int(totals[1]) == sum(map(int, totals[2:])) >= 40


def test_the_command_refuses_what_is_no_certificate(tmp_path, capsys):
    path = tmp_path / "no.json"
    assert program.main([str(path)]) == 2
    path.write_text("{}")
    assert program.main([str(path)]) == 2
    assert "expected an object" in capsys.readouterr().err
