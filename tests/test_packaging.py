"""The package as a user gets it: one namespace, one version, a wheel that has everything."""

import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
from pathlib import Path

import pytest

from shrinkproof import library
from shrinkproof.counterexamples import COUNTEREXAMPLES
from shrinkproof.version import __version__

ROOT = Path(__file__).parent.parent
SOURCES = ("symbolic", "proofs", "numeric_checks")
MODULES = sorted(
    ".".join(path.relative_to(ROOT / source).with_suffix("").parts).removesuffix(".__init__")
    for source in SOURCES
    for path in (ROOT / source / "shrinkproof").rglob("*.py")
)


def test_no_source_root_hides_the_others():
    """An __init__.py directly in a shrinkproof folder would end the namespace there."""
    assert not [s for s in SOURCES if (ROOT / s / "shrinkproof" / "__init__.py").exists()]


def test_no_module_is_defined_by_two_roots():
    assert len(MODULES) == len(set(MODULES))


def test_imports_run_one_way():
    """symbolic <- theorems <- numeric checks <- command line."""
    own = {
        source: {
            path.relative_to(ROOT / source / "shrinkproof").parts[0].removesuffix(".py")
            for path in (ROOT / source / "shrinkproof").rglob("*.py")
        }
        for source in SOURCES
    }
    # The front door may open every room: the command line, and what it says from several rooms.
    front = {"cli", "commands", "showing", "advice", "checking", "claims"}
    forbidden = {"symbolic": own["proofs"] | own["numeric_checks"], "proofs": own["numeric_checks"]}
    for source, names in forbidden.items():
        for path in (ROOT / source / "shrinkproof").rglob("*.py"):
            if path.stem in front:
                continue
            found = set(re.findall(r"from shrinkproof\.(\w+)", path.read_text()))
            assert not found & names, f"{path} imports {found & names}"


def test_the_version_is_written_once_and_cited_right():
    cff = (ROOT / "CITATION.cff").read_text()
    assert re.search(r"^version: (.*)$", cff, re.MULTILINE)[1] == __version__
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text()
    assert "version" in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dynamic"]


def test_every_dependency_has_a_floor_and_a_reason():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    reasons = (ROOT / "CONTRIBUTING.md").read_text()
    extras = project["optional-dependencies"]
    for requirement in [*project["dependencies"], *extras["test"], *extras["dev"]]:
        name = re.match(r"[A-Za-z0-9_-]+", requirement)[0]
        if name != "shrinkproof":
            assert ">=" in requirement, requirement
            assert f"`{name}`" in reasons, name


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """A fresh environment with the wheel built from the sdist, and only it."""
    folder = tmp_path_factory.mktemp("package")
    # sdist first, then the wheel from it: that is what `build` does when it is given neither flag.
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder / "dist", ROOT],
        check=True,
        capture_output=True,
    )
    (wheel,) = (folder / "dist").glob("*.whl")
    venv.create(folder / "env", with_pip=False)
    python = folder / "env" / "bin" / "python"
    query = "import sysconfig; print(sysconfig.get_path('purelib'))"
    run = subprocess.run([python, "-c", query], check=True, capture_output=True, text=True)
    site = Path(run.stdout.strip())
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    # Newer Pythons' pip names its own upgrade on standard error; only its exit status counts.
    subprocess.run([*install, "--target", site, wheel], check=True, capture_output=True)
    # Dependencies come from here, behind the fresh site: read-only, and no network is needed.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder, python, site


def test_everything_imports_from_the_wheel_alone(fresh):
    folder, python, site = fresh
    script = "\n".join(
        ["import importlib"] + [f"print(importlib.import_module({m!r}).__file__)" for m in MODULES]
    )
    run = subprocess.run(
        [python, "-I", "-c", script], check=True, capture_output=True, text=True, cwd=folder
    )
    files = run.stdout.splitlines()
    assert len(files) == len(MODULES)
    assert all(Path(f).is_relative_to(site) for f in files if f != "None")


def test_the_installed_command_verifies_the_library(fresh):
    folder, python, _ = fresh
    code = "import sys; from shrinkproof.cli import main; sys.exit(main(['verify']))"
    run = subprocess.run(
        [python, "-I", "-c", code], check=True, capture_output=True, text=True, cwd=folder
    )
    count = len(library.results()) + len(COUNTEREXAMPLES)
    assert f"{count} of {count} verified" in run.stdout


def test_the_wheel_carries_its_license_and_entry_point(fresh):
    _, _, site = fresh
    (info,) = site.glob("shrinkproof-*.dist-info")
    assert (info / "licenses" / "LICENSE").is_file()
    assert "shrinkproof = shrinkproof.cli:main" in (info / "entry_points.txt").read_text()
