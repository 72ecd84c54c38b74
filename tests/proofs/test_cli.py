"""The command line as a user meets it."""

import json
import os
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from shrinkproof import library
from shrinkproof.cli import main
from shrinkproof.counterexamples import COUNTEREXAMPLES

T1 = ["L=1", "mu=1/10", "q_min=1/2", "q_max=1", "sigma2=1/4", "tau2=1/100", "K=100", "Delta=3"]
LABELS = [r.label for r in library.results()]
REFUTING = [c.label for c in COUNTEREXAMPLES]


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    try:
        status = main(arguments)
    except SystemExit as stop:  # argparse
        status = stop.code
    out, err = capsys.readouterr()
    return status, out, err


def test_list_names_every_result_and_counterexample(capsys):
    status, out, _ = run(capsys, "list")
    assert status == 0
    assert [line.split()[0] for line in out.splitlines()] == [*LABELS, *REFUTING]
    rows = json.loads(run(capsys, "list", "--json")[1])
    assert set(rows[0]) == {"id", "label", "title", "kind", "tightness", "uses"}
    assert {r["label"]: r["uses"] for r in rows}["O1"] == ["descent-lemma", "shrunken-moments"]
    assert {r["kind"] for r in rows} == {"lemma", "theorem", "counterexample"}


@pytest.mark.parametrize("fmt", ["text", "latex", "markdown", "json"])
@pytest.mark.parametrize("name", [*LABELS, *REFUTING])
def test_show_every_result_in_every_format(capsys, name, fmt):
    status, out, _ = run(capsys, "show", name, "--format", fmt)
    assert status == 0
    assert out.strip()
    if fmt == "json":
        json.loads(out)


def test_show_by_id_and_by_label_are_the_same(capsys):
    assert run(capsys, "show", "T1") == run(capsys, "show", "nonconvex-fixed-step")


def test_verify_all(capsys):
    status, out, _ = run(capsys, "verify", "--json")
    data = json.loads(out)
    assert status == 0
    assert data["all_verified"] is True
    assert [row["label"] for row in data["theorems"]] == LABELS
    for row in data["theorems"]:
        assert row["verified"] == {"kernel": True}
        assert re.fullmatch(r"[0-9a-f]{64}", row["digest"])
    assert [row["label"] for row in data["counterexamples"]] == REFUTING


def test_verify_some(capsys):
    status, out, _ = run(capsys, "verify", "T1", "C1")
    assert status == 0
    assert "2 of 2 verified" in out


def test_verify_says_when_a_proof_fails(capsys, monkeypatch):
    from shrinkproof.kernel import ProofError
    from shrinkproof.theorems import one_step

    def refuse():
        raise ProofError("combine: the identity does not hold")

    monkeypatch.setattr(one_step, "prove", refuse)
    status, out, _ = run(capsys, "verify", "O1", "--json")
    data = json.loads(out)
    assert status == 1
    assert data["all_verified"] is False
    assert data["theorems"][0]["verified"] == {"kernel": False}
    assert "combine: the identity does not hold" in data["theorems"][0]["error"]


def test_bound_gives_the_exact_value(capsys):
    status, out, _ = run(capsys, "bound", "T1", *T1)
    assert status == 0
    assert out.splitlines()[:2] == ["313/250", "<= 1.252"]
    data = json.loads(run(capsys, "bound", "T1", *T1, "--json")[1])
    assert data["id"] == "nonconvex-fixed-step"
    assert (data["value"], data["decimal"]) == ("313/250", "1.252")
    assert "stepsize_bound" in data["hypotheses"]
    decimals = [a.replace("mu=1/10", "mu=0.1") for a in T1]
    assert json.loads(run(capsys, "bound", "T1", *decimals, "--json")[1]) == data


def test_bound_takes_sequences(capsys):
    arguments = ["L=1", "c=1/2", "mu=0.5", "q=1/2,3/4,1", "K=3", "gap=2", "sigma2=1", "tau2=0"]
    assert run(capsys, "bound", "T3", *arguments)[1].startswith("1331/1024\n")


def test_bound_encloses_what_is_irrational(capsys):
    arguments = ["L=1", "q_min=1/2", "q_max=1", "sigma2=1", "tau2=0", "K=6", "Delta=3/2"]
    data = json.loads(run(capsys, "bound", "T6", *arguments, "--json")[1])
    assert "value" not in data
    lower, upper = Fraction(data["lower"]), Fraction(data["upper"])
    assert lower**2 < 8 < upper**2
    assert Fraction(data["decimal"]) >= upper
    out = run(capsys, "bound", "T6", *arguments)[1]
    assert out.startswith(
        f"irrational, between {data['lower']} and {data['upper']}\n<= 2.8284271247"
    )


def test_bound_prints_values_of_any_length(capsys):
    ends = ["q_min=1/7", "q_max=1"]
    arguments = ["L=1", "c=1/2", "mu=1/3", *ends, "K=20000", "gap=2", "sigma2=1", "tau2=0"]
    status, out, _ = run(capsys, "bound", "T3p", *arguments, "--json")
    assert status == 0
    assert len(json.loads(out)["value"]) > 5000


def replaced(**changes: str | None) -> list[str]:
    values = dict(a.split("=") for a in T1) | changes
    return [f"{n}={v}" for n, v in values.items() if v is not None]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["bound", "T1", *replaced(mu="2")], "stepsize_bound"),
        (["bound", "T1", *replaced(q_min="2")], "q_min = 2 exceeds q_max = 1"),
        (["bound", "T1", *replaced(L="0")], "L_positive"),
        (["bound", "T1", *replaced(L="-1")], "L_positive"),
        (["bound", "T1", *replaced(K="0")], "K_positive"),
        (["bound", "T1", *replaced(mu="nan")], "mu: 'nan' is not an exact number"),
        (["bound", "T1", *replaced(mu="inf")], "'inf' is not an exact number"),
        (["bound", "T1", *replaced(mu=None)], "missing mu"),
        (["bound", "T1", *T1, "nu=1"], "unknown name nu"),
        (["bound", "T1", *T1, "L=2"], "L is given twice"),
        (["bound", "T1", *T1, "L"], "'L' is not of the form NAME=VALUE"),
        (["bound", "T99"], "no result 'T99'"),
        (["show", "T99"], "no result 'T99'"),
        (["verify", "T1", "T99"], "no result 'T99'"),
        (["cite", "T99"], "no result 'T99'"),
        (["check", "T99"], "no result 'T99'"),
        (["check", "--examples", "0"], "'0' is not a positive integer"),
        (["check", "--seed", "-1"], "'-1' is not a natural number"),
        (["verify", "--checker", "trust"], "invalid choice: 'trust'"),
        (["show", "T1", "--format", "pdf"], "invalid choice: 'pdf'"),
        (["prove"], "invalid choice: 'prove'"),
    ],
)
def test_bad_input_gets_one_line_and_status_2(capsys, arguments, why):
    status, out, err = run(capsys, *arguments)
    assert status == 2
    assert out == ""
    assert why in err.splitlines()[-1]
    assert "Traceback" not in err


def test_check_holds_and_reports(capsys):
    status, out, err = run(capsys, "check", "T1", "O1", "--examples", "15", "--json")
    data = json.loads(out)
    assert status == 0
    assert data["all_held"] is True
    assert [row["examples"] for row in data["checks"]] == [15, 15]
    assert err == ""


def test_check_prints_a_counterexample_and_fails(capsys, monkeypatch):
    from shrinkproof.kernel.term import make
    from shrinkproof.theorems import gradient_bound

    statement = gradient_bound.STATEMENT
    forall, x, (_, left, right) = statement.conclusion
    wrong = statement.concluding(make(forall, x, left <= right / 2))
    result = library.Result(gradient_bound, wrong)
    monkeypatch.setattr(library, "select", lambda names: (result,))
    status, out, _ = run(capsys, "check", "F2")
    assert status == 1
    assert "REFUTED" in out
    assert "instance = Instance(" in out


def test_derive_writes_and_checks(capsys, tmp_path):
    out = str(tmp_path / "made")
    assert run(capsys, "derive", "--out", out, "--check")[0] == 1
    assert not Path(out).exists()
    assert run(capsys, "derive", "--out", out)[0] == 0
    assert run(capsys, "derive", "--out", out, "--check")[0] == 0
    one = Path(out) / "certificates" / "one-step.json"
    one.write_bytes(one.read_bytes() + b" ")
    (Path(out) / "tex" / "old.tex").write_text("")
    status, said, _ = run(capsys, "derive", "--out", out, "--check")
    assert status == 1
    assert f"differs: {one}" in said
    assert "not generated any more" in said


def test_the_committed_files_are_up_to_date(capsys):
    folder = Path(__file__).parents[2] / "proofs"
    status, out, _ = run(capsys, "derive", "--out", str(folder), "--check")
    assert status == 0, out


def test_derive_outside_a_checkout_asks_where(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    status, _, err = run(capsys, "derive")
    assert status == 2
    assert "--out DIR" in err
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_status_2(capsys, tmp_path):
    (tmp_path / "file").write_text("")
    status, _, err = run(capsys, "derive", "--out", str(tmp_path / "file"))
    assert status == 2
    assert len(err.splitlines()) == 1
    status, _, err = run(capsys, "reproduce", "--out", str(tmp_path / "file"))
    assert status == 2
    assert "is not a folder" in err


@pytest.mark.parametrize("label", LABELS)
def test_citations_carry_version_and_digest(capsys, label):
    from shrinkproof.version import __version__

    digest = json.loads(run(capsys, "verify", label, "--json")[1])["theorems"][0]["digest"]
    for fmt in ("latex", "bibtex", "json"):
        status, out, _ = run(capsys, "cite", label, "--format", fmt)
        assert status == 0
        assert digest in out
        assert __version__ in out
    bibtex = run(capsys, "cite", label, "--format", "bibtex")[1]
    assert "@software{shrinkproof," in bibtex
    assert "2508.07142" in bibtex
    assert bibtex.count("{") == bibtex.count("}")


@pytest.mark.latex
@pytest.mark.parametrize("label", LABELS)
def test_citations_compile(capsys, tmp_path, label):
    cited = run(capsys, "cite", label)[1]
    (tmp_path / "paper.bib").write_text(run(capsys, "cite", label, "--format", "bibtex")[1])
    (tmp_path / "paper.tex").write_text(
        "\\documentclass{article}\n\\usepackage[utf8]{inputenc}\n"
        "\\usepackage{amsmath,amssymb,amsthm}\n\\newtheorem{theorem}{Theorem}\n"
        f"\\begin{{document}}\n{cited}\n\\cite{{shrinkproof}}\\cite{{yun2025slow}}\n"
        "\\bibliographystyle{plain}\\bibliography{paper}\n\\end{document}\n"
    )
    for command in (["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper"],):
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout[-2000:]
    done = subprocess.run(["bibtex", "paper"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_a_closed_pipe_is_no_error():
    code = "import sys; from shrinkproof.cli import main; sys.exit(main(['show', 'T3']))"
    command = f'{sys.executable} -c "{code}" | head -1'
    done = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert done.stdout.startswith("T3. ")
    assert done.stderr == ""


def test_no_command_and_help_and_version(capsys):
    from shrinkproof.version import __version__

    assert run(capsys)[1].startswith("usage: shrinkproof")
    assert run(capsys, "--help")[0] == 0
    assert run(capsys, "--version")[1].strip() == __version__


def test_help_imports_nothing_heavy():
    code = (
        "import sys\nfrom shrinkproof.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "print([m for m in ('sympy', 'numpy', 'flint', 'hypothesis') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_verdicts_do_not_depend_on_asserts():
    """python -O deletes assert statements; nothing may change."""
    code = "import sys; from shrinkproof.cli import main; sys.exit(main(['verify']))"
    done = subprocess.run(
        [sys.executable, "-O", "-c", code],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONHASHSEED": "5"},
    )
    assert done.returncode == 0
    everything = len(LABELS) + len(REFUTING)
    assert f"{everything} of {everything} verified" in done.stdout
