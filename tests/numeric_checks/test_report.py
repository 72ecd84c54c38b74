import csv
from base64 import b64decode
from fractions import Fraction
from functools import partial
from html.parser import HTMLParser

import pytest

from shrinkproof import report, training_sections
from shrinkproof.exact import vector
from shrinkproof.experiments import SYNTHETIC, measure, rounded_rules
from shrinkproof.formats import FORMATS
from shrinkproof.models import models, samples
from shrinkproof.quantizers import Quantizer, Rounding
from shrinkproof.report import write_report
from shrinkproof.training_sections import short_up

VERIFIED = {
    "id": "pl-scheduled",
    "label": "T3",
    "title": "A | title",
    "verified": True,
    "digest": "0123456789abcdef" * 4,
}
CHECKED = {"id": "pl-scheduled", "label": "T3", "examples": 7, "held": True, "smallest_ratio": 1.5}
CLAIMED = {
    "claim": "It is slower.",
    "verdict": "holds under a further hypothesis",
    "under": "q < 1",
    "evidence": [
        {"id": "LB", "kind": "theorem", "verified": True},
        {"id": "T99", "kind": "theorem", "verified": False},
        {"id": "A1 at q = 1/2", "kind": "value", "verified": True},
        {"id": "A1 at q = 2", "kind": "value", "verified": False},
    ],
    "words": "So it is.",
}
NAMES = {
    "report.md",
    "report.html",
    "results.csv",
    "shrinkage.csv",
    "format-convergence.png",
    "shrinkage-convergence.png",
    "shrinkage-factors.png",
}


@pytest.fixture(scope="module")
def quick():
    """The same report on shorter runs."""
    with pytest.MonkeyPatch.context() as patch:
        shorter = partial(measure, recorded=(1, 4, 16, 64), trajectories=6)
        patch.setattr(report, "measure", shorter)
        yield


@pytest.fixture(scope="module")
def written(quick, tmp_path_factory):
    out = tmp_path_factory.mktemp("new") / "folder" / "report"
    said = []
    rows = {"verification": [VERIFIED], "checks": lambda: [CHECKED], "claims": [CLAIMED]}
    summary = write_report(out, **rows, progress=said.append)
    return out, summary, said


class Page(HTMLParser):
    """Collects what a browser would load, and checks that tags are closed in order."""

    def __init__(self, text):
        super().__init__()
        self.loaded, self.open, self.misplaced = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.loaded += [value for name, value in attrs if name in ("src", "href", "srcset")]
        if tag in ("script", "link", "iframe"):
            self.misplaced.append(tag)
        if tag not in ("meta", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if self.open.pop() != tag:
            self.misplaced.append(tag)


def test_every_file_is_complete_and_nothing_else_is_left(written):
    out, summary, _ = written
    assert {path.name for path in out.iterdir()} == NAMES
    assert set(summary.files) == {out / name for name in NAMES}
    assert all(path.stat().st_size for path in summary.files)


def test_the_page_is_self_contained(written):
    out, _, _ = written
    text = (out / "report.html").read_text(encoding="utf-8")
    page = Page(text)
    assert page.open == page.misplaced == []
    assert len(page.loaded) == 3
    pictures = {b64decode(source.removeprefix("data:image/png;base64,")) for source in page.loaded}
    assert pictures == {path.read_bytes() for path in out.glob("*.png")}
    assert "://" not in text  # the alphabet of base64 has no colon
    assert "@import" not in text and "url(" not in text


def test_both_texts_print_the_rows_and_name_the_command(written):
    out, summary, _ = written
    for name in ("report.md", "report.html"):
        text = (out / name).read_text(encoding="utf-8")
        assert "shrinkproof reproduce --seed 0 --out report" in text
        assert "0123456789abcdef" in text
        assert "1 of 1 verified" in text
        assert "1 of 1 held" in text
        assert "holds under a further hypothesis: q" in text
        assert "LB; NOT T99; NOT A1 at q = 2; 1 exact value" in text
        judged = sum(bool(outcome.bounds) for outcome in summary.outcomes)
        assert f"0 of {judged} proved bounds contradicted" in text
        assert "are inside the paper" in text
        assert "1, exactly" in text
        for run in (*SYNTHETIC, *rounded_rules()):
            assert run in text
    for picture in out.glob("*.png"):
        assert f"]({picture.name})" in (out / "report.md").read_text(encoding="utf-8")


def test_the_tables_of_results_are_complete(written):
    out, summary, _ = written
    with (out / "results.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 4 * len(summary.outcomes) == 4 * len({**SYNTHETIC, **rounded_rules()})
    for row in rows:
        assert 0 <= float(row["mean"]) < 1
        assert not row["bound"] or float(row["mean"]) <= float(row["bound"])
    with (out / "shrinkage.csv").open(encoding="utf-8", newline="") as file:
        factors = {row["run"]: row for row in csv.DictReader(file)}
    assert factors["q = 1/2"]["q_least"] == factors["q = 1/2"]["q_greatest"] == "0.5"
    assert float(factors["e4m3fn, nearest"]["q_greatest"]) > 1
    assert factors["e4m3fn, nearest"]["theorem"] == "E1p"
    assert factors["bfloat16, stochastic"]["theorem"] == "E3p"
    assert factors["e2m1, nearest"]["theorem"] == ""


def test_equal_seeds_give_equal_bytes(quick, written, tmp_path):
    out, _, _ = written
    rows = {"verification": [VERIFIED], "checks": lambda: [CHECKED], "claims": [CLAIMED]}
    write_report(tmp_path / "report", **rows)
    for name in NAMES:
        assert (tmp_path / "report" / name).read_bytes() == (out / name).read_bytes()


def test_progress_and_verdict(written):
    _, summary, said = written
    assert summary.holds
    assert len(said) == len(summary.outcomes) + 2  # and the checks, and the writing


def test_failures_are_told(quick, tmp_path):
    broken = [VERIFIED | {"verified": False}]
    summary = write_report(
        tmp_path,
        verification=broken,
        checks=lambda: [CHECKED | {"held": False, "script": "print(1)"}],
    )
    assert not summary.holds
    assert summary.failed == ("pl-scheduled", "pl-scheduled")
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "0 of 1 verified" in text
    assert "| NO |" in text
    assert "print(1)" not in text


def test_short_decimals_are_rounded_up():
    shown = [short_up(Fraction(text)) for text in ("1/3", "9.999", "0.00123401", "22.4453")]
    assert shown == ["0.334", "10", "1.24e-3", "22.5"]


def test_what_happens_rarely_is_not_shown_as_never():
    shown = [training_sections._share(x) for x in (0.0, 1e-7, 0.44021)]
    assert shown == ["0.00%", "< 0.01%", "44.02%"]


def test_a_relative_error_that_no_theorem_can_use_is_marked():
    quantizer = Quantizer(FORMATS["e2m1"], Rounding.NEAREST)
    lost = models([samples(quantizer, [vector(["1/8"])])])
    assert training_sections._relative_error(lost) == "1, but theorems need u < 1"
    kept = models([samples(quantizer, [vector(["5/4"])])])
    assert training_sections._relative_error(kept) == "0.2"
