"""What a line looks like by itself, before anything is known of the page.

Problem: a page comes as plain lines. With luck a headline is marked with #, and so are a teaser and half of another
headline; without luck nothing is marked.

    本报讯 5月6日，东溪县农业局发布……。       a body that starts an article
    （下转第三版）                              a line that ends one
    茶叶主产区开采                              short, no full stop: a headline, a subhead, or a column that broke here

Therefore a line first gets a *shape* from what it says by itself (a byline, a jump line, a dateline, a page label, an
advert's telephone); what shows only beside its neighbours comes in neighbours.py, and which of the short lines are
headlines and whose is decided with the whole page in view, in articles.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from sundry.engines.reading.model import Span
from sundry.engines.reading.wrapping import TERMINAL, Row, is_terminated

HEAD_LENGTH_MAX = 60  # characters; the longest two-line headlines of a daily have about 45


class Shape(Enum):
    """What a line looks like by itself."""

    HEAD = auto()  # short, no full stop: headline, kicker, subhead, banner; which is decided later
    BODY = auto()
    BYLINE = auto()
    CREDIT = auto()  # a photographer's or an author's line that stands after what it belongs to
    TAG = auto()  # the name of a series over or under a headline
    DECK = auto()  # a headline's second part: ——访某人, 某人主持
    CAPTION = auto()
    JUMP = auto()
    SOURCE = auto()
    PAGE_LABEL = auto()
    INDEX_TITLE = auto()
    TEASER = auto()  # a headline of another page, with the page's number
    ADVERT = auto()
    FURNITURE = auto()  # date line, editors, telephone of the paper


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph: `parts` are its printed lines, `words` what they say in the view, without marks."""

    parts: tuple[Span, ...]
    words: str
    level: int = 0  # 1 to 6: marked with so many #; 0: not marked
    shape: Shape = Shape.BODY
    is_start: bool = False  # a dateline: an article starts here, whatever stands above
    is_end: bool = False  # ends with a jump, an author in brackets: nothing follows in this article
    jump: Span | None = None  # "(continued on page 2)" at the end of a body line
    is_close: bool = False  # no empty line above
    is_cell: bool = False  # of a table: no sentence goes on from it
    is_scattered: bool = False  # between its parts stands another column
    flat: str = field(init=False, compare=False, repr=False)  # the words without spaces

    def __post_init__(self) -> None:
        object.__setattr__(self, "flat", self.words.replace(" ", "").replace("**", "") or self.words)

    breaks: tuple[float, ...] = ()  # how sure it is that each part goes on in the next

    @property
    def span(self) -> Span:
        """From the first to the last character."""
        return self.parts[0][0], self.parts[-1][1]


_NUMERAL = "[0-9A-Za-z零〇一二三四五六七八九十]"
_PAPER = r"[\u4e00-\u9fff]{2,6}(?:日报|晚报|晨报|时报|商报|导报|新闻|电视台|融媒体中心|通讯社|社|网)"
_DATELINE = re.compile(
    rf"^(?:(?:本报|本台|本网|本刊)[^，。：]{{0,12}}?讯|{_PAPER}?[^，。：]{{0,8}}[0-9]{{1,2}}月[0-9]{{1,2}}日(?:电|讯)"
    rf"|{_PAPER}(?:讯|电)(?=[（ ]))"
)
_ROLE = (
    r"(?:全媒体|融媒体?|首席|见习|实习|特约|特派|本报|本社|本台|本刊|驻[\u4e00-\u9fff]{2,3})*"
    r"(?:记者站|记者|通讯员|评论员|撰稿人?|撰文|摄影报道|摄影|供图|整理|报道组|作者)"
)
_ROLES = re.compile(rf"{_ROLE}|{_PAPER}|文/图|图/文|文图|[文图摄]/|[/：:、，□■●◇◆○（）\s]|·")
_HAS_ROLE = re.compile(rf"{_ROLE}|文/图|图/文|[文图摄]/")
_PHOTO = re.compile(r"(?:记者|通讯员|资料)?[\u4e00-\u9fff· ]{2,14}(?:摄|供图|/图|摄影)[）]?$")
_AUTHOR = re.compile(r"^[（](?:作者|本报|记者|通讯员|本版|据|完|文|综合)[^（）]{0,60}[）]$")
_ENDING = re.compile(r"[（](?:作者|(?:本报|全媒体|融媒体|见习|首席)*记者|通讯员|据[\u4e00-\u9fff]{2,12}(?:社|网|报|台))"
                     r"[^（）]{0,40}[）]$")  # fmt: skip
_SOURCE = re.compile(r"^[（]?(?:文章|稿件|信息)?(?:来源|转自|摘自|原载(?:于)?|据)[：:]?[^，。；]{2,24}[）]?$")
_PAGE = rf"(?:第?{_NUMERAL}{{1,3}}(?:[、—-]{_NUMERAL}{{1,3}})?(?:[、]{_NUMERAL}{{1,3}})*版)"
_JUMP = re.compile(
    rf"[（(【]?(?:(?:紧)?下转|转|上接|紧接|接|(?:相关)?(?:报道|新闻|内容|全文|图片|专版)?(?:详)?见|刊|更多[^，。]{{0,8}}见|请看)"
    rf"(?:今日|本报)?{_PAGE}[^，。）]{{0,6}}[）)】]?$"
)
_PAGE_LABEL = re.compile(rf"^[（(【]?[>►▶→☞◆■·.…-]*(?:详?见)?{_PAGE}[）)】]?$")
_TEASER = re.compile(rf"(?:[>►▶→☞…·.—-]+|详?见|[（(【]){_PAGE}[）)】]?$|[^转接第0-9]{_PAGE}$")
_INDEX_TITLE = re.compile(
    r"^[^\u4e00-\u9fff]{0,4}(?:(?:今日|本期|本版|要闻|新闻|本报|内容|精彩)?(?:导读|导航|看点|提要|提示|索引|目录|速览))[^\u4e00-\u9fff]{0,4}$"
)
_CAPTION = re.compile(r"^[（]?(?:[▲▼◀▶△▽]|(?:上|下|左|右|大|小|题|本版|资料)?图(?:为|片|①|②|③|[0-9一二三四]?[：:]))")
_TAG = re.compile(r"^[■□●◆◇▲★☆◎※▌▍|【\[]")
_DECK = re.compile(r"^(?:—{1,3}|-{2,})|(?:主持|出席|讲话|作出?批示|参加|致辞|主持会议|主持并讲话|出席并讲话|陪同)$")
_FURNITURE = re.compile(
    r"^(?:[0-9]{4}年)?[0-9]{1,2}月[0-9]{1,2}日?[^，。]{0,12}(?:星期|农历)|^星期[一二三四五六日]|(?:责任)?编辑[：:]|责编[：:]?|版式|校对[：:]?"
    r"|国内统一|刊号|邮发代号|总第[0-9]+期|第[0-9]{3,6}[期号]|今日[0-9一二四八十]+版|主管|主办[：:单]|(?:新闻|报料|投稿)热线|值班(?:编委|主任|总编)"
    r"|^(?:今日|今晚|明日|明天|本市|本县|我市|我县|城区|市区)?(?:天气|气温)(?:预报)?[：:]|^[^，。]{0,12}(?:晴|多云|阴|雨)[^，。]{0,14}[0-9]℃?[-~—至到]+-?[0-9]{1,2}℃"
)
_DAY_ALONE = re.compile(r"^[（]?[0-9]{4}年[0-9]{1,2}月(?:[0-9]{1,2}日)?(?:发布)?[）]?$")
_PAPER_ALONE = re.compile(
    r"^[\u4e00-\u9fff]{1,6}(?:日报|晚报|晨报|早报|时报|商报|周报|导报|晚刊|快报)(?:社(?:出版)?)?$"
)
_PAGE_ALONE = re.compile(
    rf"^[-—·.]*(?:第?{_NUMERAL}{{1,3}}[页版]|A?0[0-9])[-—·.]*$|^[-—·]*[0-9]{{1,3}}[-—·]+$|^第?{_NUMERAL}{{1,3}}版[：:·][\u4e00-\u9fff·]{{2,6}}$"
)
_PHONE = re.compile(
    r"(?:0[0-9]{2,3}[-—]?[0-9]{7,8}|1[3-9][0-9]{9}|[48]00[-—]?[0-9]{3,4}[-—]?[0-9]{3,4}|(?<![0-9.])[0-9]{8}(?![0-9.]))"
)
_SELLING = re.compile(
    r"热线|电话|咨询|地址|联系人|诚聘|诚邀|招聘|招商|招租|出租|转让|出售|急售|促销|优惠|折扣|特价|满减|抢购|订购|选购|扫码|二维码|微信|公众号"
    r"|广告|开盘|认购|旺铺|品鉴|惊喜|限时|有售|门店|专柜|零首付|买一送一|恭贺|惠顾|光临|遗失|声明作废|欢迎来电|欢迎致电"
)
_FAMILY = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓韩冯曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪"
    "范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤楼骆虞俞章鲍施翁"
)
NAME = re.compile(rf"^[□■●◇◆○]?[{_FAMILY}][\u4e00-\u9fff]{{1,2}}(?:[、][{_FAMILY}][\u4e00-\u9fff]{{1,2}})*$")
_OFFICE = re.compile(
    r"(?:党校|学院|大学|研究院|研究所|研究中心|学校|医院|政府|委员会|[省市县区镇乡局厅办部院委会])[\u4e00-\u9fff]{0,6}"
    r"(?:教授|讲师|研究员|副?校长|副?院长|副?主任|副?书记|副?[省市县区镇乡局厅处科所部会]长|委员|校委|干部|教师|博士|专家|学者)$"
)
_STATISTICIANS = re.compile(r"^(?:[\u4e00-\u9fff]{2,12}(?:统计局|调查总?队|统计办公室)){1,3}$")
NUMBERED = re.compile(
    r"^(?:[一二三四五六七八九十]{1,2}、|（[一二三四五六七八九十]{1,2}）|[0-9]{1,2}[.、](?![0-9])"
    r"|第[一二三四五六七八九十]{1,2}[、，章节]|[①-⑩])"
)
BARE_NAME = re.compile(r"^[\u4e00-\u9fff](?: ?[\u4e00-\u9fff]){1,2}$")
_SPOKEN = re.compile(
    r"^[^，。]{0,10}(?:指出|强调|要求|认为|表示|介绍|了解|获悉|统计|显示|据悉|来看|期间|同时|此外|目前|如今|近日|日前|近年来|今年|去年|其中)，"
    r"|^[^，。]{2,10}以来，|^(?:[0-9]{4}年|[0-9]{1,2}月|[0-9]{1,2}日|截至|当天|当日|昨[天日晚]|今[天日])[^，。]{0,10}，|^据|^[^，。]{2,14}(?:说|称)[：，]"
)
# These begin a sentence, or follow its subject on the other side of a column break.
_PREPOSED = re.compile(r"^(?:随着|为了|为|通过|针对|围绕|面对|作为|当|由于|根据|按照|自|从|在)[^，。]{2,30}，")
_ASKED = re.compile("^(?:本报|本刊)?(?:记者|主持人|问|答|网友|读者|Q|A)[0-9]?：")
_CUT = re.compile(
    r"(?:，[^ ，]*[\u4e00-\u9fff][0-9.]+"
    r"|[，、；：（“‘的在和与及并对为将把被从向以于由给让使比跟或而且则又也都还就才更很最约近超达共]|[“（‘《][^”）’》]*)$"
)
# Words that end in one of these characters and may end a headline.
_WHOLE = re.compile(
    r"(?:[人揽引英育聚爱招]才|[祥平温缓]和|[方走导动转]向|平等|自由|合并|[应绝相]对|参与|[作有行]为|供给|[大天]使|[评占对]比|[规原]则|[首古]都"
    r"|[成造]就|变更|[节签公预履守]约|靠近|赶超|[发直到表抵送]达|公共|[存所]在|目的)$"
)


def is_spoken_start(flat: str) -> bool:
    """The words begin a sentence of running text: 会议指出，; 截至目前，; 随着……，."""
    return bool(_SPOKEN.match(flat) or _PREPOSED.match(flat) or _DATELINE.match(flat))


def is_preposed(flat: str) -> bool:
    """The words begin with a preposition, and may also follow a subject that stands before them."""
    return bool(_PREPOSED.match(flat))


def line_of(row: Row) -> Line:
    """A row with its shape, as far as it shows without its neighbours."""
    words = row.words.strip()
    flat = words.replace(" ", "").replace("**", "") or words
    shape, is_start, is_end = _shape(flat, words, row.level)
    parts, jump, breaks = tuple(row.parts), None, tuple(row.breaks)
    found = _JUMP.search(words) if shape is Shape.BODY else None
    if found and found[0][0] in "（(【" and found.start() and not row.is_beside:
        parts, jump = _without(parts, len(found[0]))
        words, breaks = words[: found.start()], breaks[: len(parts) - 1]
        is_end = "接" not in found[0]
    return Line(
        parts, words, row.level, shape, is_start, is_end, jump, row.is_close,
        is_scattered=row.is_beside and len(parts) > 1, breaks=breaks,
    )  # fmt: skip


def _without(parts: tuple[Span, ...], size: int) -> tuple[tuple[Span, ...], Span]:
    """The parts without so many characters at their end, and the place of these."""
    kept, end = list(parts), parts[-1][1]
    while size >= kept[-1][1] - kept[-1][0]:
        start, stop = kept.pop()
        size -= stop - start
    start = kept[-1][1] - size if size else parts[len(kept)][0]
    kept[-1] = kept[-1][0], kept[-1][1] - size
    return tuple(kept), (start, end)


def begins(before: str, words: str) -> bool:
    """After `before` the words begin something new, however full the line was."""
    flat = words.replace(" ", "")
    if _DATELINE.match(flat) or _AUTHOR.match(flat) or _JUMP.fullmatch(flat) or _TAG.match(flat):
        return True
    if is_terminated(before):
        return bool(NUMBERED.match(flat))
    # A headline as wide as the column, and another short line under it.
    is_title = " " in before and not re.search("[，。；：、]", before)
    return is_title and len(flat) <= HEAD_LENGTH_MAX // 3 and not is_terminated(words)


def shaped(line: Line, shape: Shape, is_start: bool = False, is_end: bool = False) -> Line:
    """The line with another shape."""
    return replace(line, shape=shape, is_start=is_start, is_end=is_end)


def _shape(flat: str, words: str, level: int) -> tuple[Shape, bool, bool]:
    """(shape, starts an article, ends one)."""
    length = len(flat)
    if _DATELINE.match(flat) and length > 20:
        return Shape.BODY, True, bool(_ENDING.search(flat))
    if length <= HEAD_LENGTH_MAX:
        special = _short_shape(flat, words)
        if special:
            return special
    if _is_advert(flat):
        return Shape.ADVERT, False, False
    if _looks_like_head(flat, level):
        return Shape.HEAD, False, False
    return Shape.BODY, False, bool(_ENDING.search(flat))


def _short_shape(flat: str, words: str) -> tuple[Shape, bool, bool] | None:
    """The shapes that only a short line has."""
    if _INDEX_TITLE.match(flat):
        return Shape.INDEX_TITLE, False, False
    if _PAGE_ALONE.match(flat) and not _PAGE_LABEL.match(flat):
        return Shape.FURNITURE, False, False
    if _PAGE_LABEL.match(flat):
        return Shape.PAGE_LABEL, False, False
    jump = _JUMP.search(flat)
    if jump and len(flat) - len(jump[0]) < 2:
        return Shape.JUMP, "接" in jump[0], "接" not in jump[0]
    if _AUTHOR.match(flat):
        return Shape.CREDIT, False, True
    if _CAPTION.match(flat):
        return Shape.CAPTION, False, False
    if _SOURCE.match(flat) and not is_spoken_start(flat):
        return Shape.SOURCE, False, True
    if is_signature(words) or _STATISTICIANS.match(flat):
        return Shape.BYLINE, False, False
    if _is_byline(flat, words):
        return (Shape.CREDIT if _PHOTO.search(flat) else Shape.BYLINE), False, False
    if (_FURNITURE.search(flat) and "。" not in flat) or _DAY_ALONE.match(flat) or _PAPER_ALONE.match(flat):
        return Shape.FURNITURE, False, False
    if flat[-1:] not in TERMINAL and _TEASER.search(flat):
        return Shape.TEASER, False, False
    if _TAG.match(flat) and flat[-1:] not in "。；，" and len(flat) <= 30:
        return Shape.TAG, False, False
    if _DECK.search(flat) and "。" not in flat and (len(flat) <= 20 or flat[0] in "—-"):
        return Shape.DECK, False, False
    return None


def is_signature(words: str) -> bool:
    """A name, a space, and where its bearer works: 李青 云溪县委党校讲师."""
    name, _, office = words.partition(" ")
    return (
        bool(NAME.match(name) or BARE_NAME.match(name))
        and 6 <= len(office) <= 30
        and name[0] in _FAMILY
        and bool(_OFFICE.search(office))
        and not re.search("[，。；：！？0-9“”]", office)
    )


def _is_byline(flat: str, words: str) -> bool:
    """Role words and names, nothing else: 本报记者 张三 通讯员 李四; or, after a mark, an office and a name."""
    marked = re.match(r"[□○◇■●◆] ?(.+)", words)
    if marked and len(flat) <= 26 and (NAME.match(marked[1].split(" ")[-1]) or BARE_NAME.match(marked[1])):
        return True
    if not _HAS_ROLE.search(flat) and not _PHOTO.fullmatch(flat):
        return False
    if re.search(r"[。；？！“”0-9]", flat) or len(flat) > 45:
        return False
    rest = [name for name in _ROLES.split(words) if name]
    loose = [name for name in rest if not re.fullmatch(r"[\u4e00-\u9fff]{1,4}|摄|文|图", name)]
    return not loose or (len(flat) <= 30 and all(len(name) <= 12 and _HAS_ROLE.match(flat) for name in loose)
                         and " " not in words)  # fmt: skip


def _is_advert(flat: str) -> bool:
    """Two selling words and a telephone, or more of them in a short text; a report may end with one telephone."""
    if len(flat) > 220:
        return False
    if flat in ("广告", "公益广告") or flat.startswith("公益广告"):
        return True
    told, _, _ = flat.rstrip("。").rpartition("。")
    if told.count("。") + told.count("，") >= 2 and len(told) >= 20 and not _SELLING.search(told):
        return False
    selling = len(set(_SELLING.findall(flat)))
    return (selling > 0 and bool(_PHONE.search(flat))) or selling >= 3


def _looks_like_head(flat: str, level: int) -> bool:
    length = len(flat)
    if length > HEAD_LENGTH_MAX or not re.search(r"[\u4e00-\u9fffA-Za-z]", flat):
        return False
    if level:
        return "。" not in flat[:-1]
    if NUMBERED.match(flat):  # 一、先把短板看清，再……: commas and all
        return length <= 48 and "。" not in flat and flat[-1] not in "；，、："
    if _ASKED.match(flat):
        return False
    if flat[0] in "，。、；：！？”’）》" or flat[-1] in "。；，、：…" or "。" in flat or is_spoken_start(flat):
        return False
    if flat[-1] in "？！" or flat[-2:] in ("？”", "！”"):
        return len(flat) <= 26 and flat.count("，") <= 1
    # A headline separates its parts by spaces; a long line with commas is a column that broke off.
    commas = flat.count("，")
    if (commas and length >= 28) or (commas > 1 and length > 20):
        return False
    is_cut = _CUT.search(flat) and not _WHOLE.search(flat)
    return not is_cut and flat.count("”") == flat.count("“")
