import numpy as np
import pytest

from shrinkproof.figures import BLUE, GREEN, Panel, Ridge, convergence_figure, shrinkage_figure

STEPS = (1, 2, 4, 8)


def panel(title, bound=()):
    spread = np.random.default_rng(0).random((4, 5))
    return Panel(title=title, steps=STEPS, suboptimality=np.exp(-spread), bound=bound)


def convergence():
    panels = [panel("one"), panel("two", bound=(1.0, 0.5, 0.2, 0.1)), panel("three")]
    return convergence_figure(panels, columns=2, reference=panel("plain"), title="Three")


def shrinkage():
    q = 1 + 0.1 * np.random.default_rng(0).standard_normal((50, 4))
    ridges = [Ridge(group=g, label=b, values=q, colour=BLUE) for g in "AB" for b in "xy"]
    constant = Ridge(group="C", label="nothing left", values=np.zeros((5, 2)), colour=GREEN)
    return shrinkage_figure([*ridges, constant], title="Factors")


@pytest.mark.parametrize("draw", [convergence, shrinkage])
def test_figures_are_pngs_and_reproducible(draw):
    png = draw()
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert png == draw()
