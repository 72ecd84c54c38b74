"""The report's figures, as PNG bytes: measured suboptimality against its bound, and q_k.

Colours are Okabe and Ito's, which stay apart for colour-blind readers; lines differ in style
as well.  Drawn with matplotlib's Agg canvas, without global state; equal data give equal bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from shrinkproof.quantizers import FloatArray

BLUE, VERMILLION, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#E69F00", "#009E73", "#7A7F85"
_STYLE: Any = {  # Any: matplotlib types the keys as a long Literal, in some versions
    "font.size": 8.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#9AA0A6",
    "axes.titlesize": 8.5,
    "axes.titlelocation": "left",
    "xtick.color": "#3C4043",
    "ytick.color": "#3C4043",
    "legend.frameon": False,
}
_DPI = 150
_BINS = 160


@dataclass(frozen=True, kw_only=True, eq=False)
class Panel:
    """One run.  steps: n of them; suboptimality: shape (n, T); bound: n values, or none."""

    title: str
    steps: tuple[int, ...]
    suboptimality: FloatArray
    bound: tuple[float, ...] = ()


def convergence_figure(
    panels: Sequence[Panel], *, columns: int, reference: Panel, title: str
) -> bytes:
    """Small multiples with shared logarithmic axes; the mean of `reference` in each, in grey."""
    rows = -(-len(panels) // columns)
    with rc_context(_STYLE):
        figure = Figure(figsize=(9.2, 1.1 + 1.75 * rows), dpi=_DPI, layout="constrained")
        grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        for axes, panel in zip(grid.flat, panels, strict=False):
            _draw_panel(axes, panel, reference)
        for axes in grid.flat[len(panels) :]:
            axes.set_axis_off()
        first: Axes = grid[0, 0]
        first.set_xscale("log", base=2)
        first.set_yscale("log")
        first.xaxis.set_major_locator(FixedLocator([float(s) for s in reference.steps[::3]]))
        first.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
        first.xaxis.set_minor_locator(NullLocator())
        figure.suptitle(title, x=0.01, ha="left", fontsize=10.5, fontweight="bold")
        figure.supxlabel("step K", fontsize=9)
        figure.supylabel("suboptimality F(w_K) − F* (nats)", fontsize=9)
        drawn = [zip(*axes.get_legend_handles_labels(), strict=True) for axes in grid.flat]
        handles = {label: line for pairs in drawn for line, label in pairs}
        figure.legend(
            list(handles.values()), list(handles), loc="outside upper right", ncols=len(handles)
        )
        return _png(figure)


def _draw_panel(axes: Axes, panel: Panel, reference: Panel) -> None:
    low, high = np.quantile(panel.suboptimality, [0.1, 0.9], axis=1)
    axes.fill_between(panel.steps, low, high, color=BLUE, alpha=0.22, linewidth=0)
    axes.plot(panel.steps, panel.suboptimality.mean(axis=1), color=BLUE, label="measured mean")
    axes.plot(
        reference.steps,
        reference.suboptimality.mean(axis=1),
        color=GREY,
        linewidth=1,
        linestyle=(0, (1, 1.6)),
        label="float64, q = 1",
    )
    if panel.bound:
        axes.plot(
            panel.steps, panel.bound, color=VERMILLION, linestyle=(0, (5, 2)), label="proved bound"
        )
    else:
        axes.text(
            0.03,
            0.06,
            "no bound: may saturate",
            transform=axes.transAxes,
            fontsize=7.5,
            color=GREY,
        )
    axes.set_title(panel.title)
    axes.grid(axis="y", color="#E6E9ED", linewidth=0.6)


@dataclass(frozen=True, kw_only=True, eq=False)
class Ridge:
    """The factors q of one run, of any shape: its group (the format), label and colour."""

    group: str
    label: str
    values: FloatArray
    colour: str


def shrinkage_figure(ridges: Sequence[Ridge], *, title: str) -> bytes:
    """A histogram for each ridge, one pair of axes per group, q = 1 marked and in the centre."""
    groups = [(name, list(members)) for name, members in groupby(ridges, lambda r: r.group)]
    with rc_context(_STYLE):
        size = (9.2, 0.7 + 0.4 * len(ridges) + 0.35 * len(groups))
        figure = Figure(figsize=size, dpi=_DPI, layout="constrained")
        grid = figure.subplots(len(groups), 1, squeeze=False)
        for axes, (name, members) in zip(grid.flat, groups, strict=True):
            _draw_ridges(axes, name, members)
        grid.flat[-1].set_xlabel(
            "q = ⟨Q(g), g⟩ / ‖g‖²  (each format has its own range)", fontsize=9
        )
        figure.suptitle(title, x=0.01, ha="left", fontsize=10.5, fontweight="bold")
        return _png(figure)


def _draw_ridges(axes: Axes, name: str, ridges: Sequence[Ridge]) -> None:
    reach = 1.04 * max(float(np.abs(ridge.values - 1).max()) for ridge in ridges)
    edges = np.linspace(1 - reach, 1 + reach, _BINS + 1)
    for i, ridge in enumerate(ridges):
        counts, _ = np.histogram(ridge.values, edges)
        top = 0.88 * counts / counts.max() - i
        axes.stairs(top, edges, baseline=-i, fill=True, color=ridge.colour, alpha=0.8)
        axes.axhline(-i, color="#D5DAE0", linewidth=0.5, zorder=0)
    axes.axvline(1, color="#1b1f24", linewidth=0.8)
    axes.set_xlim(edges[0], edges[-1])
    axes.set_ylim(1 - len(ridges), 1)
    axes.set_yticks([0.3 - i for i in range(len(ridges))], [ridge.label for ridge in ridges])
    axes.tick_params(axis="y", length=0)
    axes.ticklabel_format(axis="x", useOffset=False)
    axes.spines["left"].set_visible(False)
    axes.set_title(name, fontweight="bold")


def _png(figure: Figure) -> bytes:
    buffer = BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()
