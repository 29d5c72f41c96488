"""The stylesheet: colours that can be read in both themes, directions that mirror, tokens in use, little weight."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[2] / "src" / "sundry" / "web" / "static" / "sundry"
STYLE = re.sub(r"/\*.*?\*/", "", (STATIC / "sundry.css").read_text("utf-8"), flags=re.DOTALL)
OBSERVATORY = re.sub(r"/\*.*?\*/", "", (STATIC / "observatory.css").read_text("utf-8"), flags=re.DOTALL)
STYLE_PAGE = (STATIC / "style-page.css").read_text("utf-8")
CHARTS = re.sub(r"/\*.*?\*/", "", (STATIC / "observatory-charts.css").read_text("utf-8"), flags=re.DOTALL)
CATALOGUE = re.sub(r"/\*.*?\*/", "", (STATIC / "catalogue.css").read_text("utf-8"), flags=re.DOTALL)
DARK_BEGINS = STYLE.index("@media screen and (prefers-color-scheme: dark)")

GROUNDS = ("paper", "sheet", "hover")
WORDS = ("ink", "muted", "accent", "accent-strong", "ok", "attention", "error", "neutral")
SIDES = r"(?:left|right|top|bottom)"
PHYSICAL = re.compile(
    rf"(?<![\w-])(?:(?:margin|padding|border|inset)-{SIDES}[\w-]*|{SIDES}|(?:min-|max-)?(?:width|height))\s*:"
    r"|(?:float|text-align):\s*(?:left|right)"
)


def tokens(text: str) -> dict[str, str]:
    block = re.search(r":root \{(.*?)\n\s*\}", text, re.DOTALL)
    assert block is not None
    return dict(re.findall(r"--([\w-]+):\s*(.+?);", block[1], re.DOTALL))


LIGHT = tokens(STYLE)
DARK = LIGHT | tokens(STYLE[DARK_BEGINS:])
COLOURS = sorted(name for name, value in LIGHT.items() if re.fullmatch(r"#[0-9a-f]{6}", value))


def rules(style: str = STYLE) -> list[tuple[str, dict[str, str]]]:
    """(selector, declarations) of every rule, those in @media too."""
    return [
        (" ".join(selector.split()), dict(re.findall(r"([\w-]+):\s*([^;]+?)\s*(?:;|$)", body)))
        for selector, body in re.findall(r"([^{};]+)\{([^{}]*)\}", style)
        if ":root" not in selector
    ]


def pairs() -> set[tuple[str, str]]:
    """(colour, ground) of every rule that names both, and of all plain words on all plain grounds."""
    declared = set()
    for _, body in [*rules(), *rules(OBSERVATORY), *rules(CATALOGUE)]:
        colour = re.fullmatch(r"var\(--([\w-]+)\)", body.get("color", ""))
        ground = re.fullmatch(r"var\(--([\w-]+)\)", body.get("background", ""))
        if colour and ground:
            declared.add((colour[1], ground[1]))
    return declared | {(word, ground) for word in WORDS for ground in GROUNDS}


def luminance(colour: str) -> float:
    """WCAG 2.2: relative luminance, 0 black to 1 white."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_word_can_be_read_on_its_ground(theme: dict[str, str]) -> None:
    assert ("on-accent", "accent") in pairs()
    assert len(pairs()) > 30
    pale = {pair: round(contrast(theme[pair[0]], theme[pair[1]]), 2) for pair in sorted(pairs())}
    assert not {pair: ratio for pair, ratio in pale.items() if ratio < 4.5}


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
def test_edges_of_controls_and_the_focus_are_seen(theme: dict[str, str], ground: str) -> None:
    for edge in ("edge", "focus", "accent", "error"):
        assert contrast(theme[edge], theme[ground]) >= 3, edge


def test_the_dark_theme_has_a_colour_for_every_colour() -> None:
    assert set(COLOURS) <= set(tokens(STYLE[DARK_BEGINS:]))


def test_every_token_is_defined_and_used() -> None:
    everything = STYLE + STYLE_PAGE
    used = set(re.findall(r"var\(--([\w-]+)", everything))
    defined = set(re.findall(r"--([\w-]+):", STYLE))
    assert used - defined == set()
    assert defined - used == set()


def test_a_page_of_its_own_uses_the_same_tokens() -> None:
    assert set(re.findall(r"var\(--([\w-]+)", OBSERVATORY)) <= {*LIGHT, "gutter"}


def test_what_a_statement_counts_for_is_seen_without_colour() -> None:
    """Each standing has a form of its own: plain, a question mark, struck through."""
    bodies = {selector: body for selector, body in rules(OBSERVATORY) if selector.startswith(".obs-mark.is-")}
    assert bodies[".obs-mark.is-review::after"]["content"] == '"?"'
    assert bodies[".obs-mark.is-rejected"]["text-decoration-line"] == "line-through"
    lines = {bodies[f".obs-mark.is-{kind}"]["text-decoration-style"] for kind in ("change", "order", "other")}
    assert len(lines) == 3


def test_only_tokens_hold_colours() -> None:
    assert not [
        body
        for _, body in [*rules(), *rules(OBSERVATORY), *rules(CATALOGUE)]
        for value in body.values()
        if re.search(r"#[0-9a-f]{3,8}\b|rgb", value)
    ]


@pytest.mark.parametrize(
    "style",
    [STYLE, STYLE_PAGE, CHARTS, CATALOGUE],
    ids=["sundry.css", "style-page.css", "observatory-charts.css", "catalogue.css"],
)
def test_nothing_says_left_or_right(style: str) -> None:
    inside = re.sub(r"@media[^{]*", "", style)
    assert PHYSICAL.findall(inside) == []


def test_pictures_have_the_colours_of_the_themes_alone() -> None:
    used = set(re.findall(r"var\(--([\w-]+)", CHARTS))
    assert used <= set(LIGHT)
    assert not re.search(r"#[0-9a-f]{3,8}\b|rgb", CHARTS)


def test_the_search_for_left_and_right_finds_them() -> None:
    for physical in (
        "margin-left: 1px",
        "left: 0",
        "text-align: right",
        "width: 1px",
        "max-height: 1px",
        "border-top: 0",
    ):
        assert PHYSICAL.search(f"a {{ {physical}; }}"), physical
    for logical in ("margin-inline: 1px", "inset-inline-start: 0", "text-align: end", "inline-size: 1px"):
        assert not PHYSICAL.search(f"a {{ {logical}; }}"), logical


def test_the_focus_is_never_taken_away() -> None:
    bare = [selector for selector, body in rules() if body.get("outline") in ("none", "0")]
    assert bare == ["main:focus"]
    (shown,) = (body for selector, body in rules() if selector == ":focus-visible, .input:focus-within")
    assert shown["outline"].startswith("3px solid")
    assert shown["outline-offset"] == "2px"


def test_it_weighs_little() -> None:
    weights = {name: len(gzip.compress((STATIC / name).read_bytes(), 9)) for name in ("sundry.css", "sundry.js")}
    assert weights["sundry.css"] < 8_000
    assert weights["sundry.js"] < 8_000


def test_pictures_hold_no_script_and_load_nothing() -> None:
    for name in ("icons.svg", "favicon.svg"):
        picture = (STATIC / name).read_text("utf-8")
        assert not re.search(r"<script|<image|<foreignObject|\bon\w+=|href=|style=", picture)
        assert re.findall(r"https?://[^\"]+", picture) == ["http://www.w3.org/2000/svg"]


def test_the_shop_window_has_no_colours_of_its_own() -> None:
    assert set(re.findall(r"var\(--([\w-]+)", CATALOGUE)) <= {*LIGHT, "gutter"}
    assert not re.search(r"#[0-9a-f]{3,8}\b|rgb", CATALOGUE)
