"""The lines of a page, whatever marks and rules stand between them."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sundry.engines.reading.paragraphs import lines_of
from sundry.engines.reading.shapes import Shape
from sundry.engines.reading.view import view_of


def _shapes(text: str) -> list[Shape]:
    return [line.shape for line in lines_of(text, view_of(text))]


def test_lines_of_a_narrow_column_are_one_paragraph_with_all_its_places() -> None:
    text = (
        "　　这片农场共有水田三千二百亩，去\n年秋天完成改造，今春首次实现耕种管\n全程无人。\n"
        "　　农场主人原是县农机站技术员，他说\n机器不怕累，怕的是地不平。"
    )
    lines = lines_of(text, view_of(text))
    assert len(lines) == 2
    assert [text[slice(*part)] for part in lines[0].parts][-1] == "全程无人。"
    assert "去年秋天" in lines[0].words


def test_what_is_no_text_is_left_out() -> None:
    assert _shapes("\n\n---\n![](images/1.jpg)\n<br>\n***\n\n") == []
    assert _shapes("") == []


@given(
    st.text(
        st.one_of(st.sampled_from(list("本报讯4月9日，。\n\r #*茶版（）下转摄记者 ")), st.characters()), max_size=80
    )
)
def test_places_are_in_order_inside_the_text_and_never_blank(text: str) -> None:
    spans = [part for line in lines_of(text, view_of(text)) for part in line.parts]
    assert all(text[start:end].strip() for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(sorted(spans)))
