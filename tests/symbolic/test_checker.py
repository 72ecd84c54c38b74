"""checker.py: it accepts the library, refuses every attack on the kernel, and shares none of it."""

import ast
import importlib.util
import inspect
import shutil
import subprocess
import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shrinkproof import checker, kernel, library
from shrinkproof.attack.judging import REFUSED, SAME, Judges, judge
from shrinkproof.attack.mutants import mutants
from shrinkproof.export import certificate as C
from shrinkproof.kernel import ProofError, Term, Theorem
from shrinkproof.kernel import normal as nf
from shrinkproof.kernel.term import lift, make, minus, subterms

SOURCE = Path(checker.__file__)
RESULTS = library.results()
OTHERS = [f"python3.{minor}" for minor in range(9, 20)]


def neighbour(name):
    """Another test module, for its examples."""
    path = Path(__file__).with_name(f"{name}.py")
    spec = importlib.util.spec_from_file_location(f"examples_of_{name}", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


attacks, normals = neighbour("test_kernel_attacks"), neighbour("test_normal")


def run(*arguments, flags=("-O", "-I")):
    done = subprocess.run(
        [sys.executable, *flags, SOURCE, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert not done.stderr
    return done.returncode, done.stdout.splitlines()


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificates")
    found = {}
    for r in RESULTS:
        found[r.label] = folder / f"{r.id}.json"
        found[r.label].write_bytes(C.to_bytes(C.export(r.statement, r.prove())))
    return found


# The program.


@pytest.mark.parametrize("flags", [(), ("-O", "-I")], ids=["plain", "-O -I"])
def test_it_accepts_the_library_a_line_each(files, flags):
    status, lines = run(*files.values(), flags=flags)
    assert (status, lines[-1]) == (0, f"{len(RESULTS)} of {len(RESULTS)} certificates check")
    for r, line in zip(RESULTS, lines, strict=False):
        label, digest, rest = line.split("  ")
        assert (label, digest) == (r.label, C.digest(C.export(r.statement, r.prove())))
        names = ", ".join(h.name for h in r.statement.hypotheses) or "nothing"
        assert rest == f"rests on {names}"


def test_every_python_that_is_here_says_the_same(files):
    """Other versions than the running one, where there are some."""
    here = {sys.executable, *filter(None, map(shutil.which, OTHERS))}
    command = ["-O", "-I", SOURCE, *files.values()]
    said = [
        done.stdout
        for python in sorted(here)
        for done in [subprocess.run([python, *command], capture_output=True, text=True)]
        if python == sys.executable or done.returncode < 126  # not a shim for nothing
    ]
    assert said and set(said) == {said[0]}
    assert said[0].endswith(f"{len(RESULTS)} of {len(RESULTS)} certificates check\n")


def test_it_says_what_it_refuses(files, tmp_path):
    bad = tmp_path / "bad.json"
    bad.write_bytes(files["F3"].read_bytes().replace(b'"2/1"', b'"3/1"', 1))
    missing = tmp_path / "no.json"
    status, lines = run(files["F1"], bad, missing, tmp_path)
    assert status == 1
    assert lines[0].startswith("F1  ")
    assert lines[1].startswith(f"REFUSED  {bad}: ")
    assert lines[2].startswith(f"REFUSED  {missing}: ")
    assert lines[3].startswith(f"REFUSED  {tmp_path}: ")
    assert lines[4] == "1 of 4 certificates check"


def test_nothing_to_check_is_bad_usage():
    assert run() == (2, ["0 of 0 certificates check"])


def test_it_is_one_short_file_of_the_standard_library():
    text = SOURCE.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert len(text.splitlines()) <= 700
    imported = {
        name.partition(".")[0]
        for n in ast.walk(tree)
        for name in (
            [a.name for a in n.names]
            if isinstance(n, ast.Import)
            else [n.module]
            if isinstance(n, ast.ImportFrom)
            else []
        )
    }
    assert imported <= sys.stdlib_module_names
    assert not any(isinstance(n, ast.Assert) for n in ast.walk(tree))
    called = {
        n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call) and hasattr(n.func, "id")
    }
    assert not called & {"eval", "exec", "compile", "__import__", "getattr_static", "input"}
    assert not any(isinstance(n, ast.Constant) and type(n.value) is float for n in ast.walk(tree))


# Attacks: what the kernel refuses for a reason that data can express.


def rows_of(*theorems):
    """The steps that prove theorems, as a certificate has them, and the theorems' numbers."""
    rows, numbers = [], {}

    def number(theorem):
        if theorem not in numbers:
            premises = [number(p) for p in theorem.step.premises]
            numbers[theorem] = len(rows)
            rows.append(C.step_of(theorem, premises))
        return numbers[theorem]

    return rows, [number(t) for t in theorems]


def checked(rows):
    """Put steps through checker.py; the sequent of the last one."""
    sequents = []
    for row in rows:
        sequents.append(checker.checked(row, [sequents[n] for n in row["premises"]]))
    return sequents[-1]


def recorded(attack):
    """The call of the rule that refuses, as (rule, arguments by name)."""
    calls = []

    def recorder(name):
        rule = getattr(kernel, name)

        def call(*args, **kwargs):
            calls.append((name, args, kwargs))
            return rule(*args, **kwargs)

        return call

    saved = {name: getattr(attacks, name) for name in checker.RULES}
    try:
        for name in saved:
            setattr(attacks, name, recorder(name))
        with pytest.raises(ProofError):
            attack.false()
    finally:
        for name, rule in saved.items():
            setattr(attacks, name, rule)
    name, args, kwargs = calls[-1]
    bound = inspect.signature(getattr(kernel, name)).bind(*args, **kwargs)
    bound.apply_defaults()
    return name, bound.arguments


def naive(t, values):
    """Substitution without a look at what is bound or declared."""
    if t[0] in ("sym", "ix") and t[1] in values:
        value = values[t[1]]
        return make("ix", value[1], value[2] + t[2]) if t[0] == "ix" else value
    if t[0] == "at" and t[1] in values:
        variable, body = values[t[1]]
        return naive(body, {variable: naive(t[4], values)})
    return Term((t[0], *(naive(x, values) if isinstance(x, Term) else x for x in t[1:])))


def claim(name, a):
    """What such a step would conclude if nothing were wrong with it; its premises; its data."""
    theorem, values = a.get("theorem"), a.get("values")
    if name == "assume":
        return a["prop"], [], {}
    if name == "combine":
        data = {"products": tuple((Fraction(c), tuple(f)) for c, f in a["products"])}
        data |= {"scale": tuple(a["scale"]), "nonzero": tuple(a["nonzero"])}
        return a["goal"], list(a["premises"]), data
    if name == "expect":
        op = "vmean" if theorem.conclusion.op == "veq" else "mean"
        sides = [Term((op, a["given"], x)) for x in theorem.conclusion.args]
        goal = a["goal"] or Term((theorem.conclusion.op, *sides))
        return goal, [theorem], {"given": a["given"]}
    if name == "specialise":
        goal = theorem.conclusion
        for value in values:
            goal = naive(goal[2], {goal[1][1]: value}) if goal.op == "forall" else goal
        return goal, [theorem], {"values": tuple(values)}
    if name == "generalise":
        goal = theorem.conclusion
        for x in reversed(a["variables"]):
            goal = Term(("forall", x, goal))
        return goal, [theorem], {"variables": tuple(a["variables"])}
    if name == "instantiate":
        return naive(theorem.conclusion, values), [theorem], {"values": dict(values)}
    if name == "induct":
        return a["goal"], [a["base"], a["step"]], {}
    if name == "unfold":
        t, side = a["term"], a["side"]
        last = make("ix", t[2][1], max(t[2][2] - 1, 0)) if t.op in ("sum", "prod", "power") else t
        tail = t[1] if t.op == "power" else naive(t[-1], {t[1]: last})
        whole = Term(("add" if t.op == "sum" else "mul", Term((t[0], t[1], last, *t[3:])), tail))
        return Term(("eq", t, whole)), [], {"term": t, "side": side}
    if name == "root":
        x = theorem.conclusion[2]
        return Term(("eq", Term(("pow", Term(("sqrt", x)), 2)), x)), [theorem], {}
    if name == "integrate":
        return a["goal"], [theorem], {n: a[n] for n in ("t", "x", "d", "function")}
    if name == "rewrite":
        return a["goal"], [theorem, a["equation"]], {}
    if name == "cut":
        return theorem.conclusion, [a["lemma"], theorem], {}
    return a["less"].conclusion, [a["less"], a["greater"]], {"a": a["a"], "b": a["b"]}


def as_step(attack):
    """The attack as steps of a certificate, or None where only Python objects can make it."""
    try:
        name, arguments = recorded(attack)
        goal, premises, data = claim(name, arguments)
        rows, numbers = rows_of(*premises)
        if type(goal) is not Term or any(
            type(c) is float for c, _ in arguments.get("products", ())
        ):
            return None
        plain = {key: C._plain(value) for key, value in data.items()}
        row = {"rule": name, "premises": numbers, "conclusion": C.encode(goal), "data": plain}
        C.compact(row)
    except (ProofError, TypeError, AttributeError, LookupError, ValueError):
        return None
    return [*rows, row]


STEPS = {f"{a.rule}: {a.name}": as_step(a) for a in attacks.ATTACKS}


@pytest.mark.parametrize("name", [name for name, rows in STEPS.items() if rows])
def test_it_refuses_what_the_kernel_refuses(name):
    *before, last = STEPS[name]
    if before:
        checked(before)
    with pytest.raises((checker.Refused, TypeError, ValueError, LookupError, AttributeError)):
        checked([*before, last])


def test_most_attacks_can_be_said_in_a_certificate():
    assert sum(rows is not None for rows in STEPS.values()) > 0.85 * len(STEPS)


@pytest.mark.parametrize("attack", attacks.ATTACKS, ids=lambda a: f"{a.rule}: {a.name}")
def test_it_accepts_the_use_beside_the_attack_that_is_right(attack):
    theorem = attack.true()
    assert type(theorem) is Theorem
    rows, _ = rows_of(theorem)
    hypotheses, conclusion = checked(rows)
    assert conclusion is checker.read(C.encode(theorem.conclusion))
    assert hypotheses == {checker.read(C.encode(h)) for h in theorem.hypotheses}


def certificate_of(theorem):
    """A certificate that states no more than a theorem does."""
    rows, (last,) = rows_of(theorem)
    hypotheses = sorted(theorem.hypotheses, key=repr)
    data = {"format": C.FORMAT, "version": C.VERSION, "id": "x", "label": "X", "title": "x"}
    return data | {
        "symbols": C.symbols([*hypotheses, theorem.conclusion]),
        "hypotheses": [
            {"name": f"h{i}", "words": "x", "prop": C.encode(h)} for i, h in enumerate(hypotheses)
        ],
        "steps": rows,
        "conclusions": [{"prop": C.encode(theorem.conclusion), "step": last}],
    }


def test_the_checkers_agree_on_mutants_of_every_rule_and_operator():
    """Also of those that the library happens not to use; judge raises where they do not agree."""
    judges, verdicts = Judges(), Counter()
    for attack in attacks.ATTACKS:
        data = certificate_of(attack.true())
        verdicts.update(judge(judges, data, m) for m in mutants(data, 0, 24))
    assert verdicts[REFUSED] > 1500 and verdicts[SAME] > 50


def test_the_inverse_of_a_sum_in_an_inverse_stays_what_it_is():
    """1/(x + 1/y) > 0 does not say that y is not 0: 1/0 is 0."""
    x, y = (make("sym", n, "scalar", "start") for n in "xy")
    one = make("recip", y)
    positive = kernel.assume(lift(0) < make("recip", make("add", x, one)))
    goal = make("eq", make("mul", y, one), lift(1))
    rows, numbers = rows_of(positive)
    data = {"products": [], "scale": [], "nonzero": numbers}
    step = {"rule": "combine", "premises": numbers, "conclusion": C.encode(goal), "data": data}
    with pytest.raises(checker.Refused, match="identity"):
        checked([*rows, step])
    with pytest.raises(ProofError, match="identity"):
        kernel.combine(goal, [positive], nonzero=[0])


# Equality: two algorithms, one relation.

exact = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def told(t):
    return checker.read(C.encode(t))


def verdicts(s, t):
    """Whether s = t by the laws: (the kernel's word, checker.py's)."""
    props = [make("le", lift(0), x) for x in (s, t)]
    try:
        first = nf.same(*props)
    except kernel.TermError:
        first = None
    try:
        second = checker.same(*map(told, props))
    except checker.Refused:
        second = None
    return first, second


@exact
@given(normals.scalars(scope=("k",)))
def test_a_scalar_is_what_the_kernels_canonical_form_is(t):
    checker.work[0] = 0
    try:
        form = nf.canonical(t)
    except kernel.TermError:
        return
    assert verdicts(t, form) == (True, True)
    assert checker.normal(told(minus(t, form))) == {}


@exact
@given(normals.scalars(depth=2, scope=("k",)), normals.scalars(depth=2, scope=("k",)), st.data())
def test_both_say_the_same_of_any_two_scalars(s, t, data):
    checker.work[0] = 0
    parts = [x for x in subterms(s) if x.sort == "scalar"]
    near = [s, t, make("add", s, t), make("mul", s, t), make("mul", t, s), *parts]
    first, second = (data.draw(st.sampled_from(near)) for _ in range(2))
    kernels, own = verdicts(first, second)
    assert kernels == own


@exact
@given(normals.scalars(depth=2, scope=("k",)), normals.stages)
def test_both_say_the_same_of_what_a_stage_determines(t, stage):
    needed = None if told(t).needs is None else frozenset(told(t).needs)
    kernels = nf.needs(t)
    if kernels is not None:
        kernels = frozenset((s[1][1], s[1][2], s[2]) for s in kernels)
    assert kernels == needed
    place = (stage[1][1], stage[1][2], stage[2])
    assert nf.determined(t, stage) == checker.settled(needed, place)
