"""The PDF is archival, carries its data, reads right in Chinese and comes out the same again."""

import io
import shutil
import subprocess
from pathlib import Path

import pikepdf
import pytest

from landproof.render import FontsMissingError, pdf, render_json, render_pdf
from landproof.reporting import build_report
from tests.unit.reporting.invented import assessment

needs_fonts = pytest.mark.skipif(
    not all((pdf.FONTS / name).is_file() for name in pdf.FONT_FILES),
    reason="fonts not installed: run `make setup`",
)


@pytest.fixture(scope="module", params=["en", "zh"])
def made(request: pytest.FixtureRequest) -> tuple[str, bytes]:
    report = build_report(assessment())
    attached = {"findings.json": b"[]", "report.json": render_json(report, request.param).encode()}
    return request.param, render_pdf(report, request.param, attached)


@needs_fonts
def test_it_says_that_it_is_pdf_a_3a(made: tuple[str, bytes]) -> None:
    with pikepdf.open(io.BytesIO(made[1])) as document, document.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")


@needs_fonts
def test_it_is_tagged_titled_and_in_its_language(made: tuple[str, bytes]) -> None:
    with pikepdf.open(io.BytesIO(made[1])) as document:
        assert document.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in document.Root
        assert str(document.Root.Lang) == {"en": "en-GB", "zh": "zh-CN"}[made[0]]
        assert "Green Ear Foods" in str(document.docinfo["/Title"])
        assert 8 <= len(document.pages) <= 20


@needs_fonts
def test_the_data_sit_inside(made: tuple[str, bytes]) -> None:
    with pikepdf.open(io.BytesIO(made[1])) as document:
        assert sorted(document.attachments) == ["findings.json", "report.json"]
        inside = document.attachments["report.json"].get_file().read_bytes()
    assert inside.decode() == render_json(build_report(assessment()), made[0])


@needs_fonts
def test_the_same_report_gives_the_same_bytes() -> None:
    report = build_report(assessment())
    assert render_pdf(report, "zh", {"a.json": b"1"}) == render_pdf(report, "zh", {"a.json": b"1"})


@needs_fonts
def test_only_the_shipped_font_is_used(made: tuple[str, bytes]) -> None:
    with pikepdf.open(io.BytesIO(made[1])) as document:
        names = {
            str(font.BaseFont)
            for page in document.pages
            for font in (page.Resources.Font.values() if "/Font" in page.Resources else [])
        }
    assert names
    assert all("NotoSansSC" in name for name in names), names


@needs_fonts
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext not installed")
def test_the_text_can_be_taken_out_again(made: tuple[str, bytes], tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(made[1])
    ran = subprocess.run(["pdftotext", "-enc", "UTF-8", str(file), "-"], capture_output=True, check=True)  # noqa: S607
    text = "".join(ran.stdout.decode().split())
    wanted = {
        "en": ["绿穗食品", "44.6%ofagri-foodspendisprovable;4thingsblockyou.", "DCF-3.3-11"],
        "zh": ["绿穗食品", "农食支出的44.6%可证明；有4项障碍。", "每一环节均区分隔离", "科特迪瓦", "证据不足"],
    }[made[0]]
    for words in wanted:
        assert words in text


def test_without_fonts_the_error_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "FONTS", tmp_path)
    with pytest.raises(FontsMissingError, match="Run `make setup`"):
        render_pdf(build_report(assessment()), "en", {})
