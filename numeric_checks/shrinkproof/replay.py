"""A counterexample as a script: Python source that builds it and shows the failure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from textwrap import indent
from typing import Any

from flint import arb, fmpq

from shrinkproof.evaluation import Instance
from shrinkproof.formats import Format
from shrinkproof.kernel.term import Term
from shrinkproof.language.statement import Statement
from shrinkproof.verdicts import Undecided, decided, fails, violated


def script(conclusion: Term, instance: Instance, statement: Statement) -> str:
    """Source that rebuilds the instance and shows, exactly, that it refutes the statement.

    Run, it prints which hypotheses hold and by how much the conclusion fails, and exits with
    status 1 unless all do and it does.
    """
    modules: dict[str, set[str]] = {
        "shrinkproof.kernel.term": {"make"},
        "shrinkproof.replay": {"shown"},
    }
    built = source(instance, modules)
    imports = "\n".join(
        f"from {module} import {', '.join(sorted(names))}"
        for module, names in sorted(modules.items())
    )
    hypotheses = "\n".join(f"{h.name!r}: {h.prop!r}," for h in statement.hypotheses)
    return f'''"""An instance of {statement.label}: its hypotheses hold and its conclusion fails."""

import sys

{imports}

instance = {built}

hypotheses = {{
{indent(hypotheses, "    ")}
}}

conclusion = {conclusion!r}

sys.exit(0 if shown(instance, hypotheses, conclusion) else 1)
'''


def shown(instance: Instance, hypotheses: Mapping[str, Term], conclusion: Term) -> bool:
    """Print whether each hypothesis holds, and by how much the conclusion fails.

    Returns whether the instance refutes: every hypothesis is established, and the conclusion fails.
    """
    words = {False: "holds", True: "fails", None: "not decided"}
    verdicts = {name: violated(instance, prop) for name, prop in hypotheses.items()}
    for name, verdict in verdicts.items():
        print(f"{name}: {words[verdict]}")
    try:
        slack = decided(instance, conclusion)
    except Undecided as error:
        print(f"conclusion: not decided: {error}")
        return False
    failed = fails(conclusion, slack)
    print(f"conclusion: fails by {-slack.value}" if failed else "conclusion: holds", slack.where)
    return failed and not any(verdict is not False for verdict in verdicts.values())


def source(value: Any, modules: dict[str, set[str]]) -> str:
    """An expression for a value; what it needs to import is added to ``modules``."""
    if isinstance(value, Term) or value is None or isinstance(value, (int, str)):
        return repr(value)
    if isinstance(value, fmpq):
        modules.setdefault("flint", set()).add("fmpq")
        return f"fmpq({value.numerator}, {value.denominator})"
    if isinstance(value, arb):
        return _ball(value, modules)
    if isinstance(value, tuple):
        inside = ", ".join(source(x, modules) for x in value)
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{k!r}: {source(v, modules)}" for k, v in value.items()) + "}"
    if isinstance(value, Format):
        modules.setdefault("shrinkproof.formats", set()).add("format_named")
        return f"format_named({value.name!r})"
    modules.setdefault(type(value).__module__, set()).add(type(value).__name__)
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    if is_dataclass(value):
        parts = [
            f"{f.name}={source(getattr(value, f.name), modules)}" for f in fields(value) if f.init
        ]
        return f"{type(value).__name__}({', '.join(parts)})"
    raise TypeError(f"no source for {type(value).__name__}")


def _ball(value: arb, modules: dict[str, set[str]]) -> str:
    modules.setdefault("flint", set()).add("arb")
    (mid, exponent), (radius, radius_exponent) = value.mid().man_exp(), value.rad().man_exp()
    return f"arb(({mid}, {exponent}), ({radius}, {radius_exponent}))"
