"""The generated files: a certificate and a LaTeX derivation for every result, and two Coq files.

They are committed, and the same bytes on every machine: ``derive --check`` holds them to that.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from shrinkproof import library
from shrinkproof.export import certificate
from shrinkproof.export.coq.certificates import certificates as coq_certificates
from shrinkproof.export.coq.statements import statements as coq_statements
from shrinkproof.showing import latex_file


def files() -> dict[str, bytes]:
    """Every generated file: its path below the folder, and its bytes."""
    found: dict[str, bytes] = {}
    certificates = {r.id: certificate.export(r.statement, r.prove()) for r in library.results()}
    for r in library.results():
        found[f"certificates/{r.id}.json"] = certificate.to_bytes(certificates[r.id])
        found[f"tex/{r.id}.tex"] = latex_file(r).encode()
    found["coq/Statements.v"] = coq_statements(r.statement for r in library.results()).encode()
    found["coq/Certificates.v"] = coq_certificates(certificates.values()).encode()
    return found


def differences(folder: Path, wanted: Mapping[str, bytes]) -> list[str]:
    """What is missing in a folder, differs, or is there without being generated; a line each."""
    found = []
    for name, data in wanted.items():
        path = folder / name
        if not path.is_file():
            found.append(f"missing: {path}")
        elif path.read_bytes() != data:
            found.append(f"differs: {path}")
    for pattern in ("certificates/*.json", "tex/*.tex"):
        extra = {p.relative_to(folder).as_posix() for p in folder.glob(pattern)} - set(wanted)
        found += [f"not generated any more: {folder / name}" for name in sorted(extra)]
    return found


def write(folder: Path, wanted: Mapping[str, bytes]) -> None:
    """Write the files, each whole or not at all."""
    for name, data in wanted.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)


def write_whole(path: Path, data: bytes) -> None:
    """Write a temporary file beside the path, then rename it: never a half-written file."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
