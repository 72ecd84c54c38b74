"""Coq files compiled, each once: a compiled file is kept under the digest of all that it rests on.

``build`` takes the text of the files and puts them through ``coqc`` in a temporary folder, as many
at a time as there are processors.  A file is compiled only if no kept one has the same digest: that
of Coq's version, the file's name and text, and the digests of the files that it requires.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

PREFIX = "Shrinkproof"
INSTALL = "apt-get install coq libcoq-flocq"
LONGEST = 600  # seconds that one file may take


class CoqMissing(RuntimeError):
    """Coq, or a library of it that the files require, is not installed."""


class CoqRefuses(RuntimeError):
    """A file that Coq does not accept: which, the line, and what Coq says."""

    def __init__(self, name: str, line: int, message: str) -> None:
        super().__init__(f"{name}.v, line {line}: {message}")
        self.name, self.line, self.message = name, line, message


def missing() -> list[str]:
    """Which parts of Coq are not installed."""
    found = shutil.which("coqc")
    if found is None:
        return ["coqc"]
    where = _run([found, "-where"], Path.cwd()).stdout.strip()
    return [] if (Path(where) / "user-contrib" / "Flocq").is_dir() else ["Flocq"]


@dataclass(frozen=True)
class Compiled:
    """What Coq printed while it compiled each file, by the file's name."""

    output: Mapping[str, str]
    compiled: tuple[str, ...]  # the files for which no kept result served


def cache_folder() -> Path:
    """Where compiled files are kept."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "shrinkproof" / "coq"


def build(
    files: Mapping[str, str],
    cache: Path | None = None,
    progress: Callable[[str], None] = lambda name: None,
) -> Compiled:
    """Compile files, given as name -> text.  ``progress`` is told each file that is done.

    Raises CoqMissing where Coq or a library is not installed, CoqRefuses where Coq refuses a file.
    """
    version = _run(["coqc", "-print-version"], Path.cwd()).stdout
    with tempfile.TemporaryDirectory(prefix="shrinkproof-coq-") as temporary:
        folder = Path(temporary)
        for name, text in files.items():
            (folder / f"{name}.v").write_text(text, encoding="utf-8")
        needs = _requirements(folder, files)
        digests = _digests(files, needs, version)
        kept = cache_folder() if cache is None else cache
        output: dict[str, str] = {}
        compiled: list[str] = []

        def one(name: str) -> str:
            store = kept / digests[name]
            try:
                printed = store.with_suffix(".txt").read_text(encoding="utf-8")
                shutil.copyfile(store.with_suffix(".vo"), folder / f"{name}.vo")
            except OSError:
                compiled.append(name)
                printed = _compile(folder, name)
                _keep(folder / f"{name}.vo", store, printed)
            return printed

        for name, printed in _in_order(needs, one):
            output[name] = printed
            progress(name)
    return Compiled(output, tuple(sorted(compiled)))


def _in_order(
    needs: Mapping[str, frozenset[str]], job: Callable[[str], str]
) -> Iterable[tuple[str, str]]:
    """Do the job for each name once it is done for all that the name needs; several at a time."""
    order = TopologicalSorter(needs)
    order.prepare()
    running: dict[Future[str], str] = {}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        while order.is_active():
            running |= {pool.submit(job, name): name for name in order.get_ready()}
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                name = running.pop(future)
                yield name, future.result()
                order.done(name)


def _requirements(folder: Path, files: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Which of the files each of them requires, as coqdep says."""
    arguments = ["coqdep", "-Q", ".", PREFIX, *(f"{name}.v" for name in files)]
    found: dict[str, frozenset[str]] = {}
    for line in _run(arguments, folder).stdout.splitlines():
        made, _, wanted = line.partition(":")
        if made.split()[:1] and (name := made.split()[0].removesuffix(".vo")) in files:
            needed = {Path(x).stem for x in wanted.split() if x.endswith(".vo")}
            found[name] = frozenset(needed & set(files))
    return found


def _digests(
    files: Mapping[str, str], needs: Mapping[str, frozenset[str]], version: str
) -> dict[str, str]:
    found: dict[str, str] = {}
    try:
        for name in TopologicalSorter(needs).static_order():
            parts = [version, name, files[name], *(found[x] for x in sorted(needs[name]))]
            lengths = "".join(f"{len(x)} {x}" for x in parts)  # no two lists look alike
            found[name] = hashlib.sha256(lengths.encode()).hexdigest()
    except CycleError as error:
        raise CoqRefuses(error.args[1][0], 0, "it requires itself") from None
    return found


def _compile(folder: Path, name: str) -> str:
    arguments = ["coqc", "-q", "-noglob", "-Q", ".", PREFIX, f"{name}.v"]
    result = _run(arguments, folder)
    if result.returncode == 0:
        return result.stdout
    said = result.stderr.strip()
    if library := re.search(r"with prefix (?!Shrinkproof\b)(\w+)", said):
        raise CoqMissing(f"Coq's library {library[1]} is not installed; {INSTALL}")
    place = re.search(r'File "\./(\w+)\.v", line (\d+)', said)
    message = " ".join(said.partition("Error:")[2].split()) or said
    raise CoqRefuses(name, int(place[2]) if place else 0, message)


def _keep(compiled: Path, store: Path, printed: str) -> None:
    """Keep a compiled file and what was printed; a cache that cannot be written is no failure."""
    try:
        store.parent.mkdir(parents=True, exist_ok=True)
        for suffix, data in ((".vo", compiled.read_bytes()), (".txt", printed.encode())):
            handle, temporary = tempfile.mkstemp(dir=store.parent)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(temporary).replace(store.with_suffix(suffix))
    except OSError:
        return


def _run(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            arguments, cwd=folder, capture_output=True, encoding="utf-8", timeout=LONGEST
        )
    except FileNotFoundError:
        raise CoqMissing(f"{arguments[0]} is not installed; {INSTALL}") from None
    except subprocess.TimeoutExpired:
        raise CoqRefuses(Path(arguments[-1]).stem, 0, f"more than {LONGEST} s") from None
