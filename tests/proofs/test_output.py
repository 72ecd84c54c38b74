"""Output in any encoding: no traceback, and nothing lost where JSON is read back."""

import json
import os
import subprocess
import sys

import pytest

from shrinkproof import library
from shrinkproof.cli import main
from shrinkproof.output import escaped, spelled

COMMAND = [sys.executable, "-c", "import sys; from shrinkproof.cli import main; sys.exit(main())"]
NARROW = [
    {"PYTHONIOENCODING": "ascii"},
    {"PYTHONIOENCODING": "ascii:strict"},
    {"PYTHONIOENCODING": "latin-1"},
    {"PYTHONIOENCODING": "cp1252"},
    {"LC_ALL": "C"},
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
]
TITLE = library.result("T3").title


def output(environment, *arguments):
    done = subprocess.run(
        [*COMMAND, *arguments],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "", **environment},
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == b""
    return done.stdout


@pytest.mark.parametrize("environment", NARROW, ids=str)
def test_an_output_without_greek_is_no_error(environment):
    shown = output(environment, "show", "T3").decode("utf-8", "replace")
    assert "stepsize" in shown
    if environment.get("PYTHONIOENCODING") != "latin-1":
        assert "?" not in shown


@pytest.mark.parametrize("environment", NARROW, ids=str)
def test_json_says_the_same_in_every_encoding(environment):
    assert not TITLE.isascii()
    assert json.loads(output(environment, "show", "T3", "--format", "json"))["title"] == TITLE
    rows = json.loads(output(environment, "list", "--json"))
    assert {row["label"]: row["title"] for row in rows}["T3"] == TITLE


def test_ascii_reads_as_mathematics():
    shown = output({"PYTHONIOENCODING": "ascii"}, "show", "T1").decode("ascii")
    assert "(sum_{k<K} E[|grad F(w_k)|^2])/K <= 2Delta/(K mu q_min)" in shown


def test_every_sign_that_the_library_shows_has_an_ascii_spelling(capsys):
    for name in library.results():
        assert main(["show", name.id]) == 0
    signs = {char for char in capsys.readouterr().out if not char.isascii()}
    assert signs
    for char in signs:
        assert spelled(char).isascii()
        assert "\\u" not in spelled(char), char
        assert json.loads(f'"{escaped(char)}"') == char


def test_both_forms_of_epsilon_have_its_name():
    assert spelled("ε") == spelled("ϵ") == "epsilon"


def test_characters_without_a_name_are_escaped():
    assert spelled("\udc80") == "\\udc80"
    assert escaped("𝔼") == "\\ud835\\udd3c"
