"""Serious faults of accessibility, found in the HTML of a page and in the colours a browser gives it.

The rules are those that can be decided by a program without doubt: something has no name, an id is there twice or not
at all, the order of headings jumps, a policy against inline script would break the page, a text is too pale. What they
find nothing of may still be bad; a person with a screen reader decides that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

import lxml.html

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
REFERENCES = (
    "aria-labelledby",
    "aria-describedby",
    "aria-controls",
    "aria-owns",
    "aria-details",
    "list",
    "for",
    "form",
)
INTERACTIVE = (
    "//*[self::a[@href] or self::button or self::input[not(@type='hidden')] or self::select or self::textarea]"
)
TOLD = "@rel='canonical' or @rel='alternate'"  # addresses that are named, and not loaded
LOADED = f"//link[not({TOLD})]/@href | //script/@src | //img/@src | //use/@href | //iframe/@src | //source/@src"
NAMELESS_INPUTS = ("hidden", "submit", "button", "reset", "image")


def faults(html: str | bytes) -> list[str]:
    """One line a fault. A text without <html> is a fragment: what only a whole page must have is not asked of it."""
    text = html.decode("utf-8") if isinstance(html, bytes) else html
    is_page = "<html" in text[:2000].lower()
    tree = lxml.html.document_fromstring(text, parser=lxml.html.HTMLParser(encoding="utf-8")) if is_page else None
    root = tree if tree is not None else lxml.html.fragment_fromstring(text, create_parent="div")
    checks = (_ids, _names, _labels, _tables, _errors, _groups, _lists, _order, _policy, _nesting)
    found = [fault for check in checks for fault in check(root)]
    return ([*_page(root)] if is_page else []) + found


def assert_accessible(html: str | bytes) -> None:
    assert not faults(html), "\n".join(faults(html))


def _shown(element: Any) -> str:
    return lxml.html.tostring(element, encoding="unicode", with_tail=False)[:160].replace("\n", " ")


def _page(root: Any) -> Iterator[str]:
    """What a whole page must have."""
    if not root.get("lang"):
        yield "html has no lang"
    elif (root.get("dir") == "rtl") != root.get("lang").startswith("ar"):
        yield f"dir={root.get('dir')} does not go with lang={root.get('lang')}"
    if not (root.findtext("head/title") or "").strip():
        yield "no title"
    if len(root.xpath("//main")) != 1:
        yield f"{len(root.xpath('//main'))} main landmarks"
    if len(root.xpath("//h1")) != 1:
        yield f"{len(root.xpath('//h1'))} h1"
    viewport = "".join(root.xpath("//meta[@name='viewport']/@content"))
    if "width=device-width" not in viewport or "user-scalable" in viewport or "maximum-scale" in viewport:
        yield f"the viewport does not fit or cannot be zoomed: {viewport!r}"
    navigations = [_name(root, nav) for nav in root.xpath("//nav")]
    if len(navigations) > 1 and (not all(navigations) or len(set(navigations)) < len(navigations)):
        yield f"navigations that cannot be told apart: {navigations}"


def _ids(root: Any) -> Iterator[str]:
    there = Counter(root.xpath("//@id"))
    yield from (f"id {name!r} is there {count} times" for name, count in there.items() if count > 1)
    for attribute in REFERENCES:
        for element in root.xpath(f"//*[@{attribute}]"):
            missing = [name for name in element.get(attribute).split() if name not in there]
            if missing:
                yield f"{attribute} points to {missing}, which is not there: {_shown(element)}"
    for element in root.xpath("//a[starts-with(@href, '#')] | //*[@data-dialog]"):
        target = element.get("data-dialog") or element.get("href")[1:]
        if target and target not in there:
            yield f"leads to #{target}, which is not there: {_shown(element)}"


def _name(root: Any, element: Any) -> str:
    """What a screen reader calls an element: by reference, label, or what it shows."""
    if references := (element.get("aria-labelledby") or "").split():
        return " ".join(
            _text(found) for name in references for found in root.xpath("//*[@id=$name]", name=name)
        ).strip()
    return (element.get("aria-label") or "").strip() or _text(element) or (element.get("title") or "").strip()


def _text(element: Any) -> str:
    """The text inside that is not hidden, with the names of pictures."""
    if element.get("aria-hidden") == "true" or element.get("hidden") is not None:
        return ""
    if not isinstance(element.tag, str):  # a comment
        return ""
    own = [element.get("alt") or "" if element.tag == "img" else element.text or ""]
    if element.tag == "svg":
        own = [element.get("aria-label") or ""]
    for child in element:
        own += [_text(child) if isinstance(child.tag, str) else "", child.tail or ""]
    return " ".join(" ".join(own).split())


def _names(root: Any) -> Iterator[str]:
    """Pictures, links, buttons, dialogs and frames have a name."""
    for picture in root.xpath("//img[not(@alt)] | //input[@type='image'][not(@alt)] | //area[not(@alt)]"):
        yield f"a picture without alt: {_shown(picture)}"
    for drawing in root.xpath("//svg[not(ancestor::svg)]"):
        if drawing.get("aria-hidden") != "true" and not (drawing.get("aria-label") or drawing.get("aria-labelledby")):
            yield f"a drawing that is neither hidden nor named: {_shown(drawing)}"
    for element in root.xpath("//a[@href] | //button | //summary | //*[@role='button' or @role='link']"):
        if not _name(root, element):
            yield f"nothing says what it does: {_shown(element)}"
    for element in root.xpath("//dialog | //iframe | //progress | //meter | //*[@role='dialog' or @role='region']"):
        if not (_by_attribute(root, element) or _label(root, element)):
            yield f"has no name: {_shown(element)}"
    for heading in root.xpath("|".join(f"//{name}" for name in HEADINGS)):
        if not _text(heading):
            yield f"an empty heading: {_shown(heading)}"


def _by_attribute(root: Any, element: Any) -> str:
    named = element.get("aria-label") or element.get("aria-labelledby") or element.get("title")
    return _name(root, element) if named else ""


def _label(root: Any, element: Any) -> str:
    labels = root.xpath("//label[@for=$name]", name=element.get("id") or "no id") + element.xpath("ancestor::label")
    return " ".join(_text(label) for label in labels).strip()


def _labels(root: Any) -> Iterator[str]:
    for control in root.xpath("//input | //select | //textarea"):
        if control.tag == "input" and control.get("type", "text") in NAMELESS_INPUTS:
            if control.get("type") in ("submit", "button", "reset") and not (control.get("value") or "").strip():
                yield f"a button without a word: {_shown(control)}"
        elif not (_label(root, control) or _by_attribute(root, control)):
            yield f"a control without a label: {_shown(control)}"


def _tables(root: Any) -> Iterator[str]:
    for table in root.xpath("//table[not(@role='presentation')]"):
        if not table.xpath(".//th"):
            yield f"a table without headers: {_shown(table)}"
        for header in table.xpath(".//th"):
            if not (_text(header) or _name(root, header)):
                yield f"an empty header: {_shown(header)}"
        if table.xpath(".//tbody//th[not(@scope)]"):
            yield f"a header of rows without scope: {_shown(table.xpath('.//tbody//th[not(@scope)]')[0])}"


def _errors(root: Any) -> Iterator[str]:
    """A control that is wrong says why, itself or by its group."""
    for control in root.xpath("//*[@aria-invalid='true']"):
        groups = [control, *control.xpath("ancestor::fieldset[1]")]
        described = [name for group in groups for name in (group.get("aria-describedby") or "").split()]
        if not any(_text(found) for name in described for found in root.xpath("//*[@id=$name]", name=name)):
            yield f"wrong, and nothing says why: {_shown(control)}"


def _groups(root: Any) -> Iterator[str]:
    for group in root.xpath("//fieldset"):
        legend = group.xpath("legend")
        if not (legend and _text(legend[0])) and not _by_attribute(root, group):
            yield f"a group without a legend: {_shown(group)}"
    for radio in root.xpath("//input[@type='radio']"):
        if not radio.xpath("ancestor::fieldset | ancestor::*[@role='radiogroup']"):
            yield f"a choice outside a group: {_shown(radio)}"


def _lists(root: Any) -> Iterator[str]:
    for item in root.xpath("//li[not(parent::ul or parent::ol or parent::menu)]"):
        if item.getparent() is not root:  # a fragment may be items alone
            yield f"an item outside a list: {_shown(item)}"
    for strange in root.xpath("//*[self::ul or self::ol]/*[not(self::li or self::script or self::template)]"):
        yield f"a list holds something else: {_shown(strange)}"
    for strange in root.xpath("//dl/*[not(self::dt or self::dd or self::div)] | //dl/div/*[not(self::dt or self::dd)]"):
        yield f"a list of terms holds something else: {_shown(strange)}"


def _order(root: Any) -> Iterator[str]:
    """Headings go down by one step; nothing jumps the queue of the Tab key."""
    levels = [int(heading.tag[1]) for heading in root.xpath("|".join(f"//{name}" for name in HEADINGS))]
    for above, below in pairwise(levels):
        if below > above + 1:
            yield f"a heading of level {below} after one of level {above}"
    for element in root.xpath("//*[@tabindex > 0]"):
        yield f"jumps the queue: {_shown(element)}"


def _policy(root: Any) -> Iterator[str]:
    """What the Content-Security-Policy would stop."""
    data = "@type='application/json' or @type='application/ld+json'"  # is never run
    for element in root.xpath(f"//*[@style] | //style | //script[not(@src)][not({data})]"):
        yield f"inline style or script: {_shown(element)}"
    for element in root.xpath("//*[@*[starts-with(name(), 'on')]]"):
        yield f"an event handler in the markup: {_shown(element)}"
    for element in root.xpath("//*[starts-with(@href, 'javascript:')]"):
        yield f"a link to script: {_shown(element)}"
    for address in root.xpath(LOADED):
        if urlsplit(address).netloc:
            yield f"loads another host: {address}"


def _nesting(root: Any) -> Iterator[str]:
    for element in root.xpath(f"{INTERACTIVE}[ancestor::a[@href] or ancestor::button]"):
        yield f"a control inside a link or button: {_shown(element)}"


# What a reader really sees: every text against every ground it stands on, blended, in the page as it is drawn.
PALE = """() => {
  const shade = (text) => {
    const found = text.match(/^rgba?\\(([^)]+)\\)$/);
    if (!found) return null;
    const [r, g, b, a = 1] = found[1].split(/[ ,/]+/).map(Number);
    return { r, g, b, a };
  };
  const over = (top, below) => ({
    r: top.r * top.a + below.r * (1 - top.a),
    g: top.g * top.a + below.g * (1 - top.a),
    b: top.b * top.a + below.b * (1 - top.a),
    a: 1,
  });
  const light = ({ r, g, b }) => {
    const [x, y, z] = [r, g, b].map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ratio = (a, b) => {
    const [low, high] = [light(a), light(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };
  const up = (element) => element.parentElement ?? element.getRootNode().host ?? null;
  const bare = matchMedia("(prefers-color-scheme: dark)").matches ? 18 : 255; // where a page paints no ground
  const canvas = () => ({ r: bare, g: bare, b: bare, a: 1 });
  const ground = (element) => {
    const layers = [];
    for (let here = element; here; here = up(here)) {
      const style = getComputedStyle(here);
      if (style.backgroundImage !== "none") return null;
      const colour = shade(style.backgroundColor);
      if (!colour) return null;
      layers.push(colour);
      if (colour.a === 1) break;
    }
    return layers.reverse().reduce((below, top) => over(top, below), canvas());
  };
  const seen = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true }) &&
    !element.closest(".visually-hidden, .skip, [aria-hidden='true'], :disabled, [aria-disabled='true']");
  const faults = new Set();
  const tell = (what, element, colour, below, found, wanted) => {
    const rgb = ({ r, g, b }) => `rgb(${Math.round(r)}, ${Math.round(g)}, ${Math.round(b)})`;
    const place = `${element.tagName.toLowerCase()}${[...element.classList].map((name) => "." + name).join("")}`;
    faults.add(`${what} in ${place}: ${found.toFixed(2)} < ${wanted}, ${rgb(colour)} on ${rgb(below)}`);
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.textContent.trim() || !seen(element) || element.closest("option")) continue;
    const style = getComputedStyle(element);
    const below = ground(element);
    const colour = shade(style.color);
    if (!below || !colour) continue;
    let opacity = colour.a;
    for (let here = element; here; here = up(here)) opacity *= Number(getComputedStyle(here).opacity);
    const size = parseFloat(style.fontSize);
    const wanted = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    const found = ratio(over({ ...colour, a: opacity }, below), below);
    if (found < wanted) tell(texts.currentNode.textContent.trim().slice(0, 40), element, colour, below, found, wanted);
  }
  for (const control of document.querySelectorAll("input:not([type='hidden']), select, textarea")) {
    if (!seen(control)) continue;
    const below = ground(control);
    const written = shade(getComputedStyle(control).color);
    if (below && written && ratio(over(written, below), below) < 4.5)
      tell("what is written", control, written, below, ratio(over(written, below), below), 4.5);
    const hint = shade(getComputedStyle(control, "::placeholder").color);
    if (below && hint && control.placeholder && ratio(over(hint, below), below) < 4.5)
      tell("placeholder", control, hint, below, ratio(over(hint, below), below), 4.5);
    const edge = shade(getComputedStyle(control).borderTopColor);
    const around = ground(up(control));
    if (around && edge && getComputedStyle(control).appearance === "none" && ratio(over(edge, around), around) < 3)
      tell("edge", control, edge, around, ratio(over(edge, around), around), 3);
  }
  return [...faults];
}"""


def pale(page: Any) -> list[str]:
    """Texts and edges of `page` (Playwright's) that do not reach WCAG AA, in the light and in the dark."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found += [f"{scheme}: {fault}" for fault in page.evaluate(PALE)]
    return found


def assert_contrast(page: Any) -> None:
    found = pale(page)
    assert not found, "\n".join(found)
