"""SMT-LIB: the solvers agree to every step, and not to a step that is wrong."""

from fractions import Fraction

import pytest

from shrinkproof import library
from shrinkproof.export import certificate as C
from shrinkproof.export import smt, solvers
from shrinkproof.kernel import assume, combine
from shrinkproof.kernel.term import lift, make
from shrinkproof.language.symbols import inner, parameter, point

x, a, b = (parameter(name) for name in "xab")
u, v = point("u"), point("v")


@pytest.fixture(scope="module")
def asked():
    with solvers.solvers() as found:
        yield found


def answers(asked, script, seconds=10):
    return {s.name: s.ask(script, seconds) for s in asked}


def all_say(word):
    return dict.fromkeys(solvers.SOLVERS, word)


STEPS = [
    combine(x <= a, [assume(x <= b), assume(b <= a)], [(1, [("gap", 0)]), (1, [("gap", 1)])]),
    combine(x**2 >= 0, [], [(1, [("square", x)])]),
    combine(lift(0) < 1 / x, [assume(x > 0)], [(1, [("recip", 0)])]),
    combine(make("eq", x / x, lift(1)), [assume(x > 0)], [], nonzero=[0]),
    combine(inner(u, u) >= 0, [], [(1, [("square", u)])]),
    combine(
        make("veq", make("scale", x, u), make("scale", x, v)),
        [assume(make("veq", u, v))],
        [(1, [("times", 0, x)])],
    ),
    combine(
        a >= 0,
        [assume(x > 0), assume(x * a >= 0)],
        [(1, [("gap", 1)])],
        scale=[0],
    ),
    combine(  # an inverse within an inverse
        make("eq", (x + 1 / a) * (1 / (x + 1 / a)), lift(1)),
        [assume(lift(0) < x + 1 / a), assume(a > 0)],
        nonzero=[0, 1],
    ),
]


@pytest.mark.parametrize("theorem", STEPS, ids=lambda t: str(t.conclusion.op))
def test_both_solvers_certify_what_the_kernel_accepts(theorem, asked):
    found = smt.obligation(theorem)
    assert answers(asked, found.identity) == all_say("unsat")
    assert answers(asked, found.signs) == all_say("unsat")


def test_the_text_is_smt_lib(asked):
    found = smt.obligation(STEPS[0])
    assert found.signs == (
        "(set-logic QF_NRA)\n"
        "(declare-const f0 Real)\n(declare-const f1 Real)\n(declare-const goal Real)\n"
        "(assert (>= f0 0.0))\n(assert (>= f1 0.0))\n"
        "(assert (= goal (+ (* 1.0 f0) (* 1.0 f1))))\n"
        "(assert (not (>= goal 0.0)))\n(check-sat)\n"
    )
    assert answers(asked, found.blind) == all_say("unsat")
    assert smt.number(Fraction(-3, 2)) == "(- (/ 3.0 2.0))"


def wrong(theorem):
    """Its steps' scripts, with every weight doubled; and with the goal's sign turned round."""
    step = smt._Step(theorem)
    step.data = {**step.data, "products": [(2 * c, f) for c, f in step.data["products"]]}
    turned = smt._Step(theorem)
    turned.goal = make(turned.goal.op, turned.goal[2], turned.goal[1])
    return [step.identity(), turned.identity()]


LIBRARY = [
    (r.label, o.theorem)
    for r in library.results()
    for o in smt.obligations(r.prove())
    if dict(o.theorem.step.data)["products"] and o.theorem.conclusion.op != "veq"
]


@pytest.mark.parametrize("row", LIBRARY[::40], ids=lambda row: row[0])
def test_a_wrong_identity_has_a_counterexample(row, asked):
    for script in wrong(row[1]):
        said = set(answers(asked, script).values())
        assert "sat" in said and "unsat" not in said


def test_a_sign_that_is_not_known_is_missed(asked):
    script = smt.obligation(STEPS[0]).signs
    assert answers(asked, script.replace("(assert (>= f0 0.0))\n", "")) == all_say("sat")
    weak = smt.obligation(STEPS[2]).signs
    assert answers(asked, weak.replace("(> f0", "(>= f0")) == all_say("sat")


def test_an_answer_that_is_not_unsat_is_reported(asked, monkeypatch):
    found = [smt.obligation(STEPS[0])]
    assert solvers.certified(found, asked) == []
    monkeypatch.setattr(smt._Step, "identity", lambda _: "(declare-const a Real)\n(check-sat)")
    bad = solvers.certified([smt.obligation(STEPS[0])], asked)
    assert [(a.solver, a.mode, a.verdict) for a in bad] == [
        (name, "identity", "sat") for name in solvers.SOLVERS
    ]


HARD = """(set-logic QF_NIA)
(declare-const x Int)(declare-const y Int)(declare-const z Int)
(assert (= (+ (* x x x) (* y y y) (* z z z)) 114))
(check-sat)
"""


def test_a_solver_that_is_late_is_ended_and_serves_again(asked):
    assert answers(asked, HARD, 0.5) == all_say("unknown")
    assert answers(asked, smt.obligation(STEPS[1]).identity) == all_say("unsat")


def test_a_script_that_makes_no_sense_is_no_proof(asked):
    assert answers(asked, "(assert (") == all_say("unknown")
    assert answers(asked, smt.obligation(STEPS[1]).signs) == all_say("unsat")


def test_the_report(tmp_path, capsys):
    r = library.result("F1")
    path = tmp_path / "F1.json"
    path.write_bytes(C.to_bytes(C.export(r.statement, r.prove())))
    assert solvers.main(["--blind", "--out", str(tmp_path / "smt"), str(path)]) == 0
    scripts = sorted((tmp_path / "smt").iterdir())
    assert len(scripts) == 3 * len(smt.obligations(r.prove()))
    assert all(s.read_text(encoding="utf-8").startswith("(set-logic QF_NRA)\n") for s in scripts)
    assert capsys.readouterr().out == ("F1    2 of 2 certified, 1 by z3 alone, 1 by cvc5 alone\n")


def test_the_report_needs_the_solvers(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(solvers, "SOLVERS", {"no_such_solver": "no-such-solver"})
    assert solvers.main([str(tmp_path / "F1.json")]) == 3
    assert "pip install no-such-solver" in capsys.readouterr().err


def test_the_report_refuses_what_is_no_certificate(tmp_path, capsys):
    path = tmp_path / "no.json"
    assert solvers.main([str(path)]) == 2
    path.write_text("{}")
    assert solvers.main([str(path)]) == 2
    assert capsys.readouterr().err.count("\n") == 2
