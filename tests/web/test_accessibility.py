"""The checker of accessibility finds each fault that is planted, and nothing in a page without faults."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from accessibility import faults, pale

SOUND = """<!doctype html><html lang="en" dir="ltr"><head><title>T</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head><body><main><h1>One</h1>
<form><label for="a">A</label><input id="a" aria-invalid="true" aria-describedby="why"><p id="why">Too long</p>
<fieldset><legend>Which</legend><label><input type="radio" name="b"> B</label></fieldset><button>Go</button></form>
<table><thead><tr><th>H</th></tr></thead><tbody><tr><th scope="row">R</th></tr></tbody></table>
<a href="#a">To <svg aria-hidden="true"></svg></a><dl><div><dt>D</dt><dd>E</dd></div></dl><h2>Two</h2>
</main></body></html>"""

PLANTED = [
    ('lang="en" ', "", "no lang"),
    ('lang="en" dir="ltr"', 'lang="ar" dir="ltr"', "does not go with"),
    ("<title>T</title>", "<title> </title>", "no title"),
    ("<main>", "<div>", "0 main"),
    ("<h2>Two</h2>", "<h3>Three</h3>", "level 3 after one of level 1"),
    ("<h2>Two</h2>", "<h2></h2>", "empty heading"),
    ("<h2>Two</h2>", "<h1>Two</h1>", "2 h1"),
    ("initial-scale=1", "user-scalable=no", "zoomed"),
    ('for="a"', 'for="z"', "without a label"),
    ('aria-describedby="why"', 'aria-describedby="because"', "points to ['because']"),
    ('aria-describedby="why"', "", "nothing says why"),
    ("Too long", "", "nothing says why"),
    ("<legend>Which</legend>", "", "without a legend"),
    ("<fieldset><legend>Which</legend>", "<div>", "outside a group"),
    (">Go<", '><svg aria-hidden="true"></svg><', "nothing says what it does"),
    ("<button>", '<button tabindex="3">', "jumps the queue"),
    ("<button>", '<button onclick="go()">', "event handler"),
    ("<button>", '<button style="color: red">', "inline style"),
    ("<button>", '<button id="a">', "2 times"),
    ("<button>", '<button data-dialog="nowhere">', "leads to #nowhere"),
    ("<th>H</th>", "<th></th>", "empty header"),
    ('<th scope="row">', "<th>", "without scope"),
    ('<svg aria-hidden="true"></svg></a>', "<svg></svg></a>", "neither hidden nor named"),
    ('<svg aria-hidden="true"></svg></a>', "<img src='/a.png'></a>", "without alt"),
    ('<svg aria-hidden="true"></svg></a>', "<button>Go</button></a>", "inside a link"),
    ("</main>", "<script>go()</script></main>", "inline style or script"),
    ("</main>", "<script src='https://example.org/a.js'></script></main>", "another host"),
    ("</main>", "<a href='javascript:go()'>Go</a></main>", "link to script"),
    ("</main>", "<nav></nav><nav></nav></main>", "cannot be told apart"),
    ("</main>", "<dialog>Who am I</dialog></main>", "has no name"),
    ("</main>", "<progress></progress></main>", "has no name"),
    ("</main>", "<table><tr><td>1</td></tr></table></main>", "without headers"),
    ("</main>", "<ul><p>1</p></ul></main>", "holds something else"),
    ("</main>", "<div><li>1</li></div></main>", "outside a list"),
]


def test_a_sound_page_and_fragment_have_no_fault(assert_accessible: Callable[[str], None]) -> None:
    assert faults(SOUND) == []
    assert_accessible('<li><a href="/ship/">Ship</a></li>')


@pytest.mark.parametrize(("sound", "faulty", "told"), PLANTED)
def test_a_planted_fault_is_found(sound: str, faulty: str, told: str) -> None:
    assert sound in SOUND
    assert any(told in fault for fault in faults(SOUND.replace(sound, faulty)))


def test_pale_texts_are_found_where_they_are_drawn(chromium: Any, assert_contrast: Callable[[Any], None]) -> None:
    page = chromium.new_page()
    page.set_content(
        """<style>
          body { background: #fff; color: #222 } .pale { color: #999 } .through { opacity: 0.4 }
          input { border: 1px solid #ddd; appearance: none; color: #222; background: #fff } .hidden { display: none }
          @media (prefers-color-scheme: dark) { .night { background: #333 } }
        </style><p class="pale">pale</p><p class="through">through</p><p class="pale hidden">unseen</p>
        <p class="night">night</p><p>plain</p><input>"""
    )
    found = pale(page)
    told = [fault.partition(":")[0] + " " + fault.partition(": ")[2].partition(" in ")[0] for fault in found]
    assert told == [
        *("light pale", "light through", "light edge"),
        *("dark pale", "dark through", "dark night", "dark edge"),
    ]
    with pytest.raises(AssertionError, match=r"pale in p\.pale"):
        assert_contrast(page)
    page.close()
