"""The counterexample to sample-dependent shrinkage, and that it is one."""

import subprocess
import sys
from dataclasses import replace

import pytest
from flint import fmpq

from shrinkproof.counterexamples import COUNTEREXAMPLES, seeing_the_sample
from shrinkproof.evaluation import OnInstance
from shrinkproof.kernel import ProofError, instantiate
from shrinkproof.language.symbols import E, equal, past
from shrinkproof.process import Scheduled
from shrinkproof.theorems import pl_predictable, shrunken_moments
from shrinkproof.theorems.setting import F, g, k, q_of_sample, w

C1 = COUNTEREXAMPLES[0]


def test_it_refutes_the_statement_without_predictability():
    assert C1.refutes()
    assert C1.slack().value == fmpq(-57, 6400)


def test_the_expected_step_goes_uphill():
    evaluator = OnInstance(C1.instance)
    assert evaluator.vector(E(g[0])) == (1,)
    assert evaluator.vector(E(q_of_sample[0] * g[0])) == (fmpq(-1, 8),)
    assert evaluator.scalar(E(F(w[1]))) > evaluator.scalar(E(F(w[0])))


def test_the_same_instance_with_a_scheduled_factor_refutes_nothing():
    process = replace(C1.instance.process, shrinkage=Scheduled((fmpq(1, 4),)))
    tame = replace(C1, instance=replace(C1.instance, process=process))
    assert not tame.refutes()


def test_an_instance_that_breaks_a_hypothesis_is_no_counterexample():
    lying = replace(C1.instance, constants={**C1.instance.constants, "sigma2": fmpq(1)})
    assert not replace(C1, instance=lying).refutes()


def test_its_script_runs(tmp_path):
    path = tmp_path / "c1.py"
    path.write_text(C1.script())
    run = subprocess.run([sys.executable, path], capture_output=True, text=True, check=True)
    assert "conclusion Slack(value=-57/6400" in run.stdout


def test_the_kernel_refuses_the_step_that_would_need_it():
    """A predictable q_k does not become a sample-dependent one."""
    theorem = pl_predictable.prove()[0]
    with pytest.raises(ProofError, match="instantiate: 'q' is declared 'past'"):
        instantiate(theorem, {"q": ("k", q_of_sample[k])})


def test_the_mean_of_the_shrunken_gradient_is_not_the_shrunken_mean():
    weak = seeing_the_sample(shrunken_moments.STATEMENT)
    claim = equal(E(q_of_sample[k] * g[k], past(k)), E(q_of_sample[k], past(k)) * F.grad(w[k]))
    evaluator = OnInstance(C1.instance)
    evaluator.values["k"] = 0
    assert evaluator.slack(claim).value < 0
    assert weak != shrunken_moments.STATEMENT
