"""What each command of the command line does.  Each returns the exit status."""

from __future__ import annotations

import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from shrinkproof import library
from shrinkproof.cli import EXIT_MISSING, EXIT_OK, EXIT_REFUTED, UsageError
from shrinkproof.library import Result, UnknownResult
from shrinkproof.output import Progress, print_json, print_table


def _results(names: Sequence[str]) -> tuple[Result, ...]:
    try:
        return library.select(names)
    except UnknownResult as error:
        raise UsageError(str(error)) from None


def _counterexample(name: str) -> Any:
    """The counterexample with this id or label, or None."""
    from shrinkproof.counterexamples import COUNTEREXAMPLES

    return next((c for c in COUNTEREXAMPLES if name in (c.id, c.label, c.label.lower())), None)


def _split(names: Sequence[str]) -> tuple[tuple[Result, ...], tuple[Any, ...]]:
    """Results and counterexamples by name; all of both where none is named."""
    from shrinkproof.counterexamples import COUNTEREXAMPLES

    if not names:
        return library.results(), COUNTEREXAMPLES
    found = [(_counterexample(name), name) for name in names]
    rest = [name for c, name in found if c is None]
    return _results(rest) if rest else (), tuple(c for c, _ in found if c is not None)


def list_(options: Namespace) -> int:
    from shrinkproof.counterexamples import COUNTEREXAMPLES

    rows: list[dict[str, Any]] = [
        {
            "id": r.id,
            "label": r.label,
            "title": r.title,
            "kind": r.kind,
            "tightness": r.tightness,
            "uses": r.uses(),
        }
        for r in library.results()
    ]
    rows += [
        {
            "id": c.id,
            "label": c.label,
            "title": c.title,
            "kind": "counterexample",
            "tightness": "exact",
            "uses": (c.weakens,),
        }
        for c in COUNTEREXAMPLES
    ]
    if options.json:
        print_json(rows)
    else:
        print_table((r["label"], r["id"], r["kind"], r["tightness"], r["title"]) for r in rows)
    return EXIT_OK


def show(options: Namespace) -> int:
    from shrinkproof.showing import show_counterexample, show_result

    counterexample = _counterexample(options.ids)
    if counterexample is not None:
        print(show_counterexample(counterexample, options.format))
    else:
        print(show_result(_results([options.ids])[0], options.format))
    return EXIT_OK


def _verification(
    names: Sequence[str], checkers: Sequence[str] = ("kernel",)
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows for results and certificates' files, and rows for counterexamples."""
    from shrinkproof.export.certificate import CertificateError
    from shrinkproof.verifying import from_file, from_result, verify

    files = [name for name in names if name.endswith(".json")]
    others = [name for name in names if name not in files]
    results, counterexamples = _split(others) if others or not files else ((), ())
    targets = [from_result(r) for r in results]
    for name in files:
        try:
            targets.append(from_file(Path(name)))
        except CertificateError as error:
            raise UsageError(f"{name}: {error}") from None
    progress = Progress(len(targets) * len(checkers) + len(counterexamples), "verifying")
    verify(targets, checkers, progress.step)
    refutations = []
    for c in counterexamples:
        row = {"id": c.id, "label": c.label, "title": c.title, "verified": {"exact": c.refutes()}}
        refutations.append(row)
        progress.step(c.label)
    progress.end()
    return [t.row() for t in targets], refutations


def verify(options: Namespace) -> int:
    from shrinkproof.verifying import CHECKERS, lacking

    checkers = list(CHECKERS) if options.checker == "all" else [options.checker]
    if absent := lacking(checkers):
        print(f"shrinkproof verify: {absent}", file=sys.stderr)
        return EXIT_MISSING
    theorems, refutations = _verification(options.ids, checkers)
    rows = [*theorems, *refutations]
    good = all(all(row["verified"].values()) for row in rows)
    if options.json:
        print_json({"theorems": theorems, "counterexamples": refutations, "all_verified": good})
        return EXIT_OK if good else EXIT_REFUTED
    print_table(
        [("", *checkers, "digest", "title")]
        + [
            (
                row["label"],
                *(_cell(row, name) for name in checkers),
                row.get("digest", "")[:12],
                row["title"],
            )
            for row in rows
        ]
    )
    for row in rows:
        if "error" in row:
            print(f"{row['label']}: {row['error']}")
    print(f"{sum(all(row['verified'].values()) for row in rows)} of {len(rows)} verified")
    return EXIT_OK if good else EXIT_REFUTED


def _cell(row: dict[str, Any], checker: str) -> str:
    """What a checker says of a row: its time, or NO; a counterexample is its own checker."""
    if checker in row["verified"]:
        seconds = row["seconds"][checker]
        good = f"{seconds:.2f} s" if seconds >= 0.005 else "yes"  # Coq judges all of them at once
        return good if row["verified"][checker] else "NO"
    if "exact" in row["verified"]:
        return "exact" if row["verified"]["exact"] else "NO"
    return ""


def derive(options: Namespace) -> int:
    from shrinkproof import generated

    folder = Path(options.out or "proofs")
    if options.out is None and not (folder / "shrinkproof").is_dir():
        raise UsageError("this folder is no checkout of shrinkproof; say where with --out DIR")
    files = generated.files()
    if options.check:
        stale = generated.differences(folder, files)
        for line in stale:
            print(line)
        print(f"{len(files) - len(stale)} of {len(files)} files are up to date in {folder}")
        return EXIT_REFUTED if stale else EXIT_OK
    generated.write(folder, files)
    print(f"wrote {len(files)} files to {folder}")
    return EXIT_OK


def bound(options: Namespace) -> int:
    from shrinkproof.bounds import BoundError, evaluate_bound

    # A value can have more digits than Python converts by default.
    sys.set_int_max_str_digits(0)
    try:
        found = evaluate_bound(options.ids, _values(options.values))
    except (BoundError, UnknownResult) as error:
        raise UsageError(str(error)) from None
    names = [h.name for h in found.assumed]
    lower, upper = str(found.lower), str(found.upper)
    if options.json:
        value = {"value": upper} if found.is_exact else {"lower": lower, "upper": upper}
        print_json(
            {
                "id": found.statement.id,
                **value,
                "decimal": found.decimal,
                "hypotheses": [h.name for h in found.statement.hypotheses],
                "checked": found.checked,
            }
        )
        return EXIT_OK
    if not found.is_exact:
        print(f"irrational, between {lower} and {upper}")
    else:
        print(upper if len(upper) <= 200 else f"{upper[:60]}... ({len(upper)} characters)")
    print(f"<= {found.decimal}")
    print(f"checked: {', '.join(found.checked)}")
    if names:
        print(f"yours to know: {', '.join(names)}")
    return EXIT_OK


def _values(arguments: Sequence[str]) -> dict[str, Any]:
    from shrinkproof.bounds import parse_rational

    values: dict[str, Any] = {}
    for argument in arguments:
        name, equals, text = argument.partition("=")
        if not equals or not name.isidentifier():
            raise UsageError(f"{argument!r} is not of the form NAME=VALUE")
        if name in values:
            raise UsageError(f"{name} is given twice")
        try:
            numbers = tuple(parse_rational(part) for part in text.split(","))
        except ValueError as error:
            raise UsageError(f"{name}: {error}") from None
        values[name] = numbers[0] if len(numbers) == 1 else numbers
    return values


def _checked(names: Sequence[str], examples: int | None, seed: int) -> list[dict[str, Any]]:
    from shrinkproof.checking import Checking
    from shrinkproof.checks import EXAMPLES

    progress = Progress(1, "checking")
    wanted = examples or EXAMPLES
    with Checking(_results(names), examples=wanted, seed=seed, step=progress.step) as checking:
        progress.total = checking.steps
        rows = checking.rows()
    progress.end()
    return rows


def check(options: Namespace) -> int:
    rows = _checked(options.ids, options.examples, options.seed)
    good = all(row["held"] for row in rows)
    if options.json:
        print_json({"checks": rows, "all_held": good})
        return EXIT_OK if good else EXIT_REFUTED
    print_table(
        [("", "by hand", "random", "equalities", "undecided", "", "title")]
        + [
            (
                row["label"],
                str(row["made_by_hand"]),
                str(row["examples"]),
                str(row["equalities"]),
                str(row["undecided"]),
                "held" if row["held"] else "REFUTED",
                row["title"],
            )
            for row in rows
        ]
    )
    for row in rows:
        if "script" in row:
            print(f"\n# {row['refuted']}\n{row['script']}")
    return EXIT_OK if good else EXIT_REFUTED


def cite(options: Namespace) -> int:
    from shrinkproof.citing import citation

    print(citation(_results([options.ids])[0], options.format))
    return EXIT_OK


def formats(options: Namespace) -> int:
    from shrinkproof.advice import formats as show_formats

    return show_formats(options)


def plan(options: Namespace) -> int:
    from shrinkproof.advice import planned

    return planned(options, _values(options.values))


def claims(options: Namespace) -> int:
    from shrinkproof.claims import OPEN, PAPER, as_text, audit

    rows = audit()
    good = all(row["verdict"] != OPEN for row in rows)
    if options.json:
        print_json({"paper": PAPER, "claims": rows, "all_verified": good})
    else:
        print(as_text(rows))
    return EXIT_OK if good else EXIT_REFUTED


def mutants(options: Namespace) -> int:
    from shrinkproof.mutants import EXAMPLES, as_text, tables, totals

    results = _results(options.ids)
    progress = Progress(len(results), "mutating")
    found = tables(
        results, examples=options.examples or EXAMPLES, seed=options.seed, step=progress.step
    )
    progress.end()
    total = totals(row for table in found for row in table["mutants"])
    if options.json:
        print_json({"results": found, "totals": total})
    else:
        print(as_text(found))
    return EXIT_OK if total["refused"] == total["mutants"] else EXIT_REFUTED


def reproduce(options: Namespace) -> int:
    from shrinkproof.checking import EXAMPLES, Checking
    from shrinkproof.claims import audit
    from shrinkproof.report import write_report

    started = time.perf_counter()
    out = Path(options.out)
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} is not a folder")
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=out):
        pass  # a folder that cannot be written is found out now, not after the work
    theorems, refutations = _verification(())
    verification = [
        {
            "id": row["id"],
            "label": row["label"],
            "title": row["title"],
            "verified": all(row["verified"].values()),
            "digest": row.get("digest", ""),
        }
        for row in [*theorems, *refutations]
    ]
    proved = sum(row["verified"] for row in verification)
    print(f"proved     {proved} of {len(verification)} results and counterexamples")
    progress = Progress(1, "training, checking")
    with Checking(
        library.results(), examples=EXAMPLES, seed=options.seed, step=progress.say
    ) as checking:
        summary = write_report(
            out,
            verification=verification,
            checks=checking.rows,
            claims=audit(),
            seed=options.seed,
            progress=progress.say,
        )
    progress.end()
    held = sum(row["held"] for row in summary.checks)
    examples = sum(row["examples"] for row in summary.checks)
    statements = len(summary.checks)
    print(f"checked    {held} of {statements} statements on {examples} random instances, exactly")
    runs, refuted = len(summary.outcomes), len(summary.refuted)
    print(f"trained    {runs} runs on the breast cancer data; {refuted} contradict a proved bound")
    print(f"wrote      {', '.join(sorted(p.name for p in summary.files))} to {out}")
    print(f"in {time.perf_counter() - started:.0f} s")
    return EXIT_OK if summary.holds else EXIT_REFUTED


COMMANDS: dict[str, Callable[[Namespace], int]] = {
    "list": list_,
    "show": show,
    "verify": verify,
    "derive": derive,
    "bound": bound,
    "check": check,
    "cite": cite,
    "formats": formats,
    "plan": plan,
    "claims": claims,
    "mutants": mutants,
    "reproduce": reproduce,
}
