"""The command line.  Parsing is cheap; each command imports what it needs when it runs."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence

LONG = ("check", "mutants", "reproduce")  # commands that make garbage
EXIT_OK, EXIT_REFUTED, EXIT_USAGE, EXIT_MISSING = 0, 1, 2, 3


class UsageError(Exception):
    """Bad usage or input; its message is the one line that the user sees."""


def _positive(text: str) -> int:
    value = int(text) if text.isascii() and text.isdigit() else 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive integer")
    return value


def _natural(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is not a natural number")
    return int(text)


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="shrinkproof",
        description="Machine-checked convergence of SGD with low-precision gradients.",
        epilog="Exit status: 0 all holds; 1 something is refuted or fails; 2 bad usage or input; "
        "3 a requested checker is not installed.",
        allow_abbrev=False,
    )
    top.add_argument("--version", action="store_true", help="print the version and exit")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")

    def command(
        name: str, words: str, *, ids: str = "", json: bool = True
    ) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=words, description=words, allow_abbrev=False)
        if ids:
            added.add_argument(
                "ids", nargs=ids if ids != "1" else None, metavar="ID", help="an id or a label"
            )
        if json:
            added.add_argument("--json", action="store_true", help="print JSON on standard output")
        return added

    command("list", "the results of the library")
    show = command("show", "a statement and its derivation, step by step", ids="1", json=False)
    show.add_argument("--format", choices=("text", "latex", "markdown", "json"), default="text")
    verify = command(
        "verify", "prove the results again, or check certificates (FILE.json)", ids="*"
    )
    verify.add_argument(
        "--checker",
        choices=("kernel", "standalone", "smt", "coq", "all"),
        default="kernel",
        help="(default kernel)",
    )
    derive = command("derive", "write certificates and LaTeX derivations", json=False)
    derive.add_argument("--out", metavar="DIR", help="where to (default: proofs, in a checkout)")
    derive.add_argument(
        "--check", action="store_true", help="write nothing; say whether DIR is up to date"
    )
    bound = command("bound", "a theorem's right-hand side at given constants, exactly", ids="1")
    bound.add_argument("values", nargs="*", metavar="NAME=VALUE", help="such as L=1 mu=0.1 q=1/2,1")
    check = command("check", "property tests: look for an instance that refutes a result", ids="*")
    check.add_argument("--examples", type=_positive, metavar="N", help="per result (default 300)")
    check.add_argument("--seed", type=_natural, default=0, metavar="S", help="(default 0)")
    cite = command("cite", "what to put into a paper", ids="1", json=False)
    cite.add_argument("--format", choices=("latex", "bibtex", "json"), default="latex")
    command("formats", "what rounding to each format costs, each factor from a theorem")
    plan = command("plan", "the stepsize and the number of steps that reach a target")
    plan.add_argument(
        "values",
        nargs="*",
        metavar="NAME=VALUE",
        help="L sigma2 target, and c gap or Delta; d, S: dimension, loss scale",
    )
    plan.add_argument("--format", metavar="NAME", help="one format, or exact (default: all)")
    plan.add_argument("--rounding", choices=("nearest", "toward-zero", "stochastic"))
    plan.epilog = "Exit status 1: no format that was asked for reaches the target."
    command("claims", "the paper's abstract, sentence by sentence: what holds, and what shows it")
    mutants = command(
        "mutants",
        "wrong variants of the results: refused by the kernel, refuted by instances",
        ids="*",
    )
    mutants.add_argument("--examples", type=_positive, metavar="N", help="per mutant (default 40)")
    mutants.add_argument("--seed", type=_natural, default=0, metavar="S", help="(default 0)")
    mutants.epilog = "Exit status 1: the kernel accepts a mutant."
    reproduce = command("reproduce", "prove, check, train on real data, and report", json=False)
    reproduce.add_argument("--out", default="report", metavar="DIR", help="(default report)")
    reproduce.add_argument("--seed", type=_natural, default=0, metavar="S", help="(default 0)")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    top = parser()
    options = top.parse_args(arguments)
    if options.version:
        from shrinkproof.version import __version__

        print(__version__)
        return EXIT_OK
    if options.command is None:
        top.print_help()
        return EXIT_OK
    collecting = gc.isenabled()
    if options.command not in LONG:
        gc.disable()  # proofs are kept to the end: looking for garbage costs a fifth of the time
    try:
        return _run(options)
    finally:
        if collecting:
            gc.enable()


def _run(options: argparse.Namespace) -> int:
    from shrinkproof import commands
    from shrinkproof.output import tolerate

    wants_json = getattr(options, "json", False) or getattr(options, "format", "") == "json"
    tolerate(sys.stdout, "json" if wants_json else "text")
    try:
        return commands.COMMANDS[options.command](options)
    except BrokenPipeError:  # the reader, such as head, has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_OK
    except (UsageError, OSError) as error:
        print(f"shrinkproof {options.command}: {error}", file=sys.stderr)
        return EXIT_USAGE


if __name__ == "__main__":
    sys.exit(main())
