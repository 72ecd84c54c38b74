"""Bytes from anywhere: both checkers answer, in bounded time and memory, and say the same."""

import ast
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shrinkproof import checker, library, verifying
from shrinkproof.attack.judging import Judges
from shrinkproof.attack.places import changed
from shrinkproof.export import certificate as C
from shrinkproof.export import recheck, smt, solvers, solving
from shrinkproof.export import replay as replaying
from shrinkproof.export.recheck import OutOfTime, limited
from shrinkproof.export.replay import replay
from shrinkproof.kernel import ProofError

fuzzed = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
JUDGES = Judges()


def of(name):
    r = library.result(name)
    return C.export(r.statement, r.prove())


VALID = {name: of(name) for name in ("F1", "F3", "S2", "O1", "R3", "T3")}

# Arbitrary JSON, with a taste for what a certificate is made of.

WORDS = sorted(
    {*checker.SORT, *checker.RULES, "scalar", "vector", "start", "past", "sample", "next", "never"}
)
leaves = (
    st.none()
    | st.booleans()
    | st.integers(-3, 120)
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from([*WORDS, "k", "x", "0/1", "1/1", "-1/1", "1/3", "", "\ud800", "\x00"])
)
anything = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=5), inner, max_size=5)
        | st.tuples(st.sampled_from(WORDS), inner, inner).map(list)
    ),
    max_leaves=20,
)


def answers(raw):
    """Whether each checker accepts these bytes; anything but an answer is an error here."""
    try:
        with limited(20):
            replay(C.parse(raw), JUDGES.known)
        kernels = True
    except (C.CertificateError, ProofError, OutOfTime):
        kernels = False
    try:
        checker.check(checker.load(raw), JUDGES.remembered)
    except checker.Refused:
        return kernels, False
    return kernels, True


def spelled(data):
    return json.dumps(data, sort_keys=True, separators=(",", ":")).encode()


@fuzzed
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda t: t.encode("utf-8", "replace")))
def test_arbitrary_bytes(raw):
    assert answers(raw) == (False, False)


@fuzzed
@given(anything)
def test_arbitrary_json(data):
    assert answers(spelled(data)) == (False, False)


@fuzzed
@given(st.dictionaries(st.sampled_from(sorted(VALID["F3"])), anything))
def test_arbitrary_fields(fields):
    try:
        raw = C.to_bytes({**VALID["F3"], **fields})
    except (UnicodeEncodeError, TypeError):
        raw = spelled({**VALID["F3"], **fields})
    kernels, own = answers(raw)
    assert kernels == own


def spots(data, path=()):
    """Paths of all parts of JSON data."""
    yield path
    if isinstance(data, dict):
        for name in data:
            yield from spots(data[name], (*path, name))
    elif isinstance(data, list):
        for i, x in enumerate(data):
            yield from spots(x, (*path, i))


SPOTS = {name: list(spots(data)) for name, data in VALID.items()}


def at(data, path):
    for part in path:
        data = data[part]
    return data


@fuzzed
@given(st.sampled_from(sorted(VALID)), st.data())
def test_arbitrary_json_in_any_place(name, data):
    path = data.draw(st.sampled_from(SPOTS[name]))
    new = changed(VALID[name], path, data.draw(anything))
    try:
        raw = C.to_bytes(new)
    except (UnicodeEncodeError, TypeError, AttributeError):
        raw = spelled(new)
    kernels, own = answers(raw)
    assert kernels == own


@fuzzed
@given(st.sampled_from(sorted(VALID)), st.sampled_from(sorted(VALID)), st.data())
def test_a_part_of_one_certificate_in_another(name, other, data):
    path, source = (data.draw(st.sampled_from(SPOTS[n])) for n in (name, other))
    new = changed(VALID[name], path, at(VALID[other], source))
    try:
        raw = C.to_bytes(new)
    except (TypeError, AttributeError):
        raw = spelled(new)
    kernels, own = answers(raw)
    assert kernels == own


# Files made to hurt.


def sym(name):
    return ["sym", name, "scalar", "start"]


def one_step(prop, **step):
    """A certificate in good form that claims a proposition, by ``combine`` from nothing."""
    step = {"rule": "combine", "premises": [], "conclusion": prop} | step
    step.setdefault("data", {"products": [], "scale": [], "nonzero": []})
    try:
        symbols = C.symbols([C.decode(prop, "")])
    except C.CertificateError:
        symbols = []
    data = {"format": C.FORMAT, "version": C.VERSION, "id": "x", "label": "X", "title": "x"}
    data |= {"symbols": symbols, "hypotheses": [], "steps": [step]}
    return C.to_bytes(data | {"conclusions": [{"prop": prop, "step": 0}]})


def total(n, prefix="a"):
    return ["add", *(sym(f"{prefix}{i}") for i in range(n))]


def zero_is(x):
    return ["eq", ["rat", "0/1"], x]


def nested(x, op, levels):
    for _ in range(levels):
        x = [op, x]
    return x


def tower(levels):
    x = total(6)
    for _ in range(levels):
        x = ["mean", ["stage", ["ix", "k", 0], 0], ["mul", x, ["sym", "X", "scalar", "never"], x]]
    return x


def inverse_powers(n):
    """x = a0 + ... > 0, and a claim that has (1/x)^100: multiplied out, it has (a0 + ...)^100."""
    x = total(n)
    positive = ["lt", ["rat", "0/1"], x]
    prop = zero_is(["add", ["pow", ["recip", x], 100], sym("b")])
    data = json.loads(one_step(prop, premises=[0]))
    data["steps"].insert(0, {"rule": "assume", "premises": [], "conclusion": positive, "data": {}})
    data["steps"][1]["data"]["nonzero"] = [0]
    data["hypotheses"] = [{"name": "positive", "prop": positive, "words": "positive"}]
    data["conclusions"][0]["step"] = 1
    return C.to_bytes(data)


VALID_BYTES = C.to_bytes(VALID["F3"])
HURTFUL = {
    "nothing": b"",
    "deep lists": b"[" * 2_000_000,
    "deep objects": b'{"a":' * 500_000,
    "deep lists, closed": b"[" * 900 + b"]" * 900,
    "a file of 50 MB": b" " * 50_000_000,
    "a huge integer": b'{"version": ' + b"9" * 3_000_000 + b"}",
    "a huge exponent": b'{"version": 1e999999999}',
    "not a number": b'{"version": NaN}',
    "infinite": b'{"version": -Infinity}',
    "invalid UTF-8": b'{"title": "\xff\xfe"}',
    "half a character": b'{"title": "\\ud800"}',
    "a zero byte": VALID_BYTES.replace(b"F3", b"F\x00"),
    "a key twice": VALID_BYTES.replace(b' "label"', b' "id": "x",\n "label"'),
    "a long name": one_step(zero_is(sym("x" * 1_000_000))),
    "a long rational": one_step(zero_is(["rat", "1" * 1_000_000 + "/1"])),
    "deep terms": one_step(zero_is(nested(sym("x"), "recip", 300))),
    "wide terms": one_step(zero_is(["add", *[sym("x")] * 80_000])),
    "a great power": one_step(zero_is(["pow", total(12), 100])),
    "powers of powers": one_step(zero_is(["pow", ["pow", ["pow", sym("x"), 100], 100], 100])),
    "a long product": one_step(zero_is(["mul", *[total(4)] * 200])),
    "products of powers": one_step(zero_is(["mul", *(["pow", total(3, p), 9] for p in "abcdef")])),
    "a tower of means": one_step(zero_is(tower(9))),
    "powers of an inverse": inverse_powers(9),
    "a billion steps in a sum": one_step(
        zero_is(["sum", "i", ["ix", "", 1_000_000_000], ["num", ["ix", "i", 0]]])
    ),
    "a million steps in a sum": one_step(
        zero_is(["sum", "i", ["ix", "", 1_000_000], ["num", ["ix", "i", 0]]])
    ),
    "a step far away": VALID_BYTES.replace(b'"step":', b'"step":1000000'),
}  # fmt: skip


# Runs a command and writes its peak of memory, in KiB, to a file.  In a small process of its own:
# a child starts with the pages of its parent, which here are those of all tests so far.
MEASURE = """
import resource, subprocess, sys
path, *command = sys.argv[1:]
status = subprocess.run(command).returncode
with open(path, "w") as file:
    file.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(status)
"""


@pytest.mark.parametrize(
    ("program", "says"),
    [
        (["-O", "-I", checker.__file__], "REFUSED"),
        (["-m", "shrinkproof.export.recheck", "--seconds", "2"], '{"error":'),
    ],
    ids=["checker.py", "kernel"],
)
def test_files_made_to_hurt_get_one_line_each(program, says, tmp_path):
    paths = []
    for i, (name, raw) in enumerate(HURTFUL.items()):
        paths.append(tmp_path / f"{i} {name}.json")
        paths[-1].write_bytes(raw)
    started = time.monotonic()
    measured = [sys.executable, "-c", MEASURE, tmp_path / "peak", sys.executable]
    done = subprocess.run([*measured, *program, *paths], capture_output=True, text=True)
    assert done.stderr == ""
    assert done.returncode == 1
    lines = done.stdout.splitlines()[: len(HURTFUL)]
    assert [
        name for name, line in zip(HURTFUL, lines, strict=True) if not line.startswith(says)
    ] == []
    assert time.monotonic() - started < 240
    assert int((tmp_path / "peak").read_text()) < 1 << 20


def test_the_clock_stops_what_takes_too_long():
    with pytest.raises(OutOfTime), limited(1):
        while True:
            pass


def test_the_folder_of_this_test_is_no_certificate(tmp_path):
    done = subprocess.run(
        [sys.executable, Path(checker.__file__), tmp_path], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.parametrize(
    "module", [C, smt, solvers, solving, recheck, replaying, checker, verifying]
)
def test_no_outside_text_is_executed(module):
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call)]
    called = {getattr(n.func, "id", getattr(n.func, "attr", "")) for n in calls}
    assert not called & {"eval", "exec", "sympify", "parse_expr", "system", "import_module"}
    assert not any(k.arg == "shell" for n in calls for k in n.keywords)
    imported = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    assert not imported & {"pickle", "marshal", "shelve", "ctypes"}
