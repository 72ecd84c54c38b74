"""Checkers side by side: what they say, what a missing one and a disagreement look like."""

import json
import re
from dataclasses import replace

import pytest

from shrinkproof import cli, library, verifying
from shrinkproof.export import certificate as C
from shrinkproof.export import solvers
from shrinkproof.language.rewriting import put
from shrinkproof.theorems.setting import L


def run(capsys, *arguments):
    try:
        status = cli.main(arguments)
    except SystemExit as stop:  # argparse
        status = stop.code
    out, err = capsys.readouterr()
    return status, out, err


@pytest.fixture(autouse=True)
def only_what_is_installed(request, monkeypatch):
    """Coq is asked in the tests that are marked, and in no others."""
    if request.node.get_closest_marker("coq") is None:
        monkeypatch.delitem(verifying.CHECKERS, "coq")


def of(name):
    r = library.result(name)
    return C.export(r.statement, r.prove())


@pytest.fixture
def file(tmp_path):
    def write(data, name="one.json"):
        (tmp_path / name).write_bytes(data if isinstance(data, bytes) else C.to_bytes(data))
        return str(tmp_path / name)

    return write


def test_all_checkers_on_some_results(capsys):
    status, out, _ = run(capsys, "verify", "--checker", "all", "F1", "T1", "C1")
    assert status == 0
    heading, *rows, last = out.splitlines()
    assert heading.split() == [*verifying.CHECKERS, "digest", "title"]
    assert last == "3 of 3 verified"
    for row, label in zip(rows, ("F1", "T1"), strict=False):
        assert re.match(rf"{label} +(([0-9.]+ s|yes) +){{3}}{C.digest(of(label))[:12]}  ", row)
    assert re.match(r"C1 +exact +exact +exact ", rows[2])


def test_all_checkers_as_json(capsys):
    status, out, _ = run(capsys, "verify", "--checker", "all", "--json", "F3")
    data = json.loads(out)
    (row,) = data["theorems"]
    assert (status, data["all_verified"]) == (0, True)
    assert row["verified"] == {"kernel": True, "standalone": True, "smt": True}
    assert set(row["seconds"]) == set(verifying.CHECKERS)
    assert row["digest"] == C.digest(of("F3"))


@pytest.mark.parametrize("checker", ["standalone", "smt"])
def test_one_checker_on_the_whole_library(capsys, checker):
    status, out, _ = run(capsys, "verify", "--checker", checker, "--json")
    data = json.loads(out)
    assert status == 0
    assert [row["label"] for row in data["theorems"]] == [r.label for r in library.results()]
    assert all(row["verified"] == {checker: True} for row in data["theorems"])


def test_a_file_is_verified_by_every_checker(capsys, file):
    status, out, _ = run(capsys, "verify", "--checker", "all", file(of("O1")))
    assert status == 0
    assert out.splitlines()[1].startswith("O1 ")
    assert out.endswith("1 of 1 verified\n")


def test_a_file_that_is_no_result_of_the_library_may_still_be_a_proof(capsys, file):
    data = of("F3") | {"id": "somebody-elses", "label": "Z9", "title": "Somebody else's"}
    assert run(capsys, "verify", "--checker", "all", file(data))[0] == 0


def tampered(data):
    text = C.to_bytes(data)
    return re.sub(rb'\["(-?[0-9]+)/([0-9]+)",\[\["gap"', rb'["7/3",[["gap"', text, count=1)


@pytest.mark.parametrize("checker", ["kernel", "standalone", "smt", "all"])
def test_a_tampered_file_is_refused(capsys, file, checker):
    raw = tampered(of("F3"))
    assert raw != C.to_bytes(of("F3"))
    status, out, _ = run(capsys, "verify", "--checker", checker, file(raw))
    assert status == 1
    assert "identity does not hold" in out
    assert "NO" in out or checker in ("standalone", "smt")
    assert out.endswith("0 of 1 verified\n")


def test_a_proof_of_something_else_is_not_the_librarys(capsys, file):
    data = of("F3") | {"id": "descent-lemma", "label": "F1"}
    status, out, _ = run(capsys, "verify", file(data))
    assert status == 1
    assert "not the library's F1: other title, hypotheses, conclusions" in out


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"{}", "expected an object"),
        (b"\xff", "not JSON"),
        (b"[" * 100_000, "not JSON"),
    ],
)
def test_what_is_no_certificate_is_bad_input(capsys, file, raw, why):
    path = file(raw)
    status, out, err = run(capsys, "verify", path)
    assert (status, out) == (2, "")
    assert err.startswith(f"shrinkproof verify: {path}: ")
    assert why in err and err.count("\n") == 1


def test_a_file_that_is_not_there_is_bad_input(capsys, tmp_path):
    status, out, err = run(capsys, "verify", str(tmp_path / "no.json"))
    assert (status, out, err.count("\n")) == (2, "", 1)


def test_a_checker_that_is_not_installed_is_named_with_how_to_have_it(capsys, monkeypatch):
    monkeypatch.setattr(solvers, "SOLVERS", {"no_such_solver": "no-such-solver", "cvc5": "cvc5"})
    for checker in ("smt", "all"):
        status, out, err = run(capsys, "verify", "--checker", checker, "F1")
        assert (status, out) == (3, "")
        assert err == (
            "shrinkproof verify: smt needs no-such-solver: pip install 'shrinkproof[smt]'\n"
        )
    assert run(capsys, "verify", "--checker", "standalone", "F1")[0] == 0


def test_the_choices_are_the_checkers_that_there_are(capsys):
    for name in (*verifying.CHECKERS, "coq", "all"):
        assert run(capsys, "verify", "--checker", name, "--help")[0] == 0
    assert "invalid choice" in run(capsys, "verify", "--checker", "trust")[2]


def test_a_disagreement_is_a_failure_that_names_who_accepts(capsys, monkeypatch):
    honest = verifying.CHECKERS["standalone"]
    doubting = replace(honest, run=lambda targets: ((False, "I doubt it") for _ in targets))
    monkeypatch.setitem(verifying.CHECKERS, "standalone", doubting)
    status, out, _ = run(capsys, "verify", "--checker", "all", "F1")
    assert status == 1
    assert "standalone: I doubt it" in out
    assert "the checkers disagree: kernel, smt accepts it" in out


def test_a_solver_that_doubts_is_a_failure_that_prints_the_obligation(capsys, monkeypatch):
    monkeypatch.setattr(solvers.Solver, "ask", lambda *_: "sat")
    status, out, _ = run(capsys, "verify", "--checker", "smt", "F3")
    assert status == 1
    assert "z3 says sat (identity) of\n(set-logic QF_NRA)" in out


# -- with Coq --------------------------------------------------------------------------------------


@pytest.mark.coq
def test_four_columns_all_green(capsys):
    status, out, _ = run(capsys, "verify", "--checker", "all", "F1", "T1", "C1")
    assert status == 0
    heading, *rows, last = out.splitlines()
    assert heading.split() == ["kernel", "standalone", "smt", "coq", "digest", "title"]
    assert last == "3 of 3 verified"
    for row, label in zip(rows, ("F1", "T1"), strict=False):
        assert re.match(rf"{label} +(([0-9.]+ s|yes) +){{4}}{C.digest(of(label))[:12]}  ", row)


@pytest.mark.coq
def test_a_changed_constant_in_a_statement_is_red_in_coq_for_a_reason_of_its_own(
    capsys, monkeypatch
):
    f1, t1 = library.select(["F1", "T1"])
    wrong = t1.statement.concluding(put(t1.statement.conclusion, L, 2 * L))
    changed = replace(t1, statement=wrong)
    monkeypatch.setattr(library, "results", lambda: (f1, changed))
    status, out, _ = run(capsys, "verify", "--checker", "all", "--json")
    other, found = json.loads(out)["theorems"]
    assert (status, set(other["verified"].values())) == (1, {True})
    assert found["verified"]["kernel"] is found["verified"]["coq"] is False
    assert re.search(r"coq: Correspondence\.v, line \d+: ", found["error"])


@pytest.mark.coq
def test_coq_has_nothing_to_say_of_what_is_not_the_librarys(capsys, file):
    path = file(of("F3") | {"id": "somebody-elses", "label": "Z9", "title": "Somebody else's"})
    status, out, _ = run(capsys, "verify", "--checker", "all", "--json", path, "F1")
    other, theirs = json.loads(out)["theorems"]
    assert status == 0
    assert "coq" in other["verified"] and "coq" not in theirs["verified"]
    status, out, _ = run(capsys, "verify", "--checker", "coq", path)
    assert status == 1
    assert "Coq has the library's theorems alone, and this is none of them" in out


@pytest.mark.coq
def test_a_result_and_its_file_are_verified_alike(capsys, file):
    status, out, _ = run(capsys, "verify", "--checker", "coq", "F3", file(of("F3")))
    assert status == 0
    assert out.endswith("2 of 2 verified\n")


@pytest.mark.coq
def test_where_coq_is_missing_it_says_how_to_have_it(capsys, monkeypatch, tmp_path):
    wanted = "shrinkproof verify: coq needs coqc: apt-get install coq libcoq-flocq\n"
    monkeypatch.setenv("PATH", str(tmp_path))
    assert run(capsys, "verify", "--checker", "coq", "F1") == (3, "", wanted)
    assert run(capsys, "verify", "--checker", "all", "F1") == (3, "", wanted)
