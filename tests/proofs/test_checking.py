"""Property checks in several processes give what they give in one."""

import json

import pytest

from shrinkproof import library
from shrinkproof.checking import FEW, Checking
from shrinkproof.cli import main

SOME = [library.result(label) for label in ("F1", "F2", "F3", "O1", "T1", "T3p")]


def rows(results, **options):
    said = []
    options = {"examples": 20, "seed": 3, "step": said.append} | options
    with Checking(results, **options) as checking:
        return checking.rows(), said, checking


def test_rows_do_not_depend_on_the_number_of_processes():
    alone, said, checking = rows(SOME, workers=1)
    assert len(said) >= checking.steps == len(SOME) * 20
    together, said, checking = rows(SOME, workers=2)
    assert checking.pool is not None
    assert said == [r.label for r in SOME]
    assert checking.steps == len(SOME)
    assert together == alone
    assert [row["label"] for row in together] == [r.label for r in SOME]


def test_few_results_start_no_process():
    assert rows(SOME[:FEW], workers=2)[2].pool is None


def test_what_goes_wrong_in_a_process_is_not_lost(monkeypatch):
    strange = library.Result(SOME[0].module, SOME[0].statement.concluding())
    monkeypatch.setattr(type(strange), "id", property(lambda _: "no-such-result"))
    with pytest.raises(library.UnknownResult, match="no result 'no-such-result'"):
        rows([strange] * (FEW + 1), workers=2)


def test_the_command_checks_many_results(capsys):
    labels = [r.label for r in SOME]
    assert main(["check", *labels, "--examples", "10", "--json"]) == 0
    out, err = capsys.readouterr()
    assert [row["label"] for row in json.loads(out)["checks"]] == labels
    assert err == ""
