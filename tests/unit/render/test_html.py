"""One HTML file that asks nothing of the network."""

import re
from html.parser import HTMLParser

import pytest

from landproof.render import render_html
from landproof.reporting import build_report
from tests.unit.reporting.invented import assessment

LANGUAGES = ("en", "zh")
VOID = {"meta", "br", "link", "img", "hr", "input"}


class Page(HTMLParser):
    """Collects what a test asks about; fails on a tag that is not closed in order."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(source)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] != "style":
            self.text.append(data)

    def values(self, attribute: str) -> list[str]:
        return [value for _, attributes in self.tags if (value := attributes.get(attribute))]


@pytest.fixture(scope="module", params=LANGUAGES)
def page(request: pytest.FixtureRequest) -> tuple[str, str, Page]:
    html = render_html(build_report(assessment()), request.param)
    return request.param, html, Page(html)


def test_the_page_parses_and_says_its_language(page: tuple[str, str, Page]) -> None:
    language, _, parsed = page
    html = next(attributes for tag, attributes in parsed.tags if tag == "html")
    assert html["lang"] == {"en": "en", "zh": "zh-Hans"}[language]


def test_nothing_is_fetched_from_anywhere(page: tuple[str, str, Page]) -> None:
    _, html, parsed = page
    assert "http:" not in html
    assert "https:" not in html
    assert not [tag for tag, _ in parsed.tags if tag in ("script", "link", "img", "iframe", "object")]
    assert all(target.startswith("#") for target in parsed.values("href"))
    assert not parsed.values("src")
    assert "@import" not in html
    assert "@font-face" not in html


def test_the_policy_allows_the_one_style_and_nothing_else(page: tuple[str, str, Page]) -> None:
    _, _, parsed = page
    policy = next(a["content"] for _, a in parsed.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert not parsed.values("style")  # an inline style would be blocked


def test_links_lead_somewhere_and_anchors_are_unique(page: tuple[str, str, Page]) -> None:
    _, _, parsed = page
    anchors = parsed.values("id")
    assert len(anchors) == len(set(anchors))
    assert {target[1:] for target in parsed.values("href")} <= set(anchors)


def test_every_chart_has_a_table_twin_and_a_description(page: tuple[str, str, Page]) -> None:
    _, html, _ = page
    figures = re.findall(r"<figure>.*?</figure>", html, re.S)
    assert len(figures) == 4
    for figure in figures:
        assert "<svg" in figure
        assert "<desc" in figure
        assert re.search(r"<details class=\"twin\">.*<table ", figure, re.S)


def test_what_is_read_aloud_is_plain_text(page: tuple[str, str, Page]) -> None:
    _, _, parsed = page
    said = parsed.values("aria-label") + parsed.values("data-label")
    assert len(said) > 100
    assert not [each for each in said if "<" in each or "&" in each]


def test_on_a_narrow_screen_each_cell_says_its_column(page: tuple[str, str, Page]) -> None:
    _, html, parsed = page
    assert all(attributes.get("data-label") for tag, attributes in parsed.tags if tag == "td")
    # Rows are drawn as blocks there, so they say themselves what they are.
    roles = {tag: {a.get("role") for t, a in parsed.tags if t == tag} for tag in ("table", "tr", "td")}
    assert roles == {"table": {"table"}, "tr": {"row"}, "td": {"cell"}}
    assert "content: attr(data-label)" in html


def test_everything_that_scrolls_or_opens_is_reached_by_the_keyboard(page: tuple[str, str, Page]) -> None:
    _, _, parsed = page
    scrolling = [a for _, a in parsed.tags if a.get("class") in ("scroll", "drawing")]
    assert scrolling
    assert all(a.get("tabindex") == "0" and a.get("aria-label") for a in scrolling)
    assert not [a for _, a in parsed.tags if int(a.get("tabindex") or 0) > 0]


def test_status_is_never_colour_alone(page: tuple[str, str, Page]) -> None:
    _, html, _ = page
    badges = re.findall(r"<span class=['\"]outcome [a-z-]+['\"]>(.*?)</span>([^<]+)</span>", html)
    assert len(badges) > 100
    for sign, word in badges:
        assert sign.split(">")[-1] in "✓×?–i"
        assert word.strip()


def test_numbers_open_to_their_proof(page: tuple[str, str, Page]) -> None:
    language, html, _ = page
    assert "446,000" in html  # the exact part of the headline
    label = {"en": "Ledger rows", "zh": "台账行"}[language]
    assert f"<dt>{label}</dt>" in html
    assert 'id="finding-DCF-3.1-1-4"' in html


def test_what_people_wrote_is_escaped() -> None:
    html = render_html(build_report(assessment(company="<script>alert(1)</script> & Co")), "en")
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_both_languages_show_the_same_numbers_and_findings() -> None:
    report = build_report(assessment())
    seen: list[tuple[list[str], list[str]]] = []
    for language in LANGUAGES:
        html = render_html(report, language)
        shares = re.findall(r"<span class='number'>(\d+\.\d+)\u00a0?%", html)
        assert "44.6" in shares
        seen.append((sorted(set(re.findall(r"id=['\"](finding-[^'\"]+)", html))), sorted(shares)))
    assert seen[0] == seen[1]


def test_a_chinese_page_has_no_english_sentence_left() -> None:
    # Reasons of invented rules have no translation, so findings that simply hold are used here.
    from tests.unit.reporting.invented import findings

    case = assessment(findings=findings(assessment().edition, []))
    page = Page(render_html(build_report(case), "zh"))
    text = " ".join(page.text)
    for left in ("provable", "insufficient evidence", "Subject", "The requirement holds", "Spend", "Clause"):
        assert left not in text, left
