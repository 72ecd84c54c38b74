"""Certificates: they replay, they are the same bytes always, and tampering is refused."""

import copy
import json
import os
import subprocess
import sys

import pytest

from shrinkproof import library
from shrinkproof.export import certificate as C
from shrinkproof.kernel import ProofError

RESULTS = library.results()
IDS = [r.id for r in RESULTS]


def of(name: str) -> dict:
    r = library.result(name)
    return C.export(r.statement, r.prove())


@pytest.mark.parametrize("result", RESULTS, ids=IDS)
def test_a_certificate_replays_to_the_same_theorems(result):
    data = C.export(result.statement, result.prove())
    result.statement.require(C.replay(C.parse(C.to_bytes(data).decode())))


def test_bytes_do_not_depend_on_the_hash_seed():
    script = (
        "from shrinkproof import library; from shrinkproof.export import certificate as C\n"
        "for r in library.results(): print(C.digest(C.export(r.statement, r.prove())))"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2024")
    }
    assert len(found) == 1
    assert len(found.pop().split()) == len(RESULTS)


def leaves(data, path=()):
    """Paths of all strings and integers of a certificate's steps."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield from leaves(value, (*path, name))
    elif isinstance(data, list):
        for i, value in enumerate(data):
            yield from leaves(value, (*path, i))
    else:
        yield path


def changed(data, path):
    """The same data with one leaf changed."""
    data = copy.deepcopy(data)
    place = data
    for part in path[:-1]:
        place = place[part]
    old = place[path[-1]]
    if isinstance(old, int):
        place[path[-1]] = old + 1
    elif "/" in old:
        numerator, denominator = old.split("/")
        place[path[-1]] = f"{int(numerator) + 1}/{denominator}"
    else:
        swaps = {
            "le": "lt",
            "lt": "le",
            "past": "sample",
            "gap": "recip",
            "add": "mul",
            "mul": "add",
        }
        place[path[-1]] = swaps.get(old, old + "_")
    return data


@pytest.mark.parametrize("name", ["F1", "F3", "S2"])
def test_a_tampered_certificate_proves_nothing_else(name):
    """Change any one leaf of any step: refused, or still a proof of the very same statement."""
    data, statement = of(name), library.result(name).statement
    survivors = 0
    paths = list(leaves(data["steps"], ("steps",)))
    for path in paths[:: max(1, len(paths) // 300)]:
        try:
            statement.require(C.replay(changed(data, path)))
        except (C.CertificateError, ProofError):
            continue
        survivors += 1
    assert survivors <= len(paths) // 300


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda d: d["steps"].pop(3), "step [0-9]+|rests on"),
        (lambda d: d["hypotheses"].pop(), "rests on a hypothesis that it does not list"),
        (lambda d: d.update(conclusions=[]), "concludes nothing"),
        (lambda d: d["steps"][0].update(rule="sorry"), "step 0: no rule 'sorry'"),
        (lambda d: d["steps"][2].update(premises=[7]), "not earlier steps"),
        (lambda d: d["steps"][2].update(premises=[True]), "not earlier steps"),
        (lambda d: d["steps"][0].update(conclusion=["le", 1, 2]), "step 0: le wants a scalar"),
        (lambda d: d["steps"][0].update(conclusion="x"), "step 0: expected a term"),
        (lambda d: d.pop("steps"), "malformed"),
    ],
)
def test_malformed_certificates_are_refused_with_the_place(change, why):
    data = of("F1")
    change(data)
    with pytest.raises((C.CertificateError, ProofError), match=why):
        C.replay(data)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"format": "shrinkproof-certificate", "version": 2}',
        '{"format": NaN}',
        '{"a": 1, "a": 2}',
        "[" * 100_000,
        " " * (C.LARGEST + 1),
    ],
)
def test_what_is_no_certificate_is_refused(text):
    with pytest.raises(C.CertificateError):
        C.parse(text)


def test_terms_nested_too_deep_are_refused():
    term: list = ["rat", "0/1"]
    for _ in range(100):
        term = ["add", term]
    with pytest.raises(C.CertificateError, match="nested deeper"):
        C.decode(term, "here")


def test_written_numbers_are_exact_strings():
    assert ".0" not in json.dumps(of("F1")["steps"])
    with pytest.raises(C.CertificateError, match="expected a rational"):
        C.decode(["rat", 0.5], "here")
