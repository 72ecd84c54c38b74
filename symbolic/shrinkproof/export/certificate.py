"""Certificates: a proof as plain data, and back through the kernel.

A certificate is a JSON object: the symbols with what is known of each and when, the hypotheses by
name, and numbered steps, each with its rule, the numbers of its premises, its conclusion and
whatever else the rule was given.  A term is a list ``[operator, argument, ...]``; the numeral
p/q is ``["rat", "p/q"]``.  Reading one never evaluates text: ``replay`` puts every step through
the kernel's own rules, so that a tampered file proves nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from shrinkproof import kernel
from shrinkproof.kernel.normal import key
from shrinkproof.kernel.rules import ProofError, Theorem
from shrinkproof.kernel.term import Term, TermError, free, make
from shrinkproof.language.statement import Statement

FORMAT, VERSION = "shrinkproof-certificate", 1
DEEPEST = 64  # levels of a term; the library needs about 15
LARGEST = 4_000_000  # characters of a file


class CertificateError(ValueError):
    """A certificate that cannot be read; the message says where."""


# -- terms ---------------------------------------------------------------------------------------


def encode(t: Term) -> list[Any]:
    """A term as nested lists."""
    if t[0] == "rat":
        return ["rat", f"{t[1]}/{t[2]}"]
    return [encode(x) if isinstance(x, Term) else x for x in t]


def decode(data: Any, where: str, depth: int = 0) -> Term:
    """A term from nested lists; every node is checked."""
    if depth > DEEPEST:
        raise CertificateError(f"{where}: nested deeper than {DEEPEST} levels")
    if not isinstance(data, list) or not data or not isinstance(data[0], str):
        raise CertificateError(f"{where}: expected a term, a list that starts with an operator")
    try:
        if data[0] == "rat":
            return make("rat", *_rational(data[1], where).as_integer_ratio())
        parts = (decode(x, where, depth + 1) if isinstance(x, list) else x for x in data[1:])
        return make(data[0], *parts)
    except (TermError, LookupError, TypeError) as error:
        raise CertificateError(f"{where}: {error}") from None


def _rational(text: Any, where: str) -> Fraction:
    numerator, slash, denominator = text.partition("/") if isinstance(text, str) else ("", "", "")
    digits = numerator.removeprefix("-")
    if not (slash and len(text) < 1000 and digits.isascii() and digits.isdigit()) or not (
        denominator.isascii() and denominator.isdigit() and int(denominator)
    ):
        raise CertificateError(f'{where}: expected a rational such as "-3/2"')
    return Fraction(int(numerator), int(denominator))


# -- writing -------------------------------------------------------------------------------------


def export(statement: Statement, theorems: Sequence[Theorem]) -> dict[str, Any]:
    """The certificate of a proved statement, as JSON data."""
    statement.require(theorems)
    steps: list[dict[str, Any]] = []
    numbers: dict[Theorem, int] = {}
    known: dict[str, int] = {}

    def number(theorem: Theorem) -> int:
        if theorem in numbers:
            return numbers[theorem]
        premises = [number(p) for p in theorem.step.premises]
        step = {
            "rule": theorem.step.rule,
            "premises": premises,
            "conclusion": encode(theorem.conclusion),
            "data": {name: _plain(value) for name, value in theorem.step.data},
        }
        text = json.dumps(step, sort_keys=True)
        if text not in known:  # the same step, taken twice by the script, is one step
            known[text] = len(steps)
            steps.append(step)
        numbers[theorem] = known[text]
        return known[text]

    conclusions = [number(t) for t in theorems]
    terms = [*(h.prop for h in statement.hypotheses), *statement.conclusions]
    symbols = sorted(frozenset().union(*map(free, terms)))
    return {
        "format": FORMAT,
        "version": VERSION,
        "id": statement.id,
        "label": statement.label,
        "title": statement.title,
        "symbols": [dict(zip(("name", "kind", "sort", "known"), s, strict=True)) for s in symbols],
        "hypotheses": [
            {"name": h.name, "words": h.words, "prop": encode(h.prop)} for h in statement.hypotheses
        ],
        "steps": steps,
        "conclusions": conclusions,
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
        if name in ("steps", "hypotheses", "symbols"):
            lines = ",\n".join("  " + _compact(x) for x in value)
            rows.append(f' "{name}": [\n{lines}\n ]')
        else:
            rows.append(f' "{name}": {_compact(value)}')
    return ("{\n" + ",\n".join(rows) + "\n}\n").encode()


def _compact(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest(certificate: Mapping[str, Any]) -> str:
    """SHA-256 of the certificate's bytes: what a paper cites."""
    return hashlib.sha256(to_bytes(certificate)).hexdigest()


# -- reading -------------------------------------------------------------------------------------


def parse(text: str) -> dict[str, Any]:
    """The JSON object of a certificate; CertificateError where it is not one."""
    if len(text) > LARGEST:
        raise CertificateError(f"larger than {LARGEST} characters")
    try:
        data = json.loads(text, object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise CertificateError(f"not JSON: {error}") from None
    if not isinstance(data, dict) or (data.get("format"), data.get("version")) != (FORMAT, VERSION):
        raise CertificateError(
            f'expected an object with "format": "{FORMAT}", "version": {VERSION}'
        )
    return data


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("an object names a key twice")
    return dict(pairs)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a number here")


def replay(data: Mapping[str, Any]) -> tuple[Theorem, ...]:
    """Prove it again: every step through the kernel's rules; its conclusions as theorems.

    Raises CertificateError for malformed data, ProofError where a rule refuses a step or a step
    does not conclude what the certificate says, or rests on what it does not list.
    """
    try:
        hypotheses = {
            decode(h["prop"], f"hypothesis {i}") for i, h in enumerate(data["hypotheses"])
        }
        theorems: list[Theorem] = []
        for i, step in enumerate(data["steps"]):
            theorems.append(_step(step, theorems, f"step {i}"))
        found = tuple(theorems[i] for i in data["conclusions"])
    except (LookupError, TypeError, AttributeError, ValueError) as error:
        if isinstance(error, CertificateError):
            raise
        raise CertificateError(f"malformed: {type(error).__name__}: {error}") from None
    if not found:
        raise CertificateError("it concludes nothing")
    for theorem in found:
        if unlisted := theorem.hypotheses - hypotheses:
            raise ProofError(
                f"it rests on a hypothesis that it does not list: {min(unlisted, key=key)}"
            )
    return found


def _step(step: Mapping[str, Any], before: Sequence[Theorem], where: str) -> Theorem:
    numbers = step["premises"]
    if not all(type(n) is int and 0 <= n < len(before) for n in numbers):
        raise CertificateError(f"{where}: premises {numbers} are not earlier steps")
    rule = _RULES.get(step["rule"])
    if rule is None:
        raise CertificateError(f"{where}: no rule {step['rule']!r}")
    goal = decode(step["conclusion"], where)
    theorem = rule([before[n] for n in numbers], goal, _Data(step["data"], where))
    if theorem.conclusion != goal:
        raise ProofError(f"{where}: {step['rule']} does not conclude what is claimed")
    return theorem


class _Data:
    """The rest of what a rule was given, read as what the rule wants."""

    def __init__(self, data: Mapping[str, Any], where: str) -> None:
        self.data, self.where = data, where

    def term(self, name: str) -> Term:
        return decode(self.data[name], f"{self.where}, {name}")

    def terms(self, name: str) -> list[Term]:
        return [decode(x, f"{self.where}, {name}") for x in self.data[name]]

    def products(self) -> list[tuple[Fraction, list[tuple[Any, ...]]]]:
        place = f"{self.where}, products"
        return [
            (
                _rational(c, place),
                [tuple(decode(x, place) if isinstance(x, list) else x for x in f) for f in factors],
            )
            for c, factors in self.data["products"]
        ]

    def values(self) -> dict[str, Any]:
        place = f"{self.where}, values"
        return {
            name: (x["variable"], decode(x["body"], place))
            if isinstance(x, dict)
            else decode(x, place)
            for name, x in self.data["values"].items()
        }


_RULES: dict[str, Callable[[list[Theorem], Term, _Data], Theorem]] = {
    "assume": lambda _, goal, __: kernel.assume(goal),
    "combine": lambda p, goal, d: kernel.combine(
        goal, p, d.products(), d.data["scale"], d.data["nonzero"]
    ),
    "expect": lambda p, goal, d: kernel.expect(p[0], d.term("given"), goal),
    "specialise": lambda p, _, d: kernel.specialise(p[0], *d.terms("values")),
    "generalise": lambda p, _, d: kernel.generalise(p[0], *d.terms("variables")),
    "instantiate": lambda p, _, d: kernel.instantiate(p[0], d.values()),
    "induct": lambda p, goal, _: kernel.induct(p[0], p[1], goal),
    "unfold": lambda _, __, d: kernel.unfold(d.term("term"), d.data["side"]),
    "root": lambda p, _, __: kernel.root(p[0]),
    "integrate": lambda p, goal, d: kernel.integrate(
        p[0], d.term("t"), d.term("x"), d.term("d"), d.data["function"], goal
    ),
    "rewrite": lambda p, goal, _: kernel.rewrite(p[0], p[1], goal),
    "cut": lambda p, _, __: kernel.cut(p[0], p[1]),
    "cases": lambda p, _, d: kernel.cases(p[0], p[1], d.term("a"), d.term("b")),
}
