"""Certificates: a proof as plain data, in the form that ``proofs/certificates/FORMAT.md`` fixes.

A certificate is a JSON object: the symbols with what is known of each and when, the hypotheses and
conclusions, and numbered steps, each with its rule, the numbers of its premises, its conclusion and
whatever else the rule was given.  A term is a list ``[operator, argument, ...]``; the numeral
p/q is ``["rat", "p/q"]``.  This module writes them and reads them, and never evaluates text;
``replay`` puts what was read through the kernel's rules.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from shrinkproof.kernel.rules import Theorem
from shrinkproof.kernel.term import Term, TermError, free, make, subterms
from shrinkproof.language.statement import Statement

FORMAT, VERSION = "shrinkproof-certificate", 1
DEEPEST = 64  # levels of a term; the library needs about 20
LARGEST = 4_000_000  # bytes of a file
GREATEST = 1_000_000  # of an integer, such as an index or a step's number
STEEPEST = 100  # exponent of "pow"
LONGEST = 200  # characters of a rational
KEYS = {
    "": "conclusions format hypotheses id label steps symbols title version",
    "conclusions": "prop step",
    "hypotheses": "name prop words",
    "steps": "conclusion data premises rule",
    "symbols": "kind known name sort",
}
ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))
TEXTS = {
    "id": re.compile("[a-z0-9]+(-[a-z0-9]+)*"),
    "label": re.compile("[A-Z][A-Za-z0-9]*"),
    "name": re.compile("[A-Za-z][A-Za-z0-9_]*"),
}


class CertificateError(ValueError):
    """A certificate that cannot be read; the message says where."""


# -- terms ---------------------------------------------------------------------------------------


def encode(t: Term) -> list[Any]:
    """A term as nested lists."""
    if t[0] == "rat":
        return ["rat", f"{t[1]}/{t[2]}"]
    return [encode(x) if type(x) is Term else x for x in t]


def decode(data: Any, where: str, depth: int = 1) -> Term:
    """A term from nested lists; every node is checked."""
    if depth > DEEPEST:
        raise CertificateError(f"{where}: nested deeper than {DEEPEST} levels")
    if type(data) is not list or not data or type(data[0]) is not str:
        raise CertificateError(f"{where}: expected a term, a list that starts with an operator")
    op = data[0]
    try:
        if op == "rat":
            (text,) = data[1:]
            return make("rat", *rational(text, where).as_integer_ratio())
        if op == "pow" and type(data[2]) is int and data[2] > STEEPEST:
            raise CertificateError(f"{where}: an exponent above {STEEPEST}")
        return make(op, *(_argument(x, where, depth) for x in data[1:]))
    except CertificateError:
        raise
    except (TermError, LookupError, TypeError, ValueError) as error:
        raise CertificateError(f"{where}: {error}") from None


def _argument(x: Any, where: str, depth: int) -> Any:
    if type(x) is list:
        return decode(x, where, depth + 1)
    if type(x) is int and not 0 <= x <= GREATEST:
        raise CertificateError(f"{where}: an integer outside 0..{GREATEST}")
    if type(x) is str and (len(x) > 50 or not x.isprintable() or " " in x):
        raise CertificateError(f"{where}: a name of more than 50 characters, or with blanks")
    return x


def rational(text: Any, where: str) -> Fraction:
    """The number p/q, written in lowest terms."""
    if type(text) is not str or len(text) > LONGEST or not re.fullmatch(r"-?\d+/\d+", text, re.A):
        raise CertificateError(f'{where}: expected a rational such as "-3/2"')
    numerator, _, denominator = text.partition("/")
    value = Fraction(int(numerator), int(denominator) or 1)
    if text != f"{value.numerator}/{value.denominator}":
        raise CertificateError(f"{where}: {text!r} is not in lowest terms")
    return value


# -- writing -------------------------------------------------------------------------------------


def export(statement: Statement, theorems: Sequence[Theorem]) -> dict[str, Any]:
    """The certificate of a proved statement, as JSON data."""
    statement.require(theorems)
    steps: list[dict[str, Any]] = []
    numbers: dict[Theorem, int] = {}
    known: dict[Any, int] = {}

    def number(theorem: Theorem) -> int:
        if theorem not in numbers:
            premises = tuple(number(p) for p in theorem.step.premises)
            values = [x for _, x in theorem.step.data]
            said = tuple(tuple(x.items()) if isinstance(x, Mapping) else x for x in values)
            same = theorem.step.rule, premises, theorem.conclusion, said
            if same not in known:  # the same step, taken twice by the script, is one step
                known[same] = len(steps)
                steps.append(step_of(theorem, premises))
            numbers[theorem] = known[same]
        return numbers[theorem]

    ends = [number(t) for t in theorems]
    props = [*(h.prop for h in statement.hypotheses), *statement.conclusions]
    return {
        "format": FORMAT,
        "version": VERSION,
        "id": statement.id,
        "label": statement.label,
        "title": statement.title,
        "symbols": symbols(props),
        "hypotheses": [
            {"name": h.name, "words": h.words, "prop": encode(h.prop)} for h in statement.hypotheses
        ],
        "steps": steps,
        "conclusions": [
            {"prop": encode(prop), "step": n}
            for prop, n in zip(statement.conclusions, ends, strict=True)
        ],
    }


def symbols(props: Iterable[Term]) -> list[dict[str, str]]:
    """The declarations of the free symbols of propositions, in order."""
    found = sorted(frozenset().union(*map(free, props)))
    return [dict(zip(("name", "kind", "sort", "known"), s, strict=True)) for s in found]


def abbreviations(props: Iterable[Term]) -> dict[str, set[Term]]:
    """What each abbreviation stands for; one term, unless a reader is being misled."""
    found: dict[str, set[Term]] = {}
    for t in (t for prop in props for t in subterms(prop) if t.op == "named"):
        found.setdefault(t[1], set()).add(t[2])
    return found


def step_of(theorem: Theorem, premises: Sequence[int]) -> dict[str, Any]:
    """A theorem's step, as a certificate has it, the premises by number."""
    return {
        "rule": theorem.step.rule,
        "premises": list(premises),
        "conclusion": encode(theorem.conclusion),
        "data": {name: _plain(value) for name, value in theorem.step.data},
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Term):
        return encode(value)
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, Mapping):  # instantiate's: a term, or (variable, body) for a sequence
        return {
            name: {"variable": v[0], "body": encode(v[1])} if type(v) is tuple else encode(v)
            for name, v in value.items()
        }
    return [_plain(v) for v in value] if isinstance(value, tuple) else value


def to_bytes(certificate: Mapping[str, Any]) -> bytes:
    """The one way to write a certificate down: a step a line, keys sorted, UTF-8."""
    rows = []
    for name, value in sorted(certificate.items()):
        if name in KEYS:
            lines = ",\n".join("  " + compact(x) for x in value)
            rows.append(f' "{name}": [\n{lines}\n ]')
        else:
            rows.append(f' "{name}": {compact(value)}')
    return ("{\n" + ",\n".join(rows) + "\n}\n").encode()


def compact(value: Any) -> str:
    """JSON on one line, keys sorted: equal text means equal data."""
    return ENCODER.encode(value)


def digest(certificate: Mapping[str, Any]) -> str:
    """SHA-256 of the certificate's bytes: what a paper cites."""
    return hashlib.sha256(to_bytes(certificate)).hexdigest()


# -- reading -------------------------------------------------------------------------------------


def parse(raw: bytes) -> dict[str, Any]:
    """A certificate from the bytes of its file.

    Raises CertificateError where they are not those of a certificate in its one form.  What the
    steps say is not looked at: that is for ``replay``.
    """
    if len(raw) > LARGEST:
        raise CertificateError(f"larger than {LARGEST} bytes")
    try:
        data = json.loads(
            raw.decode(),
            object_pairs_hook=_no_duplicates,
            parse_constant=_no_number,
            parse_float=_no_number,
            parse_int=_small,
        )
        check_form(data)
        written = to_bytes(data)
    except CertificateError:
        raise
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError and JSONDecodeError, too
        raise CertificateError(f"not JSON: {error}") from None
    if written != raw:
        raise CertificateError(
            "not in the one form that FORMAT.md fixes, with its order, blanks and line ends"
        )
    return data  # type: ignore[no-any-return]


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("an object names a key twice")
    return dict(pairs)


def _no_number(text: str) -> Any:
    raise ValueError(f"{text[:20]} is not a number here")


def _small(text: str) -> int:
    """An integer; Python's own limit on digits may be off, and converting them takes time."""
    return int(text) if len(text) <= LONGEST else _no_number(text)


def check_form(data: Any) -> None:
    """Refuse what is not a certificate, as far as can be told without reading its terms."""
    kind = [data.get("format"), data.get("version")] if type(data) is dict else []
    if compact(kind) != compact([FORMAT, VERSION]):
        raise CertificateError(
            f'expected an object with "format": "{FORMAT}", "version": {VERSION}'
        )
    _keys(data, "", "the certificate")
    _text(data["title"], "title")
    for part in ("id", "label"):
        _text(data[part], part, TEXTS[part])
    for part in (name for name in KEYS if name):
        rows = data[part]
        if type(rows) is not list or len(rows) > GREATEST:
            raise CertificateError(f"{part}: expected a list")
        if not rows and part in ("steps", "conclusions"):
            raise CertificateError(f"{part}: there are none")
        for i, row in enumerate(rows):
            _keys(row, part, f"{part}, {i}")
    for i, h in enumerate(data["hypotheses"]):
        _text(h["name"], f"hypotheses, {i}, name", TEXTS["name"])
        _text(h["words"], f"hypotheses, {i}, words")
    if len({h["name"] for h in data["hypotheses"]}) != len(data["hypotheses"]):
        raise CertificateError("hypotheses: two have the same name")


def _keys(row: Any, part: str, where: str) -> None:
    if type(row) is not dict or sorted(row) != KEYS[part].split():
        raise CertificateError(f"{where}: expected an object with the keys {KEYS[part]}")


def _text(x: Any, where: str, form: re.Pattern[str] | None = None) -> None:
    if type(x) is not str or not 1 <= len(x) <= 500 or not x.isprintable():
        raise CertificateError(f"{where}: expected a line of 1 to 500 characters")
    if form is not None and not form.fullmatch(x):
        raise CertificateError(f"{where}: {x!r} is not of the form {form.pattern}")
