"""Certificates from anywhere, put through the kernel in a process of its own with bounds.

    python -m shrinkproof.export.recheck [--seconds N] FILE.json ...

prints a JSON object a line for each file: {"label", "id", "digest"}, or {"error"}.  The rules
expand whatever they are given, and a few bytes can say what does not fit into any memory; so each
file has N seconds of processor time, and the process at most ``MEMORY`` bytes.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from shrinkproof.export.certificate import LARGEST, CertificateError, digest, parse
from shrinkproof.export.replay import Known, replay
from shrinkproof.kernel import ProofError

MEMORY = 4 << 30  # bytes
SECONDS = 60


class OutOfTime(BaseException):
    """Not an Exception: nothing on the way may take it for its own."""


@contextmanager
def limited(seconds: int) -> Iterator[None]:
    """Raise OutOfTime after that much processor time, where the system can tell."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def stop(*_: object) -> None:
        raise OutOfTime

    signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def limit_memory() -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        wanted = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
        resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))


def recheck(path: Path, seconds: int, known: Known) -> dict[str, Any]:
    """What the kernel says of one file."""
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
        with limited(seconds):
            data = parse(raw)
            replay(data, known)
    except (CertificateError, ProofError, OSError) as error:
        return {"error": str(error)}
    except (OutOfTime, MemoryError, RecursionError):
        return {"error": f"it takes more than {seconds} s, or too much memory"}
    return {"label": data["label"], "id": data["id"], "digest": digest(data)}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m shrinkproof.export.recheck")
    parser.add_argument("--seconds", type=int, default=SECONDS, metavar="N")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE.json")
    options = parser.parse_args(arguments)
    limit_memory()
    known: Known = {}
    good = True
    for path in options.files:
        row = recheck(path, options.seconds, known)
        good &= "error" not in row
        print(json.dumps(row))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
