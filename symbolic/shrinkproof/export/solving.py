"""A solver as a process: SMT-LIB scripts in, a JSON string a line; sat, unsat or unknown out.

Run by path, as ``python -P solving.py z3``: it knows nothing of the rest of the package.
"""

from __future__ import annotations

import json
import sys


def z3(script: str) -> str:
    import z3

    solver = z3.Solver()
    solver.from_string(script)
    return str(solver.check())


def cvc5(script: str) -> str:
    import cvc5

    solver = cvc5.Solver(cvc5.TermManager())
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, script, "obligation")
    symbols, said = parser.getSymbolManager(), ""
    while not (command := parser.nextCommand()).isNull():
        said += command.invoke(solver, symbols)
    return said.strip()


def main() -> None:
    solve = {"z3": z3, "cvc5": cvc5}[sys.argv[1]]
    print("ready")
    for line in sys.stdin:
        print(solve(json.loads(line)))


if __name__ == "__main__":
    main()
