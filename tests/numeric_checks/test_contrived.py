"""Contrived instances refute no theorem, and what is said to hold by construction does."""

from dataclasses import replace

import flint
import pytest
from flint import arb, fmpq

from shrinkproof import library
from shrinkproof.cells import Cell
from shrinkproof.construction import OF_OBJECTIVES, by_construction
from shrinkproof.contrived import SCENES, Scene, contrived
from shrinkproof.evaluation import Instance
from shrinkproof.exact import add
from shrinkproof.formats import FORMATS
from shrinkproof.ingredients import coin
from shrinkproof.objectives import Quadratic, RationalWells
from shrinkproof.oracles import Shifted
from shrinkproof.quantizers import Quantizer, Rounding
from shrinkproof.reading import read
from shrinkproof.spoiled import Pushed, refutes
from shrinkproof.theorems.coordinates import ORTHONORMAL
from shrinkproof.theorems.one_step import UPDATE
from shrinkproof.theorems.quadratic_lower_bound import QUADRATIC, QUADRATIC_GRADIENT
from shrinkproof.theorems.setting import (
    BOUNDED_BELOW,
    CONVEXITY,
    PL,
    SMOOTHNESS,
    STRONG_CONVEXITY,
    UNBIASED,
    VARIANCE,
)
from shrinkproof.verdicts import holds, unestablished_hypotheses, violated

RESULTS = library.results()
ROOTS = library.result("T2r").statement
(STEPSIZES,) = (h for h in ROOTS.hypotheses if h.name == "stepsizes")
NOISY = Scene(start=fmpq(1), steps=(fmpq(1, 2),) * 3, sampled=coin(fmpq(1)))


@pytest.mark.parametrize("result", RESULTS, ids=[r.label for r in RESULTS])
def test_no_scene_refutes_a_theorem(result):
    made = contrived(read(result.statement))
    assert [i for i, x in enumerate(made) if refutes(result.statement, x) is not None] == []


def test_a_scene_declares_what_it_is_told_to_and_no_more():
    reading = read(library.result("T1").statement)
    scene = Scene(start=fmpq(1), steps=(fmpq(1, 4),) * 2, declared={"L": fmpq(4)})
    instance = scene.instance(reading)
    assert set(instance.constants) == {*reading.constants, *reading.indices}
    assert (instance.constants["L"], instance.constants["K"]) == (4, 2)
    assert unestablished_hypotheses(reading.statement, instance) == []
    short = replace(scene, declared={"L": fmpq(1)}).instance(reading)
    assert unestablished_hypotheses(reading.statement, short) == ["smoothness"]


def test_epsilon_is_the_least_that_the_hypotheses_allow():
    reading = read(library.result("T8").statement)
    instance = Scene(start=fmpq(1), steps=(fmpq(1, 4),) * 2).instance(reading)
    assert instance.constants["epsilon"] == 4  # 2 Delta = K mu epsilon
    assert unestablished_hypotheses(reading.statement, instance) == []
    less = replace(instance, constants={**instance.constants, "epsilon": fmpq(399, 100)})
    assert unestablished_hypotheses(reading.statement, less) == ["enough_steps"]


def test_laws_that_grow_too_large_are_no_scene():
    reading = read(library.result("T1").statement)
    scene = Scene(steps=(fmpq(1, 10),) * 30, sampled=coin(fmpq(1)))
    assert scene.instance(reading) is None


def test_a_cell_can_be_stretched_shifted_and_replaced():
    quantizer = Quantizer(FORMATS["e2m1"], Rounding.STOCHASTIC)
    g, eps = (fmpq(5, 4),), ((fmpq(1, 4),),)
    cell = Cell(quantizer, (fmpq(8), fmpq(-1)), {"N": fmpq(7)})
    plain = {name: Cell(quantizer).number(name, g, eps) for name in "xahNZQB"}
    assert list(map(str, plain.values())) == ["5/4", "1", "1/2", "1", "1", "3/2", "1"]
    other = {name: cell.number(name, g, eps) for name in "xahNZQB"}
    assert list(map(str, other.values())) == ["9", "7", "4", "7", "7", "11", "1"]


# -- by construction -------------------------------------------------------------------------------


def test_irrational_stepsizes_leave_no_hypothesis_open():
    instance = NOISY.instance(read(ROOTS))
    assert not instance.is_exact
    for h in (UPDATE, UNBIASED, VARIANCE, STEPSIZES):
        assert h.prop in [h.prop for h in ROOTS.hypotheses]
        assert by_construction(instance, h.prop) is True
    assert unestablished_hypotheses(ROOTS, instance) == []


def test_what_is_exact_is_judged_by_its_numbers():
    instance = replace(NOISY, steps=(fmpq(1, 2),)).instance(read(ROOTS))
    assert instance.is_exact
    known = {h.name for h in ROOTS.hypotheses if by_construction(instance, h.prop) is not None}
    assert known == {"smoothness", "bounded_below"}  # these are about all points
    assert all(holds(instance, h.prop) for h in ROOTS.hypotheses)


def test_stepsizes_that_are_others_are_not_by_construction():
    instance = NOISY.instance(read(ROOTS))
    first, second, third = instance.process.stepsizes
    with flint.ctx.workprec(2048):
        nearly = second + arb(2) ** -1000
    for moved in (nearly, third):
        steps = (first, moved, third)
        other = replace(instance, process=replace(instance.process, stepsizes=steps))
        assert by_construction(other, STEPSIZES.prop) is False
        assert "stepsizes" in unestablished_hypotheses(ROOTS, other)


def test_what_is_built_otherwise_is_not_by_construction():
    instance = NOISY.instance(read(ROOTS))
    process = instance.process
    biased = replace(process, oracle=Shifted(process.oracle, (fmpq(1),)))
    parts = (process.oracle, process.start, process.stepsizes, process.shrinkage, process.noise)
    small = {**instance.constants, "sigma2": fmpq(1, 2)}
    for prop, other in (
        (UNBIASED.prop, replace(instance, process=biased)),
        (UPDATE.prop, replace(instance, process=Pushed(*parts))),
        (VARIANCE.prop, replace(instance, constants=small)),
    ):
        assert by_construction(other, prop) is False
        assert not holds(other, prop)


SINGULAR = Quadratic(eigenvalues=(2, 0), minimiser=(0, 3), minimum=1)
BOWL, WELLS = Quadratic(eigenvalues=(2,), minimiser=(0,)), RationalWells(depths=(3,), centre=(0,))


@pytest.mark.parametrize(
    ("hypothesis", "objective", "constants", "verdict"),
    [
        (SMOOTHNESS, BOWL, {"L": 2}, True),
        (SMOOTHNESS, BOWL, {"L": -2}, True),  # its square counts
        (SMOOTHNESS, BOWL, {"L": fmpq(199, 100)}, False),
        (SMOOTHNESS, WELLS, {"L": 6}, True),
        (SMOOTHNESS, WELLS, {"L": 5}, False),
        (STRONG_CONVEXITY, BOWL, {"c": 2}, True),
        (STRONG_CONVEXITY, BOWL, {"c": fmpq(201, 100)}, False),
        (STRONG_CONVEXITY, SINGULAR, {"c": 0}, True),
        (STRONG_CONVEXITY, SINGULAR, {"c": fmpq(1, 100)}, False),
        (STRONG_CONVEXITY, WELLS, {"c": -6}, True),
        (STRONG_CONVEXITY, WELLS, {"c": 0}, False),
        (CONVEXITY, SINGULAR, {}, True),
        (CONVEXITY, WELLS, {}, False),
        (BOUNDED_BELOW, SINGULAR, {"F_inf": 1}, True),
        (BOUNDED_BELOW, SINGULAR, {"F_inf": fmpq(101, 100)}, False),
        (PL, SINGULAR, {"c": 2, "F_star": 1}, True),
        (PL, SINGULAR, {"c": 2, "F_star": 5}, True),
        (PL, SINGULAR, {"c": 2, "F_star": fmpq(99, 100)}, False),
        (PL, SINGULAR, {"c": 3, "F_star": 1}, False),
        (PL, SINGULAR, {"c": -1, "F_star": 1}, True),
        (PL, SINGULAR, {"c": -1, "F_star": 2}, False),
        (PL, WELLS, {"c": 1, "F_star": 0}, False),
        (PL, WELLS, {"c": 0, "F_star": 0}, True),
        (QUADRATIC, BOWL, {"c": 2, "F_star": 0}, True),
        (QUADRATIC, BOWL, {"c": 2, "F_star": 1}, False),
        (QUADRATIC, SINGULAR, {"c": 2, "F_star": 1}, False),
        (QUADRATIC_GRADIENT, BOWL, {"c": 2}, True),
        (QUADRATIC_GRADIENT, WELLS, {"c": 6}, False),
        (ORTHONORMAL, SINGULAR, {"d": 2}, True),
        (ORTHONORMAL, SINGULAR, {"d": 1}, False),
    ],
)
def test_what_objectives_are_is_not_read_off_points(hypothesis, objective, constants, verdict):
    """The points tried here are few and far away, so that nothing fails there."""
    far = tuple((fmpq(x),) * objective.dimension for x in (100, 101))
    fixed = {"w_star": (fmpq(0),) * objective.dimension}
    given = {n: x if n == "d" else fmpq(x) for n, x in constants.items()}
    instance = Instance(given, objective, None, far, fixed)
    assert by_construction(instance, hypothesis.prop) is verdict
    if verdict:
        assert violated(instance, hypothesis.prop) is False
        assert holds(instance, hypothesis.prop)
    else:
        assert violated(instance, hypothesis.prop) is not False


def test_every_hypothesis_about_all_points_is_known():
    """Another one would be judged at a few points, and a mutant refuted wrongly."""
    hypotheses = [h for r in RESULTS for h in r.statement.hypotheses]
    about_points = [h for h in hypotheses if h.prop.op == "forall" and h.prop[1].op == "sym"]
    assert {h.name for h in about_points if h.prop not in OF_OBJECTIVES} == set()
    assert {h.prop for h in about_points} == set(OF_OBJECTIVES)


def test_a_bound_that_holds_at_the_points_alone_refutes_nothing():
    """F_inf = 1 is no lower bound of w^2, though it is one at 1, 2 and -7."""
    statement = library.result("F2").statement
    instance = Scene(start=fmpq(1), declared={"F_inf": fmpq(1)}).instance(read(statement))
    assert all(holds(instance, h.prop) for h in statement.hypotheses)
    assert not holds(instance, statement.conclusion)
    assert unestablished_hypotheses(statement, instance) == ["bounded_below"]
    assert refutes(statement, instance) is None


def test_a_pushed_process_leaves_its_recursion_where_it_should():
    instance = NOISY.instance(read(library.result("T1").statement))
    process = instance.process
    parts = (process.oracle, process.start, process.stepsizes, process.shrinkage, process.noise)
    far = (fmpq(100),)
    assert Pushed(*parts, at_start=True).initial == (add(process.start, far),)
    pushed = Pushed(*parts)
    assert pushed.initial == process.initial
    assert [x for _, (x,) in pushed.law(1)] == [add(x, far) for _, (x,) in process.law(1)]


def test_every_scene_is_an_instance_of_something():
    readings = [read(r.statement) for r in RESULTS]
    for i, scene in enumerate(SCENES):
        assert any(scene.instance(reading) is not None for reading in readings), i
