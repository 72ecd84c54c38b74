"""Certificates changed on purpose, in one place or throughout; deterministic, by seed.

A place is a leaf of the JSON data, with its role: a number, an operator, a rule's name, a premise's
number, a declaration, a symbol's name, a text.  Changes *alone* touch one place; changes
*throughout* touch every place that says the same, with the table of symbols brought into line, so
that only the rules can refuse them.  Others move, drop or double whole parts.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

from shrinkproof.attack.places import NAMED, Data, Place, changed, of_term, places
from shrinkproof.export.certificate import CertificateError, decode, symbols
from shrinkproof.export.replay import RULES

KNOWN = ("start", "past", "sample", "next", "never")
# Operators that take the same arguments, and so exchange to something well formed.
ALIKE = [
    *(("le", "lt", "eq"), ("add", "mul"), ("recip", "sqrt"), ("sum", "prod")),
    *(("gap", "recip"), ("mul", "max"), ("add", "max")),
]
OPERATORS = "add mul recip sqrt inner mean sum prod max vadd scale vmean grad value le lt eq veq"


@dataclass(frozen=True)
class Mutant:
    """A changed certificate: the kind of change, in words, the data; a name changed throughout."""

    kind: str
    words: str
    data: Data
    renamed: tuple[str, str] | None = None


# -- single places -------------------------------------------------------------------------------


def rational(x: Fraction) -> str:
    return f"{x.numerator}/{x.denominator}"


def _other(numbers: Random, place: Place, data: Data) -> Any:
    """Something else that the place might say."""
    value = place.value
    if place.role == "number" and isinstance(value, str):
        x = Fraction(value)
        changed = (x + 1, -x, 2 * x, x * x, x / 2, Fraction(0), x + Fraction(1, 1000))
        return rational(numbers.choice([y for y in changed if y != x]))
    if isinstance(value, int):
        return numbers.choice([n for n in (value - 1, value + 1, value + 2, 0) if n != value])
    if place.role == "operator":
        alike = [op for group in ALIKE if value in group for op in group if op != value]
        return numbers.choice(alike or [op for op in OPERATORS.split() if op != value])
    if place.role == "rule":
        return numbers.choice([r for r in sorted(RULES) if r != value])
    if place.role == "declaration":
        words = KNOWN if value in KNOWN else ("scalar", "vector", "sym", "at", "index", "function")
        return numbers.choice([w for w in words if w != value])
    if place.role == "name":
        names = sorted({row["name"] for row in data["symbols"]} | {"", "fresh", "#0", "@0"})
        return numbers.choice([n for n in names if n != value])
    return numbers.choice([f"{value}s", "other", "Other", "", "two\nlines"])


def alone(data: Data, numbers: Random, count: int) -> Iterator[Mutant]:
    """``count`` changes of one place, every role in turn."""
    by_role: dict[str, list[Place]] = {}
    for place in places(data):
        by_role.setdefault(place.role, []).append(place)
    roles = sorted(by_role)
    for i in range(count):
        place = numbers.choice(by_role[roles[i % len(roles)]])
        value = _other(numbers, place, data)
        where = ".".join(map(str, place.path))
        words = f"{where}: {place.value!r} -> {value!r}"
        yield Mutant(place.role, words, changed(data, place.path, value))


# -- throughout ----------------------------------------------------------------------------------


def everywhere(x: Any, change: Callable[[list[Any]], Any]) -> Any:
    """JSON data with ``change`` made to every list of it, innermost first; None: as it was."""
    if isinstance(x, dict):
        return {key: everywhere(y, change) for key, y in x.items()}
    if not isinstance(x, list):
        return x
    new = [everywhere(y, change) for y in x]
    found = change(new)
    return new if found is None else found


def in_line(data: Data) -> Data:
    """The same, with the table of symbols that its statement asks for."""
    with suppress(CertificateError):
        rows = [*data["hypotheses"], *data["conclusions"]]
        return data | {"symbols": symbols(decode(row["prop"], "") for row in rows)}
    return data


def throughout(data: Data, numbers: Random, count: int) -> Iterator[Mutant]:
    """Changes of all that says the same."""
    changes = list(_changes_throughout(data))
    for kind, words, change in numbers.sample(changes, min(count, len(changes))):
        a, _, b = words.partition(" -> ")
        renamed = (a, b) if kind == "name" else None
        yield Mutant(kind, f"throughout: {words}", in_line(everywhere(data, change)), renamed)


Change = Callable[[list[Any]], Any]


def _changes_throughout(data: Data) -> Iterator[tuple[str, str, Change]]:
    """Another time at which a symbol is known, another name for it, also one that is taken.

    A variable that the statement binds keeps its declaration: another one makes another statement,
    neither weaker nor stronger.
    """
    heads: set[str] = set()
    names = sorted({row["name"] for row in data["symbols"]})
    own = {p.value for row in ("hypotheses", "conclusions") for p in _named(data[row])}

    def note(t: list[Any]) -> None:
        if t and t[0] in ("sym", "at") and (t[1] in names or t[1] not in own):
            heads.add(json.dumps(t[:4]))

    everywhere(data["steps"], note)
    for head in sorted(heads):
        op, name, sort, known = json.loads(head)
        for other in KNOWN[:4] if op == "at" else ("start", "never"):
            if other != known:
                yield _redeclared(op, name, sort, known, other)
        yield _renamed(name, "fresh")
    yield from (_renamed(a, b) for a in names for b in names if a != b)


def _named(rows: list[Data]) -> Iterator[Place]:
    return (p for row in rows for p in of_term(row["prop"], ()) if p.role == "name")


def _redeclared(op: str, name: str, sort: str, known: str, other: str) -> tuple[str, str, Change]:
    def change(t: list[Any]) -> Any:
        return [op, name, sort, other, *t[4:]] if t[:4] == [op, name, sort, known] else None

    return "declaration", f"{name} known {known} -> {other}", change


def _renamed(a: str, b: str) -> tuple[str, str, Change]:
    def change(t: list[Any]) -> Any:
        renamed = len(t) > 1 and t[0] in (*NAMED, "sym", "at") and t[1] == a
        return [t[0], b, *t[2:]] if renamed and t[0] != "named" else None

    return "name", f"{a} -> {b}", change


# -- whole parts ---------------------------------------------------------------------------------


def rearranged(data: Data, numbers: Random, count: int) -> Iterator[Mutant]:
    """Parts moved, dropped, doubled, turned round or negated."""
    for i in range(count):
        name, change = REARRANGEMENTS[i % len(REARRANGEMENTS)]
        new = change(copy.deepcopy(data), numbers)
        if new is not None and new != data:
            yield Mutant("sign" if name in SIGNS else "order", name, new)


def _moved(data: Data, order: Sequence[int]) -> Data:
    """The steps in another order, or some of them, the references following."""
    place = {old: new for new, old in enumerate(order)}
    data["steps"] = [data["steps"][i] for i in order]
    for step in data["steps"]:
        step["premises"] = [place.get(n, n) for n in step["premises"]]
    for c in data["conclusions"]:
        c["step"] = place.get(c["step"], c["step"])
    return data


def _swap(data: Data, numbers: Random) -> Data | None:
    n = len(data["steps"])
    if n < 2:
        return None
    i = numbers.randrange(n - 1)
    return _moved(data, [*range(i), i + 1, i, *range(i + 2, n)])


def _swap_alone(data: Data, numbers: Random) -> Data | None:
    if len(data["steps"]) < 2:
        return None
    i = numbers.randrange(len(data["steps"]) - 1)
    data["steps"][i : i + 2] = data["steps"][i + 1], data["steps"][i]
    return data


def _drop(data: Data, numbers: Random) -> Data | None:
    gone = numbers.randrange(len(data["steps"]))
    return _moved(data, [i for i in range(len(data["steps"])) if i != gone])


def _double(data: Data, numbers: Random) -> Data | None:
    data["steps"].append(copy.deepcopy(numbers.choice(data["steps"])))
    return data


def _cut_down(data: Data, numbers: Random) -> Data | None:
    """Conclude an earlier step, and keep only what it needs."""
    end = numbers.randrange(len(data["steps"]))
    needed, todo = {end}, [end]
    while todo:
        for n in data["steps"][todo.pop()]["premises"]:
            if n not in needed:
                needed.add(n)
                todo.append(n)
    prop = data["conclusions"][0]["prop"]
    data["conclusions"] = [{"prop": prop, "step": end}]
    return _moved(data, sorted(needed))


def _of_list(name: str, what: str) -> Callable[[Data, Random], Data | None]:
    """Drop, double or shuffle an entry of some list of a step."""

    def change(data: Data, numbers: Random) -> Data | None:
        found = [s for s in data["steps"] if s["data"].get(name)] or data["steps"]
        step = numbers.choice(found)
        rows = step["premises"] if name == "premises" else step["data"].get(name)
        if not rows or not isinstance(rows, list):
            return None
        i = numbers.randrange(len(rows))
        if what == "drop":
            del rows[i]
        elif what == "double":
            rows.append(copy.deepcopy(rows[i]))
        else:
            numbers.shuffle(rows)
        return data

    return change


def _of_header(name: str, what: str) -> Callable[[Data, Random], Data | None]:
    def change(data: Data, numbers: Random) -> Data | None:
        rows = data[name]
        if not rows:
            return None
        i = numbers.randrange(len(rows))
        if what == "drop":
            del rows[i]
        elif what == "double":
            rows.append(copy.deepcopy(rows[i]))
        else:
            numbers.shuffle(rows)
        return data if name == "symbols" else in_line(data)

    return change


def _terms(data: Data) -> list[list[Any]]:
    """The relations and scalars of the statement and of the steps' conclusions."""
    found: list[list[Any]] = []

    def note(t: list[Any]) -> None:
        if len(t) > 1 and isinstance(t[0], str) and t[0] not in ("stage", "ix", "forall"):
            found.append(t)

    for row in (*data["hypotheses"], *data["conclusions"]):
        _visit(row["prop"], note)
    for step in data["steps"]:
        _visit(step["conclusion"], note)
        _visit(step["data"], note)
    return found


def _visit(x: Any, note: Callable[[list[Any]], None]) -> None:
    if isinstance(x, list):
        note(x)
    for y in x.values() if isinstance(x, dict) else x if isinstance(x, list) else ():
        _visit(y, note)


def _turn(data: Data, numbers: Random) -> Data | None:
    """Exchange two arguments of a term."""
    found = [t for t in _terms(data) if len(t) > 2]
    if not found:
        return None
    term = numbers.choice(found)
    term[-2:] = term[-1], term[-2]
    return data


def _negate(data: Data, numbers: Random) -> Data | None:
    scalar = ("sym", "at", "add", "mul", "pow", "inner", "value", "mean", "sum", "recip")
    found = [t for t in _terms(data) if t[0] in scalar and t[0] and "vector" not in t[:3]]
    if not found:
        return None
    term = numbers.choice(found)
    term[:] = ["mul", ["rat", "-1/1"], list(term)]
    return data


def _claim(data: Data, numbers: Random) -> Data | None:
    """Change what is concluded, in the declaration and in the step alike."""
    c = numbers.choice(data["conclusions"])
    wanted, step = json.dumps(c["prop"]), data["steps"][c["step"]]
    if json.dumps(step["conclusion"]) != wanted:
        return None
    place = numbers.choice(list(of_term(c["prop"], ())))
    c["prop"] = step["conclusion"] = changed(c["prop"], place.path, _other(numbers, place, data))
    return in_line(data)


def _assumption(data: Data, numbers: Random) -> Data | None:
    """Change a hypothesis, in the declaration and wherever it is assumed."""
    if not data["hypotheses"]:
        return None
    h = numbers.choice(data["hypotheses"])
    old = json.dumps(h["prop"])
    place = numbers.choice(list(of_term(h["prop"], ())))
    h["prop"] = changed(h["prop"], place.path, _other(numbers, place, data))
    for step in data["steps"]:
        if json.dumps(step["conclusion"]) == old:
            step["conclusion"] = h["prop"]
    return in_line(data)


REARRANGEMENTS: list[tuple[str, Callable[[Data, Random], Data | None]]] = [
    ("two steps exchanged", _swap),
    ("two steps exchanged, references left", _swap_alone),
    ("a step dropped", _drop),
    ("a step doubled", _double),
    ("an earlier step concluded", _cut_down),
    ("arguments exchanged", _turn),
    ("a term negated", _negate),
    ("the conclusion changed", _claim),
    ("a hypothesis changed", _assumption),
    ("arguments exchanged", _turn),
    ("a term negated", _negate),
    ("the conclusion changed", _claim),
    ("a hypothesis changed", _assumption),
    *((f"{n}: {w}", _of_list(n, w)) for n in ("premises", "products") for w in ("drop", "double")),
    *((f"{n}: {w}", _of_list(n, w)) for n in ("nonzero", "values") for w in ("drop", "double")),
    ("premises: shuffle", _of_list("premises", "shuffle")),
    *(
        (f"{n}: {w}", _of_header(n, w))
        for n in ("hypotheses", "symbols")
        for w in ("drop", "double")
    ),
    ("hypotheses: shuffle", _of_header("hypotheses", "shuffle")),
    ("symbols: shuffle", _of_header("symbols", "shuffle")),
    ("conclusions: drop", _of_header("conclusions", "drop")),
]
SIGNS = ("arguments exchanged", "a term negated")


def mutants(data: Data, seed: int, count: int) -> Iterator[Mutant]:
    """About ``count`` mutants of a certificate: half alone, a quarter of either other sort."""
    numbers = Random(f"{seed} {data['id']}")
    yield from alone(data, numbers, count - 2 * (count // 4))
    yield from rearranged(data, numbers, count // 4)
    yield from throughout(data, numbers, count // 4)
