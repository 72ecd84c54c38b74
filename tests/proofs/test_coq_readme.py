"""proofs/coq/README.md says what is there: every file, and every statement beside its Coq name."""

import re
import textwrap
from pathlib import Path

import pytest

from shrinkproof.export.printer import abbreviations, text
from shrinkproof.kernel.term import make
from shrinkproof.language.statement import Statement
from shrinkproof.library import results

COQ = Path(__file__).resolve().parents[2] / "proofs" / "coq"
GENERATED = {"Statements", "Certificates"}
README = (COQ / "README.md").read_text(encoding="utf-8")


def closed_by() -> dict[str, str]:
    """For each printed statement, the theorem that closes it in Correspondence.v."""
    source = (COQ / "Correspondence.v").read_text(encoding="utf-8")
    proofs = re.findall(r"^Theorem (\w+) : Statements\.\w+\.\n(.*?)Qed\.", source, re.M | re.S)
    named = r"@?\b(?!Statements\b)([A-Z]\w+\.\w+)"
    return {name: re.findall(named, proof)[-1] for name, proof in proofs}


def shown(statement: Statement, theorem: str) -> str:
    """The label and the Coq name, the conclusions, and what their abbreviations mean."""
    meanings: dict[str, str] = {}
    for conclusion in statement.conclusions:
        for name, body in abbreviations(conclusion):
            meanings[text(make("named", name, body))] = text(body)
    rows = [text(c) for c in statement.conclusions]
    rows += [f"where {name} = {meaning}" for name, meaning in meanings.items()]
    lines = [f"{statement.label:5}{theorem}"]
    for row in rows:
        lines += textwrap.wrap(
            row, 99, initial_indent=" " * 5, subsequent_indent=" " * 7, break_on_hyphens=False
        )
    return "\n".join(lines)


def table() -> str:
    names = closed_by()
    statements = [result.statement for result in results()]
    return "\n".join(shown(s, names[s.id.replace("-", "_")]) for s in statements)


def test_every_statement_stands_beside_its_coq_name() -> None:
    assert f"```text\n{table()}\n```" in README


@pytest.mark.parametrize("path", sorted(COQ.glob("*.v")), ids=lambda p: p.stem)
def test_every_file_is_on_the_map_and_short(path: Path) -> None:
    assert re.search(rf"^\| `{path.stem}` ", README, re.M)
    assert path.stem in GENERATED or len(path.read_text(encoding="utf-8").splitlines()) < 400


def test_nothing_is_admitted() -> None:
    for path in COQ.glob("*.v"):
        source = re.sub(r"\(\*.*?\*\)", "", path.read_text(encoding="utf-8"), flags=re.S)
        words = set(re.findall(r"^\s*(?:Admitted|Axiom|Parameter|Conjecture)\b.*", source, re.M))
        wanted = {"Axiom smuggled : forall a b : R, a <= b."} if path.stem == "Controls" else set()
        assert {w.strip() for w in words} == wanted


def test_the_theorem_that_is_shown_is_the_one_that_is_proved() -> None:
    (theorem,) = re.findall(r"```coq\n(.*?)\n```", README, re.S)
    assert theorem in (COQ / "Nonconvex.v").read_text(encoding="utf-8")
