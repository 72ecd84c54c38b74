"""The report: what is proved, what was checked, and low-precision training on real data.

`write_report` trains (see `experiments`) and writes report.md, report.html, results.csv (the
curves), shrinkage.csv (the measured factors) and the figures.  Every number in it is computed.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from shrinkproof.breast_cancer import breast_cancer
from shrinkproof.document import Document, Heading, Paragraph, Picture
from shrinkproof.experiments import (
    BATCH,
    RIDGE,
    SYNTHETIC,
    Outcome,
    measure,
    rounded_rules,
    silent,
)
from shrinkproof.proof_sections import (
    Rows,
    audited,
    in_short,
    listing,
    long_runs,
    without_scripts,
)
from shrinkproof.training_sections import evidence, formats, setting, shrunken


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What was written, and whether all of it holds.

    checks: the rows of the property checks.  refuted: names of the runs whose measured means refute
    a bound.  failed: ids of the rows that say "not verified" or "not held".
    """

    checks: Rows
    files: tuple[Path, ...]
    outcomes: tuple[Outcome, ...]
    refuted: tuple[str, ...]
    failed: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.refuted and not self.failed


def write_report(
    out: Path,
    *,
    verification: Rows = (),
    checks: Callable[[], Rows] = tuple,
    claims: Rows = (),
    seed: int = 0,
    progress: Callable[[str], None] = silent,
) -> Summary:
    """Trains, and writes the report into the folder `out`, which is made if it is missing.

    verification: rows with "id", "label", "title", "verified" and "digest"; checks: gives rows with
    "id", "label", "examples", "held" and what else was measured, when asked for after the training;
    both are printed as they are, but for scripts.
    claims: the audit of the paper's abstract, rows with "claim", "verdict", "under", "words" and
    "evidence".
    Equal seeds give equal bytes on one machine.  Each file is complete or absent: it is written
    under a temporary name and renamed.  Raises OSError where the folder cannot be written.
    """
    out.mkdir(parents=True, exist_ok=True)
    problem = breast_cancer(ridge=RIDGE, batch=BATCH)
    outcomes = measure(problem, {**SYNTHETIC, **rounded_rules()}, seed=seed, progress=progress)
    progress("checking")
    checked = checks()
    progress("writing the report")
    command = f"shrinkproof reproduce --seed {seed} --out {out.name or out}"
    document = Document(
        title="SGD with low-precision gradients: what is proved, what was measured",
        blocks=(
            Paragraph(f"Every number and figure here was computed by `{command}`."),
            *in_short(verification, checked, outcomes),
            Heading("Proved library"),
            *listing(verification, "verified"),
            Heading("Property checks on exact random instances"),
            *listing(without_scripts(checked), "held"),
            Heading("What the paper's abstract says"),
            *audited(claims),
            *long_runs(),
            *setting(problem, outcomes[0].run),
            *shrunken(outcomes),
            *formats(problem, outcomes),
            *evidence(outcomes),
        ),
    )
    contents = {
        **{block.file: block.png for block in document.blocks if isinstance(block, Picture)},
        "results.csv": _csv(row for outcome in outcomes for row in outcome.curve()),
        "shrinkage.csv": _csv(outcome.factors() for outcome in outcomes),
        "report.md": document.markdown().encode(),
        "report.html": document.html().encode(),
    }
    for name, data in contents.items():
        _write(out / name, data)
    failing = [r for r in verification if not r["verified"]] + [r for r in checked if not r["held"]]
    return Summary(
        checks=checked,
        files=tuple(out / name for name in contents),
        outcomes=outcomes,
        refuted=tuple(outcome.name for outcome in outcomes if outcome.refuted),
        failed=tuple(str(row["id"]) for row in failing),
    )


def _write(path: Path, data: bytes) -> None:
    temporary = path.with_name(f".{path.name}.part")
    temporary.write_bytes(data)
    temporary.replace(path)


def _csv(rows: Iterable[Mapping[str, object]]) -> bytes:
    listed = list(rows)
    buffer = StringIO()
    writer = csv.DictWriter(buffer, list(listed[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(listed)
    return buffer.getvalue().encode()
