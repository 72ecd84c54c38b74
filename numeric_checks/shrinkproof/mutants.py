"""The table of mutants: wrong variants of every result, refused by the kernel, refuted by numbers.

A mutant that no instance refutes is a survivor; ``survivors`` says of each why.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from typing import Any

from shrinkproof import library
from shrinkproof.checks import Refuted, check
from shrinkproof.contrived import contrived
from shrinkproof.instances import NothingToTry
from shrinkproof.language.statement import Statement
from shrinkproof.library import Result
from shrinkproof.mutations import Mutant, mutants, refusal
from shrinkproof.reading import read
from shrinkproof.sharp import sharp_instances
from shrinkproof.spoiled import refuted_when_spoiled, refutes
from shrinkproof.survivors import explanation

EXAMPLES = 40
MANY = 60  # instances to spoil for what nothing else refutes
Row = dict[str, Any]


def judge(result: Result, mutant: Mutant, *, examples: int = EXAMPLES, seed: int = 0) -> Row:
    """What the kernel and the property checks say of one mutant.

    refused: the kernel's reason, "" if it accepts; refuted: by how much the mutant fails and where,
    "" if no instance was found; script: a program that shows that.  A survivor has why.
    """
    row: Row = {
        "kind": mutant.kind,
        "name": mutant.name,
        "refused": refusal(result, mutant),
        "refuted": "",
    }
    statement = replace(mutant.statement, label=f"{result.label}, {mutant.name}")
    found, tried = search(result.statement, statement, mutant.dropped is not None, examples, seed)
    if found is not None:
        row |= {"refuted": str(found), "script": found.script()}
    if not row["refuted"]:
        row |= {"tried": tried, "why": explanation(result.label, mutant)}
    return row


def search(
    theorem: Statement, mutant: Statement, weaker: bool, examples: int, seed: int
) -> tuple[Refuted | None, str]:
    """What refutes a mutant of a theorem, and in words what was tried: first what is quick.

    weaker: whether it leaves a hypothesis out; then a spoiled instance is likely to refute it.
    """
    scenes = contrived(read(theorem))
    found = next(filter(None, (refutes(mutant, x) for x in scenes)), None)
    if found is None and weaker:
        found = refuted_when_spoiled(theorem, mutant)
    if found is not None:
        return found, ""
    try:
        report = check(mutant, examples=examples, random_seed=seed)
    except NothingToTry as error:
        return refuted_when_spoiled(theorem, mutant, most=MANY), f"none can be made ({error})"
    # A random instance satisfies the hypotheses by how it was made: here they are looked at too.
    found = refutes(mutant, report.refuted.instance) if report.refuted else None
    found = found or refuted_when_spoiled(theorem, mutant, most=MANY)
    by_hand = report.sharp + len(scenes)
    return found, f"none of {by_hand} instances by hand and {report.examples} random refutes it"


def table_of(name: str, examples: int, seed: int) -> Row:
    """All mutants of one result, which is named so that a process of its own can be asked."""
    result = library.result(name)
    rows = [judge(result, m, examples=examples, seed=seed) for m in mutants(result.statement)]
    for known in (sharp_instances, contrived):  # hundreds of instances: not for all results
        known.cache_clear()
    return {"id": result.id, "label": result.label, "mutants": rows}


def tables(
    results: Sequence[Result],
    *,
    examples: int = EXAMPLES,
    seed: int = 0,
    step: Callable[[str], object] = lambda _: None,
    workers: int | None = None,
) -> list[Row]:
    """One table for each result, in order, the same however many processes make them."""
    workers = min(workers or os.cpu_count() or 1, len(results))
    jobs = [(r.id, examples, seed) for r in results]
    if workers == 1:
        return list(_counted(map(table_of, *zip(*jobs, strict=True)), step))
    # Not by fork: numerical libraries have threads, which do not survive it.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        return list(_counted(pool.map(table_of, *zip(*jobs, strict=True)), step))


def _counted(found: Iterable[Row], step: Callable[[str], object]) -> Iterable[Row]:
    for table in found:
        step(table["label"])
        yield table


def totals(rows: Iterable[Row]) -> Row:
    """How many mutants there are, refused, refuted, surviving, and surviving unexplained."""
    counted = Counter[str]()
    for row in rows:
        counted["mutants"] += 1
        counted["refused"] += bool(row["refused"])
        counted["refuted"] += bool(row["refuted"])
        counted["survivors"] += not row["refuted"]
        counted["unexplained"] += not (row["refuted"] or row["why"])
    names = ("mutants", "refused", "refuted", "survivors", "unexplained")
    return {name: counted[name] for name in names}


HEADING = ("", "mutants", "refused by the kernel", "refuted by an instance", "survivors", "title")


def as_text(found: Sequence[Row]) -> str:
    """The table, and below it every survivor with why it survives, every mutant accepted."""
    lines: list[tuple[str, ...]] = [HEADING]
    for table in found:
        lines.append(_line(table["label"], table["mutants"], library.result(table["id"]).title))
    every = [row for table in found for row in table["mutants"]]
    lines.append(_line("all", every, ""))
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    text = [
        "  ".join(x.ljust(n) for x, n in zip(line, widths, strict=True)).rstrip() for line in lines
    ]
    for table in found:
        for row in table["mutants"]:
            if not row["refused"]:
                text.append(f"{table['label']}, {row['name']}: ACCEPTED by the kernel")
            if not row["refuted"]:
                why = row["why"] or "UNEXPLAINED"
                text.append(f"{table['label']}, {row['name']}: {row['tried']}; {why}")
    return "\n".join(text)


def _line(label: str, rows: Sequence[Row], title: str) -> tuple[str, ...]:
    count = totals(rows)
    names = ("mutants", "refused", "refuted", "survivors")
    return (label, *(str(count[name]) for name in names), title)
