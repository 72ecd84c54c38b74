"""``formats`` and ``plan`` as a user meets them."""

import json
import re
from fractions import Fraction as Q

import pytest

from shrinkproof import library
from shrinkproof.bounds import evaluate_bound
from shrinkproof.cli import main
from shrinkproof.formats import FORMATS
from shrinkproof.quantizers import Rounding

PL = ["L=4", "c=1", "sigma2=1/2", "gap=1/4", "target=1/100", "d=30", "S=16"]
NONCONVEX = ["L=4", "sigma2=1/2", "Delta=1/4", "target=1/50", "d=30", "S=16"]


def run(capsys, *arguments):
    try:
        status = main(arguments)
    except SystemExit as stop:  # argparse
        status = stop.code
    out, err = capsys.readouterr()
    return status, out, err


def test_formats_has_a_row_for_every_format_and_rounding(capsys):
    status, out, err = run(capsys, "formats", "--json")
    rows = json.loads(out)
    assert (status, err) == (0, "")
    assert [(r["format"], r["rounding"]) for r in rows] == [
        (name, rounding.value) for name in FORMATS for rounding in Rounding
    ]
    for row in rows:
        for label in (row["lemma"], *row["theorems"]):
            assert library.result(label)
        assert 0 < Q(row["stepsize_factor"]) <= 1 < Q(row["steps_factor"]) < Q(11, 10)
        assert (row["noise_factor"] is None) == (Q(row["bias_floor"]) > 0)
        assert (row["rounding"] == "stochastic") == (Q(row["bias_floor"]) == 0)


def test_formats_known_row(capsys):
    status, out, _ = run(capsys, "formats")
    assert status == 0
    (row,) = [line for line in out.splitlines() if line.startswith("e4m3fn    nearest")]
    assert row.split() == [
        *("e4m3fn", "nearest", "4", "2^-4", "2^-6", "2^-9", "464", "Q4", "(R1)"),
        *("0.9965397", "+", "1/288", "sigma2", "1.0069551", "E1n,", "E1p"),
    ]


@pytest.mark.parametrize("arguments", [PL, NONCONVEX], ids=["pl", "nonconvex"])
def test_a_plan_is_what_bound_says(capsys, arguments):
    """The command ``bound``, at the stepsize and the K of a plan, gives at most the target."""
    status, out, err = run(capsys, "plan", *arguments, "--json")
    data = json.loads(out)
    assert (status, err, data["reached"]) == (0, "", True)
    given = {name: Q(text) for name, _, text in (a.partition("=") for a in arguments)}
    target, d, S = (given.pop(name) for name in ("target", "d", "S"))
    assert len(data["plans"]) == 1 + len(FORMATS) * len(Rounding)
    for row in data["plans"]:
        if not row["reached"]:
            assert Q(row["least_floor"]) >= target
            assert (row["stepsize"], row["K"]) == (None, None)
            continue
        more = {"u": Q(0)}
        if row["format"] != "exact":
            fmt = FORMATS[row["format"]]
            more = {"p": fmt.precision, "h": Q(str(fmt.subnormal_spacing)), "d": d, "S": S}
        values = {**given, **more, "mu": Q(row["stepsize"])}
        assert evaluate_bound(row["theorem"], {**values, "K": row["K"]}).value <= target
        assert evaluate_bound(row["theorem"], {**values, "K": row["K"] - 1}).value > target
        assert Q(row["stepsize"]) <= Q(row["largest_stepsize"])


def test_a_plan_for_one_format(capsys):
    status, out, _ = run(capsys, "plan", *PL, "--format", "e4m3fn", "--rounding", "stochastic")
    assert status == 0
    (row,) = [line for line in out.splitlines() if line.startswith("e4m3fn")]
    assert row.split() == [
        *("e4m3fn", "stochastic", "17/2048", "597", "72/289", "0", "E3p", "28"),
    ]


def test_exact_gradients_need_no_dimension(capsys):
    status, out, _ = run(capsys, "plan", *PL[:5], "--format", "exact", "--json")
    (row,) = json.loads(out)["plans"]
    assert (status, row["format"], row["largest_coordinate"]) == (0, "exact", None)


def test_a_target_below_the_floor_is_exit_status_1(capsys):
    below = [a if not a.startswith("target") else "target=1/2000" for a in PL]
    status, out, err = run(capsys, "plan", *below, "--format", "e4m3fn", "--rounding", "nearest")
    assert (status, err) == (1, "")
    assert "not reached" in out
    status, out, _ = run(capsys, "plan", *below, "--format", "e4m3fn", "--json")
    data = json.loads(out)
    assert status == 0  # stochastic rounding reaches it
    assert [row["reached"] for row in data["plans"]] == [False, False, True]


def test_numbers_of_any_size_are_printed(capsys):
    tiny = [a if not a.startswith("target") else "target=1e-5000" for a in NONCONVEX]
    only = ["--format", "float16", "--rounding", "stochastic"]
    status, out, _ = run(capsys, "plan", *tiny, *only)
    assert status == 0
    assert re.search(r"stochastic  \d+\*2\^-\d+ +[\d.]+e\+\d+ ", out)
    assert max(map(len, out.splitlines())) < 120
    (row,) = json.loads(run(capsys, "plan", *tiny, *only, "--json")[1])["plans"]
    assert row["K"] > 10**9999


def changed(**changes):
    values = dict(a.split("=") for a in PL) | changes
    return [f"{n}={v}" for n, v in values.items() if v is not None]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (changed(L=None), "missing L (smoothness)"),
        (changed(gap=None), "missing gap"),
        (changed(d=None), "missing d (dimension"),
        (changed(c=None), "missing Delta"),
        (changed(Delta="1"), "Delta does not go with these"),
        (changed(d="1/2"), "d = 1/2 is not a dimension"),
        (changed(d="0"), "d = 0 is not a dimension"),
        (changed(S="0"), "S = 0 is not positive"),
        (changed(L="-1"), "L = -1 is not positive"),
        (changed(target="0"), "target = 0 is not positive"),
        (changed(c="5"), "c is at most L"),
        (changed(c="0"), "c is positive"),
        (changed(sigma2="-1"), "sigma2 = -1 is negative"),
        (changed(gap="-1"), "gap = -1 is negative"),
        (changed(sigma2="nan"), "sigma2: 'nan' is not an exact number"),
        (changed(sigma2="1,2"), "sigma2 is one number, not a list of 2"),
        (changed(mu="1"), "unknown name mu"),
        ([*PL, "L=1"], "L is given twice"),
        ([*PL, "--format", "fp8"], "'fp8'"),
        ([*PL, "--rounding", "up"], "invalid choice: 'up'"),
    ],
)
def test_bad_input_gets_one_line_and_status_2(capsys, arguments, why):
    status, out, err = run(capsys, "plan", *arguments)
    assert status == 2
    assert out == ""
    assert why in err.splitlines()[-1]
    assert "Traceback" not in err
