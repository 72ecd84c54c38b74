"""For all tests: what the kernel remembers of terms is forgotten after every file.

A run of the command line ends long before that matters; the tests make millions of terms in one
process, which would hold gigabytes at the end.
"""

import functools
import gc
import importlib

import pytest

OF_TERMS = tuple(
    f"shrinkproof.{name}" for name in ("kernel.term", "kernel.normal", "sharp", "contrived")
)


@pytest.fixture(scope="session")
def memories():
    for name in OF_TERMS:
        importlib.import_module(name)
    caches = [x for x in gc.get_objects() if isinstance(x, functools._lru_cache_wrapper)]
    found = [f for f in caches if f.__wrapped__.__module__ in OF_TERMS]
    names = {f.__wrapped__.__name__ for f in found}
    assert names >= {"free", "normal", "sharp_instances", "contrived"}
    return found


@pytest.fixture(scope="module", autouse=True)
def forget(memories):
    yield
    for f in memories:
        f.cache_clear()
