"""The checker ``coq``: theorems proved from the definitions of gradient, expectation and rounding.

The statements are printed afresh from the library's objects, not read from proofs/coq, so that Coq
is asked about what Python says now.  A theorem passes if

  - Correspondence.v closes its statement, as printed, by a theorem of the development;
  - that rests on no axioms but those of Coq's real numbers and classical logic (``AXIOMS``);
  - the algebra of its certificate, if that is given, holds by the certificate's own multipliers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shrinkproof.coq_build import CoqRefuses, build
from shrinkproof.export.coq import certificates as algebra
from shrinkproof.export.coq import statements as printed
from shrinkproof.export.coq.scope import NotExpressible
from shrinkproof.language.statement import Statement

AXIOMS = frozenset(
    {
        "ClassicalDedekindReals.sig_forall_dec",
        "ClassicalDedekindReals.sig_not_dec",
        "Classical_Prop.classic",
        "FunctionalExtensionality.functional_extensionality_dep",
    }
)
GENERATED = ("Statements", "Certificates")
_START = r"^(?:Definition|Theorem|Lemma) "
_BLOCKS = re.compile(rf"{_START}(\w+)\b.*?(?={_START}|\Z)", re.M | re.S)


class NoDevelopment(FileNotFoundError):
    """The Coq files are not there: the package was installed without them."""


@dataclass(frozen=True)
class Verdict:
    """Whether Coq accepts a theorem, and if not, what it says."""

    holds: bool
    why: str = ""


def development() -> Path:
    """The folder of the Coq files: beside this package in a checkout, inside it in a wheel."""
    here = Path(__file__).resolve().parent
    for folder in (here.parent / "coq", here / "coq"):
        if (folder / "_CoqProject").is_file():
            return folder
    raise NoDevelopment("the Coq files are not part of this installation; use a checkout")


def sources(folder: Path) -> dict[str, str]:
    """The files that _CoqProject lists, by name, without those that are generated."""
    rows = (folder / "_CoqProject").read_text(encoding="utf-8").splitlines()
    names = [row.removesuffix(".v") for row in rows if row.endswith(".v")]
    return {
        name: (folder / f"{name}.v").read_text(encoding="utf-8")
        for name in names
        if name not in GENERATED
    }


def theorems(text: str) -> dict[str, str]:
    """The theorems of a file with their proofs, by name."""
    return {m[1]: m[0] for m in _BLOCKS.finditer(text)}


def verdicts(
    statements: Sequence[Statement],
    certificates: Sequence[Mapping[str, Any]] = (),
    *,
    files: Mapping[str, str] | None = None,
    cache: Path | None = None,
    progress: Callable[[str], None] = lambda name: None,
) -> dict[str, Verdict]:
    """A verdict on each statement, by its id.

    ``files``: the development, if not that of ``development()``.  Where that does not compile,
    nothing holds.  Raises CoqMissing where Coq is not installed, NoDevelopment where the files are
    not.
    """
    question = _Question(statements, certificates, files or sources(development()))
    while True:
        try:
            output = build(question.files(), cache, progress).output["Verdicts"]
        except CoqRefuses as error:
            if question.goes_on_without(error):
                continue
            return question.verdicts()
        if question.answered(output):
            return question.verdicts()


class _Question:
    """What Coq is asked, and what is already known to be refused."""

    def __init__(
        self,
        statements: Sequence[Statement],
        certificates: Sequence[Mapping[str, Any]],
        files: Mapping[str, str],
    ) -> None:
        self.ids = {printed.name_of(s): s.id for s in statements}
        self.one_by_one = False
        self.refused: dict[str, str] = {}
        self.statements: dict[str, str] = {}
        for name, s in zip(self.ids, statements, strict=True):
            try:
                self.statements[name] = printed.definition(s)
            except NotExpressible as error:
                self.refused[name] = str(error)
        self.lemmas = {
            names[0]: (algebra.lemma(names, o), [n.rpartition("_")[0] for n in names])
            for o, names in algebra.named(certificates).items()
        }
        self.theorems = theorems(files["Correspondence"])
        self.head = files["Correspondence"].removesuffix("".join(self.theorems.values()))
        for name in set(self.statements) - set(self.theorems):
            self.refused[name] = "Correspondence.v does not close its statement"
        self.others = {n: text for n, text in files.items() if n != "Correspondence"}

    def groups(self) -> list[list[str]]:
        """The theorems asked about, in groups that are audited together."""
        asked = [name for name in self.theorems if name in self.statements]
        return [[name] for name in asked] if self.one_by_one or not asked else [asked]

    def files(self) -> dict[str, str]:
        asked = [name for group in self.groups() for name in group]
        return self.others | {
            "Statements": "\n".join([printed.HEAD, *self.statements.values()]),
            "Certificates": "\n".join([algebra.HEAD, *(text for text, _ in self.lemmas.values())]),
            "Correspondence": self.head + "".join(self.theorems[name] for name in asked),
            "Verdicts": _audit(self.groups()),
        }

    def goes_on_without(self, error: CoqRefuses) -> bool:
        """Whether only some theorems are wrong: those are refused, and not asked about again."""
        before = "".join(self.files()[error.name].splitlines(keepends=True)[: error.line])
        name = [m[1] for m in _BLOCKS.finditer(before)][-1:]
        blamed: Sequence[str] = ()
        if error.name == "Certificates" and name:
            _, blamed = self.lemmas.pop(name[0])
        elif error.name in ("Statements", "Correspondence") and self.statements.keys() & set(name):
            del self.statements[name[0]]
            blamed = name
        for n in blamed or self.ids:
            self.refused.setdefault(n, str(error))
        return bool(blamed)

    def answered(self, output: str) -> bool:
        """Take note of what theorems rest on.  If together on too much, ask for one at a time."""
        for group in self.groups():
            why = objection(output, group[0])
            if why and len(group) > 1:
                self.one_by_one = True
                return False
            if why:
                self.refused[group[0]] = why
        return True

    def verdicts(self) -> dict[str, Verdict]:
        reasons = {i: self.refused.get(name, "") for name, i in self.ids.items()}
        return {i: Verdict(not why, why) for i, why in reasons.items()}


def _audit(groups: Sequence[Sequence[str]]) -> str:
    """A file that prints what each group's theorems rest on, under the name of its first."""
    rows = ["From Shrinkproof Require Statements Correspondence Certificates."]
    for names in groups:
        claim = " /\\ ".join(f"Statements.{name}" for name in names)
        proof = f"Correspondence.{names[-1]}"
        for name in reversed(names[:-1]):
            proof = f"(conj Correspondence.{name} {proof})"
        rows.append(f'Goal True. idtac "theorem {names[0]}". Abort.')
        rows.append(f"Definition {names[0]} : {claim} := {proof}.")
        rows.append(f"Print Assumptions {names[0]}.")
    return "\n".join(rows) + "\n"


def objection(output: str, name: str) -> str:
    """What is wrong with what a theorem rests on, as Print Assumptions lists it."""
    _, _, said = output.partition(f"theorem {name}\n")
    said = said.partition("\ntheorem ")[0]
    if said.strip() == "Closed under the global context":
        return ""
    if not said.startswith("Axioms:\n"):
        return "Coq did not say what it rests on"
    extra = set(re.findall(r"^([\w.']+)", said.partition("\n")[2], re.M)) - AXIOMS
    return f"it rests on {', '.join(sorted(extra))}" if extra else ""
