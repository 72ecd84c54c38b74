import pytest

from shrinkproof.document import Document, Heading, Paragraph, Picture, Table

DOCUMENT = Document(
    title="A < B",
    blocks=(
        Heading("Part & parcel"),
        Paragraph("Run `a < b` now."),
        Table(header=("x", "y"), rows=(("1|2", "<b>"), ("3", "4"))),
        Picture(file="dot.png", png=b"\x89PNG", caption='a "dot"'),
    ),
)


def test_markdown():
    assert DOCUMENT.markdown() == (
        "# A < B\n\n## Part & parcel\n\nRun `a < b` now.\n\n"
        "| x | y |\n| --- | --- |\n| 1\\|2 | <b> |\n| 3 | 4 |\n\n"
        '![a "dot"](dot.png)\n'
    )


def test_html_escapes_and_embeds():
    page = DOCUMENT.html()
    assert "<title>A &lt; B</title>" in page
    assert "<h2>Part &amp; parcel</h2>" in page
    assert "<p>Run <code>a &lt; b</code> now.</p>" in page
    assert "<td>&lt;b&gt;</td>" in page
    assert '<img src="data:image/png;base64,iVBORw==" alt="a &quot;dot&quot;">' in page


def test_a_ragged_table_is_refused():
    with pytest.raises(ValueError, match="expected 2 cells"):
        Table(header=("x", "y"), rows=(("1",),))
