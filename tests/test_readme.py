"""What the README shows is what the commands print."""

import json
import re
from pathlib import Path

import pytest

from shrinkproof import library, survivors
from shrinkproof.checking import EXAMPLES
from shrinkproof.cli import main, parser
from shrinkproof.counterexamples import COUNTEREXAMPLES
from shrinkproof.experiments import SYNTHETIC, rounded_rules
from shrinkproof.mutations import mutants

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
VERIFICATION = (ROOT / "VERIFICATION.md").read_text()
BLOCKS = [
    "\n".join(line[4:] for line in block.splitlines())
    for block in re.findall(r"(?:^    .*\n)+", README, re.MULTILINE)
]


def printed(capsys, command: str) -> str:
    assert main(command.split()) == 0
    return capsys.readouterr().out


def test_the_list(capsys):
    assert printed(capsys, "list").rstrip() in BLOCKS


def test_the_bound(capsys):
    (command,) = re.findall(r"`shrinkproof (bound T1 [^`]*)`", README)
    out = printed(capsys, command)
    assert "\n".join(out.splitlines()[:2]) in BLOCKS


def test_the_end_of_the_proof(capsys):
    lines = printed(capsys, "show T1").splitlines()
    starts = [i for i, line in enumerate(lines) if re.match(r" ?\(\d+\)", line)]
    end = next(i for i in range(starts[-1], len(lines)) if not lines[i])
    assert "\n".join(lines[starts[-2] : end]) in BLOCKS


def test_the_plan(capsys):
    (command,) = re.findall(r"`shrinkproof (plan [^`]* --format [^`]*)`", README)
    assert set(printed(capsys, command).split("\n\n")[:2]) <= set(BLOCKS)


def test_the_checkers(capsys):
    """The digest and the title are T3s's; the times are another machine's."""
    assert main(["verify", "T3s"]) == 0
    digest, title = re.findall(
        r"^T3s +\S.*? +([0-9a-f]{12}) +(.*)$", capsys.readouterr().out, re.M
    )[0]
    (shown,) = [b for b in BLOCKS if b.startswith("     kernel  standalone  smt")]
    assert f"{digest}  {title}" in shown


def test_the_table_of_claims(capsys):
    for claim in json.loads(printed(capsys, "claims --json"))["claims"]:
        under = f": {claim['under']}" if claim["under"] else ""
        assert f"| {claim['claim']} | {claim['verdict']}{under} | " in README


def test_the_counts_of_reproduce():
    results = len(library.results())
    everything = results + len(COUNTEREXAMPLES)
    runs = len(SYNTHETIC) + len(rounded_rules())
    expected = [
        f"proved     {everything} of {everything} results and counterexamples",
        f"checked    {results} of {results} statements "
        f"on {results * EXAMPLES} random instances, exactly",
        f"trained    {runs} runs on the breast cancer data; 0 contradict a proved bound",
    ]
    assert "\n".join(expected) in BLOCKS


def test_every_command_is_explained():
    (commands,) = (a.choices for a in parser()._actions if a.dest == "command")
    assert set(re.findall(r"^\| `shrinkproof (\w+)", README, re.MULTILINE)) == set(commands)


def test_the_python_example_runs(capsys):
    (example,) = [b for b in BLOCKS if b.startswith("from shrinkproof.bounds")]
    compiled = compile(example, "README.md", "exec")
    space: dict[str, object] = {}
    exec(compiled, space)  # noqa: S102  # our own README, not outside text
    used = {h.prop for h in library.result("T1").statement.hypotheses}
    assert space["theorem"].hypotheses == used


def test_the_tree_names_every_module():
    (tree,) = [b for b in BLOCKS if b.startswith("symbolic/shrinkproof/")]
    for source in ("symbolic", "proofs", "numeric_checks"):
        for path in (ROOT / source / "shrinkproof").iterdir():
            if path.stem not in ("version", "__pycache__"):
                assert re.search(rf"\b{path.stem}\b", tree), path


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_lines_stay_readable(name):
    lines = (ROOT / name).read_text().splitlines()
    assert max(len(line) for line in lines if not line.startswith(("|", "    "))) <= 130


def test_the_counts_of_mutants_are_those_that_there_are():
    """Every mutant but the explained is refuted: ``test_mutants`` holds that."""
    made = sum(len(mutants(r.statement)) for r in library.results())
    left = len(survivors.EXPLAINED)
    (said,) = re.findall(
        r"makes (\d+) wrong variants[^.]*\. The kernel refuses all; exact instances refute (\d+); "
        r"of each of the\s+other (\d+)",
        README,
    )
    assert tuple(map(int, said)) == (made, made - left, left)
    (row,) = re.findall(r"^    all +(\d+) +(\d+) +(\d+) +(\d+)$", VERIFICATION, re.MULTILINE)
    assert tuple(map(int, row)) == (made, made, made - left, left)
