"""Results as they are shown: statement, derivation, and what their modules say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shrinkproof import library
from shrinkproof.export import certificate
from shrinkproof.export.document import render_derivation, render_statement
from shrinkproof.export.latex import latex_document
from shrinkproof.kernel import Theorem
from shrinkproof.library import Result
from shrinkproof.output import as_json

if TYPE_CHECKING:
    from shrinkproof.counterexamples import Counterexample

NOTES = ("Tightness", "Source", "Needs")


def derivation(result: Result, fmt: str) -> str:
    """Statement and derivation; results of the library are cited, not derived again."""
    return (
        render_statement(result.statement, fmt)
        + "\n\n"
        + render_derivation(result.statement, result.prove(), fmt, known=cited(result))
    )


def cited(result: Result) -> dict[Theorem, str]:
    """What a derivation may cite, and by which words."""
    others = (r for r in library.results() if r.id != result.id)
    return {t: f"{r.label} ({r.title})" for r in others for t in r.prove()}


def latex_file(result: Result) -> str:
    """A document with the statement and its derivation, complete in itself."""
    return latex_document(derivation(result, "latex"))


def show_result(result: Result, fmt: str) -> str:
    """A result as "text", "latex", "markdown", or as its certificate in "json"."""
    if fmt == "json":
        data = certificate.export(result.statement, result.prove())
        return certificate.to_bytes(data).decode().rstrip()
    if fmt == "latex":
        return latex_file(result).rstrip()
    strong = "**" if fmt == "markdown" else ""
    notes = "\n\n".join(f"{strong}{name}:{strong} {result.notes[name]}" for name in NOTES)
    return f"{derivation(result, fmt).rstrip()}\n\n{notes}"


def show_counterexample(counterexample: Counterexample, fmt: str) -> str:
    """A counterexample in words, and as the script that checks it (alone, for "json")."""
    if fmt == "json":
        return as_json(
            {
                "id": counterexample.id,
                "label": counterexample.label,
                "title": counterexample.title,
                "weakens": counterexample.weakens,
                "weakening": counterexample.weakening,
                "slack": str(counterexample.slack().value),
                "script": counterexample.script(),
            }
        )
    fence = "```" if fmt == "markdown" else ""
    return "\n".join(
        [
            f"{counterexample.label}. {counterexample.title}",
            "",
            counterexample.explanation,
            "",
            f"It refutes {counterexample.weakens} with q_k {counterexample.weakening}: every "
            "hypothesis holds,",
            f"and the conclusion fails by {-counterexample.slack().value}. "
            "This script checks it, exactly:",
            "",
            f"{fence}python" if fence else "",
            counterexample.script().rstrip(),
            fence,
        ]
    ).rstrip()
