"""Pages of other shapes than those the reading was made with: whose text is whose, and under which headline.

Towns, people and figures are invented.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sundry.engines.reading.articles import articles_of, page_of
from sundry.engines.reading.model import Article, Region, Role
from sundry.engines.reading.reader import read

TEA = (
    "本报讯 4月6日，记者从云溪县农业局获悉，一季度全县茶叶出口12.5亿元，同比增长8.3%，产量达到3200吨。",
    "据介绍，云溪县去年新建茶园1.2万亩，带动农户5600户，户均增收4300元。",
    "下一步，云溪县将继续扩大出口，力争全年出口额突破50亿元，让更多茶农走上致富路。",
)
LANTERN = (
    "本报讯 昨日上午，石渡镇举行第三届龙灯会，来自周边乡镇的1200名群众参加巡游，现场气氛热烈。",
    "龙灯会由当地老艺人发起，全长86米的板凳龙穿街过巷，引得游客驻足拍照，民宿入住率达到九成。",
)
TEA_HEAD, LANTERN_HEAD = "云溪茶叶出口增势喜人", "石渡龙灯闹元宵"
HOME = Region("330199", "云溪县")


def _told(text: str) -> list[tuple[str | None, str]]:
    """(headline, body) of the articles, without boxes."""
    return [
        (text[slice(*article.headline)] if article.headline else None,
         "".join(text[slice(*span)] for span in article.body))
        for article in articles_of(text)
        if article.role is Role.BODY
    ]  # fmt: skip


BOTH = [(TEA_HEAD, "".join(TEA)), (LANTERN_HEAD, "".join(LANTERN))]


def _wrapped(paragraphs: tuple[str, ...], width: int, indent: str) -> str:
    pages = [indent + words for words in paragraphs]
    return "\n".join(words[at : at + width] for words in pages for at in range(0, len(words), width))


def _page(width: int, indent: str, gap: str = "\n") -> str:
    tea, lantern = _wrapped(TEA, width, indent), _wrapped(LANTERN, width, indent)
    return f"{TEA_HEAD}{gap}本报记者 何青{gap}{tea}{gap}{LANTERN_HEAD}{gap}{lantern}"


def test_one_article_without_a_headline() -> None:
    assert _told("\n".join(TEA)) == [(None, "".join(TEA))]
    assert _told("\n\n".join(TEA)) == [(None, "".join(TEA))]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n", "\r\n\r\n"])
@pytest.mark.parametrize("indent", ["", "\t", "    ", "\u3000\u3000"])
def test_line_ends_and_indents(end: str, indent: str) -> None:
    lines = [TEA_HEAD, "本报记者 何青", *(indent + words for words in TEA), LANTERN_HEAD, *LANTERN, ""]
    assert _told(end.join(lines)) == BOTH


@pytest.mark.parametrize("width", range(20, 31))
@pytest.mark.parametrize("indent", ["", "\u3000\u3000"])
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_a_text_of_printed_lines(width: int, indent: str, gap: str) -> None:
    text = _page(width, indent, gap)
    assert _told(text) == BOTH
    joined = [join for article in articles_of(text) for join in article.joins]
    assert all(join.certainty >= 0.9 for join in joined)


def test_a_number_cut_at_the_line_end_is_read() -> None:
    text = _page(28, "")
    values = {said.value for said in read(text, issued=date(2026, 4, 7), home=HOME).statements if said.is_published}
    assert {str(value) for value in values} >= {"12.5", "8.3", "3200"}


def test_a_number_that_nothing_says_is_one_is_not_put_together() -> None:
    text = f"{TEA_HEAD}\n\n{TEA[1]}\n\n今年头三个月，全县新开茶馆12\n\n5家老店换了招牌，街面上比往年热闹。"
    joins = [join for article in articles_of(text) for join in article.joins]
    assert [join.certainty < 0.5 for join in joins] == [True]


def test_marks_of_many_levels() -> None:
    text = (
        f"# 云溪日报\n\n## {TEA_HEAD}\n\n### 一季度产量三千多吨\n\n*本报记者 何青*\n\n{TEA[0]}\n\n#### 扩大茶园\n\n"
        f"{TEA[1]}\n\n#### 明年更多\n\n{TEA[2]}\n\n## {LANTERN_HEAD}\n\n" + "\n\n".join(LANTERN)
    )
    assert _told(text) == BOTH
    tea = articles_of(text)[0]
    assert [text[slice(*span)] for span in tea.subheads] == ["一季度产量三千多吨", "扩大茶园", "明年更多"]


def test_a_headline_of_two_and_of_three_lines() -> None:
    text = f"{TEA_HEAD}\n一季度产销两旺农户增收\n\n本报记者 何青\n\n" + "\n\n".join(TEA)
    assert _told(text) == [(f"{TEA_HEAD}\n一季度产销两旺农户增收", "".join(TEA))]
    text = "云溪县\n茶叶出口增势喜人\n农户户均增收四千元\n\n" + "\n\n".join(TEA)
    assert _told(text) == [("云溪县\n茶叶出口增势喜人\n农户户均增收四千元", "".join(TEA))]


def test_the_marks_inside_a_headline_of_two_lines_are_no_words_of_it() -> None:
    heads = ["云溪县农业局发布一季度数据", "茶叶出口同比增长8.3%", "农户户均增收4300元"]
    text = "\n\n".join(["### " + head for head in heads] + list(TEA))
    reading = read(text, issued=date(2026, 4, 7), home=HOME)
    assert _told(text)[0][0] == f"{heads[1]}\n\n### {heads[2]}"
    assert not [said.quote for said in reading.statements if "#" in said.quote]


def test_a_line_over_the_headline_and_one_under_it() -> None:
    text = "\n\n".join(["云溪县农业局发布一季度数据", "茶叶出口 增势喜人", "——产量达到三千多吨", "本报记者 何青", *TEA])
    (article,) = articles_of(text)
    assert article.headline
    assert text[slice(*article.headline)] == "茶叶出口 增势喜人"
    assert [text[slice(*span)] for span in article.kickers] == ["云溪县农业局发布一季度数据"]
    assert [text[slice(*span)] for span in article.subheads] == ["——产量达到三千多吨"]


@pytest.mark.parametrize("mark", ["▲", "●", "■", "1. ", "（1）"])
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_short_items_under_one_head(mark: str, gap: str) -> None:
    items = [
        "4月6日，云溪县举办茶商大会，签约项目8个，总投资6.5亿元，来的客商比去年多了一倍。",
        "近日，白沙乡建成文化礼堂3座，总投资850万元，全年办了六十场演出。",
        "石渡镇举行龙灯会，1200名群众参加巡游，沿街的民宿都住满了。",
    ]
    marks = [mark.replace("1", str(number + 1)) for number in range(3)]
    lines = [each + item for each, item in zip(marks, items, strict=True)]
    text = gap.join(["简讯", *lines])
    assert _told(text) == [("简讯", "".join(lines))]
    assert not any(join.certainty >= 0.5 for article in articles_of(text) for join in article.joins)


def test_an_author_in_brackets_at_the_end() -> None:
    text = "\n".join(
        [TEA_HEAD, TEA[0], TEA[1] + "（记者 何青 通讯员 叶茂林）", LANTERN_HEAD, *LANTERN, "（记者 林山）"]
    )
    assert [head for head, _ in _told(text)] == [TEA_HEAD, LANTERN_HEAD]
    assert _told(text)[1][1] == "".join(LANTERN)


def test_a_bulletin_of_sections_and_notes() -> None:
    sections = [
        "云溪县2025年国民经济和社会发展统计公报[1]", "云溪县统计局", "2026年3月28日", "2025年，全县经济运行总体平稳。",
        "一、综合", "全年地区生产总值[2]312.6亿元，比上年增长5.6%。", "（一）农业", "全年粮食产量12.3万吨，增长1.2%。",
        "二、人口", "年末常住人口41.2万人。", "三、教育", "全县有小学32所，在校学生2.1万人。", "注释：",
        "[1]本公报数据为初步统计数。", "[2]地区生产总值按现价计算。",
    ]  # fmt: skip
    for gap in ("\n", "\n\n", "\n\u3000\u3000"):
        text = gap.join(sections)
        (article,) = articles_of(text)
        assert article.headline
        assert text[slice(*article.headline)] == sections[0]
        assert [text[slice(*span)] for span in article.subheads] == ["一、综合", "（一）农业", "二、人口", "三、教育"]
        assert "".join(text[slice(*span)] for span in article.body).startswith(sections[3] + sections[5] + sections[7])


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_what_a_newspaper_prints_around_its_news(gap: str) -> None:
    lines = [
        "云溪日报", "2026年4月7日 星期二 农历二月二十 第8123期 今日8版",
        "今日天气：晴到多云 12-22℃ 东南风3级", "第1版：要闻",
        TEA_HEAD, "本报记者 何青", *TEA, "（下转第2版）",
        "导读", "老街换上新路灯 3版", "白沙文化礼堂建成 4版",
        LANTERN_HEAD, *LANTERN,
        "旺铺招租 位于云溪大道88号 面积120平方米 联系电话：0571-66668888", "责任编辑：王小林 版式：李大山", "01",
    ]  # fmt: skip
    text = gap.join(lines)
    assert _told(text) == BOTH
    assert [article.role for article in articles_of(text) if article.role is not Role.BODY] == [Role.INDEX, Role.ADVERT]


def test_a_page_that_goes_on_from_another() -> None:
    text = "\n\n".join(["（上接第1版）", *TEA[1:], LANTERN_HEAD, LANTERN[0], LANTERN[1] + "（下转第3版）"])
    assert _told(text) == [(None, "".join(TEA[1:])), BOTH[1]]
    assert [len(article.jumps) for article in articles_of(text)] == [1, 1]


@pytest.mark.parametrize("mark", ["- 2 -", "第2页", "— 2 —", "02"])
def test_a_page_number_between_two_halves_of_a_sentence(mark: str) -> None:
    text = "\n\n".join([TEA_HEAD, TEA[0], TEA[1][:21], mark, TEA[1][21:], TEA[2]])
    assert _told(text) == BOTH[:1]
    assert [join.certainty >= 0.5 for join in articles_of(text)[0].joins] == [True]


def test_subheads_without_marks() -> None:
    text = "\n\n".join([TEA_HEAD, TEA[0], "茶园连片", TEA[1], "农户增收", TEA[2]])
    assert _told(text) == BOTH[:1]


def test_a_subhead_in_one_paragraph_with_its_text_is_text() -> None:
    heads = "- 茶园连成一片山**\n ", "2. 农户年年增收\n "
    text = "\n\n".join(
        [TEA_HEAD, TEA[0], "茶农笑了。", heads[0] + TEA[1], heads[1] + TEA[2], "路也宽了。", "人也多了。"]
    )
    body = f"{TEA[0]}茶农笑了。茶园连成一片山{TEA[1]}2. 农户年年增收{TEA[2]}路也宽了。人也多了。"
    assert _told(text) == [(TEA_HEAD, body)]
    assert all(join.certainty < 0.5 for join in articles_of(text)[0].joins)


def test_a_page_of_the_web() -> None:
    text = f"<h1>{TEA_HEAD}</h1>\n" + "\n".join(f'<p class="a">{words}</p>' for words in TEA)
    assert _told(text) == BOTH[:1]


def test_questions_and_answers_are_text() -> None:
    said = ["记者：今年出口怎么样？", "叶茂林：一季度出口12.5亿元。", "记者：下一步呢？", "叶茂林：继续扩大出口。"]
    text = "\n\n".join(["把茶叶卖到海外去", "——访云溪茶企负责人叶茂林", *said])
    assert _told(text) == [("把茶叶卖到海外去", "".join(said))]


@pytest.mark.parametrize("gap", ["\t", " | ", "   "])
def test_rows_of_a_table_are_no_headlines(gap: str) -> None:
    rows = [
        ["指标", "单位", "一季度", "同比"],
        ["工业增加值", "亿元", "12.5", "8.3"],
        ["出口总值", "亿元", "6.8", "-2.1"],
    ]
    text = "\n".join(["云溪县一季度主要指标", *map(gap.join, rows)]) + "\n\n" + TEA[1]
    ((head, body),) = _told(text)
    assert head == "云溪县一季度主要指标"
    assert body.endswith(TEA[1])
    assert all(join.certainty < 0.5 for join in articles_of(text)[0].joins)


def _spans(article: Article) -> list[tuple[int, int]]:
    heads = [article.headline] if article.headline else []
    return [*heads, *article.body, *article.kickers, *article.subheads, *article.bylines, *article.jumps]


_PIECES = st.sampled_from(
    [*TEA, *LANTERN, TEA_HEAD, LANTERN_HEAD, "本报记者 何青", "（下转第2版）", "导读", "一、综合", "12.5", "亿元",
     "▲老街夜景", "旺铺招租 联系电话：0571-66668888", "## 小满时节", "",
     "茶叶出口增\u3000\u3000\u3000老街换上新灯", "……老渡口 3版"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(_PIECES, max_size=30), st.sampled_from(["\n", "\r\n", "\n\n"]), st.integers(8, 90))
def test_no_two_articles_share_a_place(pieces: list[str], end: str, width: int) -> None:
    lines = [words[at : at + width] for words in pieces for at in range(0, max(1, len(words)), width)]
    text = end.join(lines)
    reading = page_of(text)
    assert page_of(text) == reading
    spans = sorted(span for article in reading.articles for span in _spans(article))
    assert all(0 <= start < stop <= len(text) for start, stop in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


@pytest.mark.parametrize(
    "text", ["茶" * 400_000, "1" * 400_000, "\n" * 50_000, "茶\n" * 20_000, "张三、" * 100_000, "茶叶，\n\n" * 20_000]
)
def test_a_page_that_is_none_ends(text: str) -> None:
    assert len(articles_of(text)) < 2_000
