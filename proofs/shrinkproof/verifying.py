"""Checkers side by side: the kernel, the standalone program, SMT solvers, Coq.

What is verified is a result of the library, whose proof runs here and now and is written as a
certificate, or a certificate's file.  A checker is an entry of ``CHECKERS``.  They share the
certificate and nothing else; where one of them accepts what another refuses, that is a failure.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shrinkproof import checker as standalone
from shrinkproof import library
from shrinkproof.coq_build import INSTALL as INSTALL_COQ
from shrinkproof.export import certificate
from shrinkproof.kernel import ProofError, Theorem
from shrinkproof.library import Result

LIMIT = 1200  # seconds, after which a checker's process is ended


@dataclass
class Target:
    """Something to verify: a result, or a certificate's file; and what is found out about it."""

    label: str
    id: str
    title: str
    result: Result | None = None
    path: Path | None = None
    data: dict[str, Any] | None = None
    digest: str = ""
    theorems: tuple[Theorem, ...] = ()
    verified: dict[str, bool] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return all(self.verified.values())

    def row(self) -> dict[str, Any]:
        """As ``verify --json`` prints it."""
        found: dict[str, Any] = {"id": self.id, "label": self.label, "title": self.title}
        found |= {"verified": self.verified, "digest": self.digest}
        found |= {"seconds": {name: round(s, 3) for name, s in self.seconds.items()}}
        return found | ({"error": "; ".join(self.errors)} if self.errors else {})


def from_result(result: Result) -> Target:
    return Target(result.label, result.id, result.title, result=result)


def from_file(path: Path) -> Target:
    """A certificate's file.  Raises OSError, or CertificateError where it is not one at all."""
    with path.open("rb") as file:
        data = certificate.parse(file.read(certificate.LARGEST + 1))
    digest = certificate.digest(data)
    return Target(data["label"], data["id"], data["title"], path=path, data=data, digest=digest)


Say = Callable[[str], None]
Verdict = tuple[bool | None, str]  # and why not; None where a checker has nothing to say


@dataclass(frozen=True)
class Checker:
    """A way to verify: what it lacks, the line that installs it, and its verdicts in order."""

    missing: Callable[[], list[str]]
    install: str
    run: Callable[[Sequence[Target]], Iterator[Verdict]]


def _nothing() -> list[str]:
    return []


# -- the kernel ----------------------------------------------------------------------------------


def _kernel(targets: Sequence[Target]) -> Iterator[Verdict]:
    files = [t.path for t in targets if t.path is not None]
    command = [sys.executable, "-u", "-m", "shrinkproof.export.recheck", *map(str, files)]
    lines = _lines(command) if files else iter(())
    for target in targets:
        if target.result is None:
            found = json.loads(next(lines, '{"error": "the process was ended"}'))
            why = found.get("error", "") or _not_the_librarys(target)
        else:
            why = _prove(target, target.result)
        yield not why, why


def _prove(target: Target, result: Result) -> str:
    """Run the proof; why it fails, if it does."""
    try:
        target.theorems = result.prove()
        target.data = certificate.export(result.statement, target.theorems)
    except ProofError as error:
        return str(error)
    target.digest = certificate.digest(target.data)
    return ""


def _not_the_librarys(target: Target) -> str:
    """How a certificate that names a result of the library says something else."""
    known = {r.id: r for r in library.results()}.get(target.id)
    if known is None or target.data is None:
        return ""
    s = known.statement
    wanted = {
        "label": s.label,
        "title": s.title,
        "hypotheses": [
            {"name": h.name, "words": h.words, "prop": certificate.encode(h.prop)}
            for h in s.hypotheses
        ],
        "conclusions": [certificate.encode(c) for c in s.conclusions],
    }
    said = {name: target.data[name] for name in wanted}
    said["conclusions"] = [c["prop"] for c in target.data["conclusions"]]
    differing = [name for name in wanted if said[name] != wanted[name]]
    return f"not the library's {known.label}: other {', '.join(differing)}" if differing else ""


# -- the standalone program ----------------------------------------------------------------------


def _standalone(targets: Sequence[Target]) -> Iterator[Verdict]:
    with tempfile.TemporaryDirectory() as folder:
        files = [_written(t, Path(folder) / f"{i}.json") for i, t in enumerate(targets)]
        command = [sys.executable, "-u", "-O", "-I", standalone.__file__]
        lines = _lines([*command, *(str(f) for f in files if f is not None)])
        for target, file in zip(targets, files, strict=True):
            if file is None:
                yield False, "the kernel has no proof of it"
                continue
            line = next(lines, "REFUSED  the process was ended")
            good = line.startswith(f"{target.label}  {target.digest}  ")
            yield good, "" if good else line.partition(".json: ")[2] or line


def _written(target: Target, place: Path) -> Path | None:
    if target.path is not None:
        return target.path
    if target.data is None:
        return None
    place.write_bytes(certificate.to_bytes(target.data))
    return place


def _lines(command: Sequence[str]) -> Iterator[str]:
    """What a process prints, a line at a time; it is ended if it takes too long."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    ) as process:
        timer = _timer(process)
        try:
            yield from (line.rstrip("\n") for line in process.stdout or ())
        finally:
            timer.cancel()
            process.kill()


def _timer(process: subprocess.Popen[str]) -> Any:
    import threading

    timer = threading.Timer(LIMIT, process.kill)
    timer.daemon = True
    timer.start()
    return timer


# -- SMT -----------------------------------------------------------------------------------------


def _smt_missing() -> list[str]:
    from shrinkproof.export.solvers import missing

    return missing()


def _smt(targets: Sequence[Target]) -> Iterator[Verdict]:
    from shrinkproof.export.replay import Known, replay
    from shrinkproof.export.smt import obligations
    from shrinkproof.export.solvers import certified, solvers

    known: Known = {}
    with solvers() as asked:
        for target in targets:
            if not target.theorems and not target.verified.get("kernel", True):
                yield False, "the kernel has no proof of it"
                continue
            theorems = target.theorems or replay(target.data, known)
            wrong = certified(obligations(theorems), asked)
            why = "".join(f"\n{a.solver} says {a.verdict} ({a.mode}) of\n{a.script}" for a in wrong)
            yield not wrong, why


# -- Coq -----------------------------------------------------------------------------------------


def _coq_missing() -> list[str]:
    from shrinkproof.coq_build import missing

    return missing()


def _coq(targets: Sequence[Target]) -> Iterator[Verdict]:
    """Coq has proofs of its own, of the library's statements; of others it has nothing to say."""
    from shrinkproof.coq_checker import development, sources, verdicts
    from shrinkproof.output import Progress

    known = {r.id: r.statement for r in library.results()}
    found: dict[int, Verdict] = {}
    asked: dict[str, dict[int, Target]] = {}
    for n, t in enumerate(targets):
        if t.result is None and not t.verified.get("kernel", True):
            found[n] = False, "the kernel has no proof of it"
        elif t.result is None and t.id not in known:
            found[n] = None, "Coq has the library's theorems alone, and this is none of them"
        else:
            asked.setdefault(t.id, {})[n] = t
    files = sources(development())
    while batch := {i: same.popitem() for i, same in asked.items() if same}:  # each id once
        progress = Progress(len(files) + 3, "compiling")  # and three that are generated
        statements = [t.result.statement if t.result else known[i] for i, (_, t) in batch.items()]
        data = [t.data for _, t in batch.values() if t.data is not None]
        said = verdicts(statements, data, files=files, progress=progress.step)
        progress.end()
        found |= {n: (said[i].holds, said[i].why) for i, (n, _) in batch.items()}
    yield from (found[n] for n in range(len(targets)))


CHECKERS = {
    "kernel": Checker(_nothing, "", _kernel),
    "standalone": Checker(_nothing, "", _standalone),
    "smt": Checker(_smt_missing, "pip install 'shrinkproof[smt]'", _smt),
    "coq": Checker(_coq_missing, INSTALL_COQ, _coq),
}


def lacking(names: Sequence[str]) -> str:
    """What has to be installed for these checkers, and how; empty if nothing."""
    rows = [
        f"{name} needs {' and '.join(packages)}: {CHECKERS[name].install}"
        for name in names
        if (packages := CHECKERS[name].missing())
    ]
    return "; ".join(rows)


def verify(targets: Sequence[Target], names: Sequence[str], say: Say = lambda _: None) -> None:
    """Put the targets to these checkers, in this order; the findings are in the targets.

    The kernel runs in any case, since a result has no certificate before it is proved; unless it is
    among the names, only its refusals are shown.  A checker that has nothing to say of a target is
    not counted, unless it is the only one.
    """
    for name in dict.fromkeys(["kernel", *names]):
        verdicts = CHECKERS[name].run(targets)
        for target in targets:
            started = time.perf_counter()
            good, why = next(verdicts)
            say(f"{name} {target.label}")
            if good is None and len(names) > 1:
                continue
            if name in names or not good:
                target.verified[name] = bool(good)
                target.seconds[name] = time.perf_counter() - started
            if why:
                target.errors.append(f"{name}: {why}" if len(names) > 1 else why)
        verdicts.close()  # type: ignore[attr-defined]
    for target in targets:
        if len(set(target.verified.values())) > 1:
            accepting = [name for name, good in target.verified.items() if good]
            target.errors.append(f"the checkers disagree: {', '.join(accepting)} accepts it")
