"""Certificates as bytes: one form, the same bytes always, and nothing else is read."""

import copy
import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from shrinkproof import library
from shrinkproof.export import certificate as C

RESULTS = library.results()
IDS = [r.id for r in RESULTS]
SCHEMA = json.loads(
    (Path(__file__).parents[2] / "proofs/certificates/schema/v1.json").read_text(encoding="utf-8")
)


def of(name: str) -> dict:
    r = library.result(name)
    return C.export(r.statement, r.prove())


@pytest.mark.parametrize("result", RESULTS, ids=IDS)
def test_a_certificate_is_read_back_as_it_was(result):
    data = C.export(result.statement, result.prove())
    assert C.parse(C.to_bytes(data)) == data
    assert data["id"] == result.id


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_every_certificate_fits_the_schema():
    """Its frame, and every fourth of the different steps (validating is slow)."""
    whole = jsonschema.Draft202012Validator(SCHEMA)
    step = jsonschema.Draft202012Validator({"$defs": SCHEMA["$defs"], "$ref": "#/$defs/step"})
    seen = set()
    for result in RESULTS:
        data = C.export(result.statement, result.prove())
        whole.validate(data | {"steps": data["steps"][:1]})
        rows = {C.compact(row | {"premises": []}): row for row in data["steps"]}
        for text in sorted(rows.keys() - seen)[::4]:
            step.validate(rows[text])
        seen |= rows.keys()
    assert len(seen) > len(RESULTS)


def put(data, path, value):
    """The same data with something else in one place."""
    data = copy.deepcopy(data)
    *parents, last = path
    place = data
    for part in parents:
        place = place[part]
    place[last] = value
    return data


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("version",), 2),
        (("id",), "Descent Lemma"),
        (("label",), "f1"),
        (("title",), "two\nlines"),
        (("more",), 1),
        (("symbols", 0, "kind"), "constant"),
        (("symbols", 0, "known"), "soon"),
        (("hypotheses", 0, "name"), "not a name"),
        (("hypotheses", 0, "prop"), ["lt", 0, 1]),
        (("hypotheses", 0, "prop"), ["less", ["rat", "0/1"], ["rat", "1/1"]]),
        (("hypotheses", 0, "prop"), ["lt", ["rat", "0.5"], ["rat", "1/1"]]),
        (("steps", 0, "rule"), "sorry"),
        (("steps", 0, "premises"), [-1]),
        (("steps", 0, "data"), {"why": "obvious"}),
        (("steps",), []),
        (("conclusions",), []),
        (("conclusions", 0, "step"), "last"),
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(path, value):
    data = put(of("F1"), path, value)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, SCHEMA)


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


VALID = C.to_bytes(of("F3"))


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b" " * (C.LARGEST + 1), "larger than"),
        (b'{"format": NaN}', "NaN is not a number here"),
        (b'{"format": 1e999}', "1e999 is not a number here"),
        (b'{"format": ' + b"9" * 5000 + b"}", "9 is not a number here"),
        (b'{"a": 1, "a": 2}', "names a key twice"),
        (b"[]", "expected an object"),
        (b'{"format": "shrinkproof-certificate", "version": 2}', "expected an object with"),
        (b'{"format": "shrinkproof-certificate", "version": 1}', "keys"),
        (VALID.replace(b'"version": 1', b'"version": true'), "expected an object with"),
        (VALID + b"\n", "one form"),
        (VALID.replace(b"\n", b"\r\n"), "one form"),
        (VALID.replace(b'"label"', b'"\\u006cabel"'), "one form"),
        (b"\xef\xbb\xbf" + VALID, "not JSON"),
        (VALID.replace(b'"title": "', b'"title": "\\ud800'), "title"),
        (VALID.replace(b'"title": "', b'"title": "\\n'), "title: expected a line"),
        (VALID.replace(b'"label": "F3"', b'"label": "3F"'), "label: '3F' is not of the form"),
        (VALID.replace(b'"id": "', b'"id": "-'), "id: .* is not of the form"),
    ],
)
def test_what_is_no_certificate_is_refused(raw, why):
    with pytest.raises(C.CertificateError, match=why):
        C.parse(raw)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("x", "expected a term"),
        ([], "expected a term"),
        ([["rat", "1/1"]], "expected a term"),
        (["less", ["rat", "1/1"]], "unknown operator"),
        (["le", 1, 2], "le wants a scalar"),
        (["recip"], "recip takes 1 arguments, got 0"),
        (["rat", 0.5], "expected a rational"),
        (["rat", "1"], "expected a rational"),
        (["rat", "1/0"], "lowest terms"),
        (["rat", "2/4"], "lowest terms"),
        (["rat", "-0/1"], "lowest terms"),
        (["rat", "01/2"], "lowest terms"),
        (["rat", "1/-2"], "expected a rational"),
        (["rat", "١/٢"], "expected a rational"),
        (["rat", "9" * C.LONGEST + "/1"], "expected a rational"),
        (["rat", "1/1", "1/1"], "too many values"),
        (["pow", ["rat", "2/1"], C.STEEPEST + 1], "an exponent above"),
        (["pow", ["rat", "2/1"], True], "pow wants a int"),
        (["ix", "k", C.GREATEST + 1], "an integer outside"),
        (["ix", "k", -1], "an integer outside"),
        (["ix", "k" * 51, 0], "more than 50"),
        (["ix", "a b", 0], "with blanks"),
        (["ix", "\x00", 0], "with blanks"),
        (["sym", "x", "scalar", "past"], "sym wants a"),
        (["stage", ["ix", "k", 0], 2], "stage wants a"),
    ],
)
def test_what_is_no_term_is_refused(data, why):
    with pytest.raises(C.CertificateError, match=why):
        C.decode(data, "here")


def test_terms_nested_too_deep_are_refused():
    term: list = ["rat", "0/1"]
    for _ in range(C.DEEPEST - 1):
        term = ["add", term]
    C.decode(term, "here")
    with pytest.raises(C.CertificateError, match="nested deeper"):
        C.decode(["add", term], "here")
