"""The few gradients that decide a run decide it as all of them do."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shrinkproof.exact import from_float
from shrinkproof.formats import FORMATS
from shrinkproof.models import models, samples
from shrinkproof.quantizers import Quantizer, Rounding
from shrinkproof.whole_run import decisive, whole_run

# Around the normal range, midpoints and their neighbours, underflow, saturation, zero.
ENTRIES = (
    *(0.0, 1.0, 1.0625, 1.125, 1.1875, 1.25, 1.5, 1.75, -1.5, 3.0, 0.1, 1 / 3, -2 / 3),
    *(np.nextafter(1.125, 2), np.nextafter(1.25, 0), 2.0**-9, 2.0**-10, 2.0**-10 + 2.0**-40),
    *(3e-3, 1e-5, -1e-9, 447.0, 500.0, 1e9, 1e-200),
)
entries = st.sampled_from(ENTRIES) | st.floats(-2, 2, width=64) | st.floats(-1e-2, 1e-2)
quantizers = st.builds(
    Quantizer,
    st.sampled_from([FORMATS[name] for name in ("e4m3fn", "e2m1", "bfloat16")]),
    st.sampled_from(Rounding),
    scale=st.sampled_from((1, 16)),
)


@st.composite
def runs(draw):
    steps, trajectories, d = (draw(st.integers(1, n)) for n in (4, 3, 3))
    flat = draw(
        st.lists(entries, min_size=steps * trajectories * d, max_size=steps * trajectories * d)
    )
    return np.array(flat).reshape(steps, trajectories, d)


def judged_one_by_one(quantizer, gradients):
    exact = [[tuple(map(from_float, g)) for g in step] for step in gradients.tolist()]
    steps = [samples(quantizer, exact[0])]
    steps += [samples(quantizer, [g]) for step in exact[1:] for g in step]
    return models(steps)


@settings(max_examples=400, deadline=None)
@given(quantizers, runs())
def test_the_verdicts_are_those_on_all_gradients(quantizer, gradients):
    every, few = judged_one_by_one(quantizer, gradients), whole_run(quantizer, gradients)
    for one, other in zip(every.verdicts, few.verdicts, strict=True):
        assert (one.model, one.holds) == (other.model, other.holds)
        assert dict(one.constants) == dict(other.constants), one.model
        assert bool(one.reason) == bool(other.reason)


@pytest.mark.parametrize("rounding", Rounding)
@pytest.mark.parametrize("name", ["e4m3fn", "float16"])
def test_few_gradients_decide_a_long_run(name, rounding):
    quantizer = Quantizer(FORMATS[name], rounding)
    gradients = np.random.default_rng(0).standard_normal((200, 8, 5))
    assert len(decisive(quantizer, gradients.reshape(-1, 5), shared=8)) <= 12
    every, few = judged_one_by_one(quantizer, gradients), whole_run(quantizer, gradients)
    assert [dict(v.constants) for v in every.verdicts] == [dict(v.constants) for v in few.verdicts]


def test_reasons_name_the_place():
    gradients = np.full((3, 2, 2), 1.0)
    gradients[2, 1] = (1.0, 1.1)
    report = whole_run(Quantizer(FORMATS["e4m3fn"], Rounding.NEAREST), gradients)
    assert report["Q1"].reason == "step 2, trajectory 1: E Q(g) is no multiple of g"
    assert report["Q3"].reason == "step 2, trajectory 1: E Q(g) is not g"


def test_one_bad_coordinate_among_a_million_is_found():
    gradients = np.full((1000, 10, 100), 1.0)
    gradients[617, 3, 41] = 2.0**-11
    report = whole_run(Quantizer(FORMATS["e4m3fn"], Rounding.TOWARD_ZERO), gradients)
    assert not report["Q5"].holds
    assert report["Q5"].reason == "step 617, trajectory 3, coordinate 41: factor 0"
    assert report["Q5"].constants["q_max"] == 1


def test_a_factor_that_depends_on_the_sample_is_seen_where_the_past_is_shared():
    """1 stays 1 and 1.1 does not: no predictable factor at step 0, but one at later steps."""
    quantizer = Quantizer(FORMATS["e4m3fn"], Rounding.TOWARD_ZERO)
    first = np.array([[[1.0], [1.1]], [[1.0], [1.0]]])
    assert "depends on the sample" in whole_run(quantizer, first)["Q1"].reason
    assert whole_run(quantizer, first[::-1].copy())["Q1"].holds


def test_a_run_without_gradients_is_refused():
    with pytest.raises(ValueError, match="no samples"):
        whole_run(Quantizer(FORMATS["e4m3fn"], Rounding.NEAREST), np.empty((0, 2, 3)))
