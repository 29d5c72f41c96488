"""The noun that a number belongs to, where the dictionary has no name for it.

Problem: most quantities of a town are not in a dictionary, and Chinese prints no spaces.

    全年新建口袋公园26个        the noun stands before the number:   口袋公园
    86家本地陶瓷企业携新品亮相    the noun stands after its count word: 本地陶瓷企业
    预计签下近40万元的合同       money has its noun after 的:           合同

Therefore a noun is what is left of the clause when verbs (verbs.yaml), adverbs and particles are cut off. It is a
phrase of the page, never a guess: where nothing is left there is no noun, and the number is not published.
"""

from __future__ import annotations

import re
from importlib.resources import files

import yaml

VERBS: tuple[str, ...] = tuple(
    yaml.safe_load(files("sundry.engines.reading").joinpath("verbs.yaml").read_text("utf-8"))["verbs"].split()
)
_HAS = r"(?<![拥共现设所没国私])有(?![限效色机关轨线序])"
_ABOUT = "(?<![签预合契特公条大节制])约"  # 签约 is no 约
_WORDS = sorted((re.escape(one) for one in VERBS if one != "约"), key=len, reverse=True)
_VERB = re.compile("|".join([*_WORDS, _ABOUT, _HAS]))
_TAIL = re.compile(
    r"(?:共|共计|总计|合计|累计|总共|已|已经|达到|达|为|有|近|约|超过|超|突破|逾|余|实现|完成|新增|增加"
    r"|上调|下调|调整|调高|调低|增至|增长|提升|至|到|了|的|均|仅|只|就|是"
    r"|也|(?<![相对反])应[为是]|控制在|稳定在|保持在|维持在|预计|将|可|不少于|不低于|不超过|高达|多达|首次|跃上|迈上|站上|迈过|人民币|｜|一共"
    r"|全部|分别|各|每|由|从|在|让|使|把|“|”|‘|’|《|》|：|\s)+$"
)
_SINCE = re.compile(r"(?:从|由)(?:最初|当初|原来|过去|起初|原先|以前|现在)?$")
_ET_CETERA = re.compile(r"等(?:各类|各种|多种|一批|多个|新)|(?<=.、)[^、]{1,10}(?<![高平同中初对何均])等(?![级候待])")
# nouns that say nothing without the verb before them: 招聘活动, 引进项目
_HEADS = re.compile(
    r"强度|模式|技术|方式|能力|企业|群众|居民|职工|农户|学生|老人|产品|活动|工作|项目|人数|人员|面积|金额"
    r"|资金|基地|平台"
    r"|机构|数量|次数|里程|规模|服务|任务|业务|案件|班次|人次|品种|户数"
)
_SHORT = frozenset("村县镇省市区校馆厂店国")  # nouns of one sign
_LEAD = re.compile(
    r"^(?:第[一二三四五六七八九十]+年|[0-9]+[余多]?[家个户所座](?=[\u4e00-\u9fff]{3})"
    r"|(?:[0-9]+(?:[到至-][0-9]+)?|[一二两三四五六七八九十]+)(?:年|个月|天)(?:内|来|间|就)|当年|的|了|以上|以下|左右|上下"
    r"|和|与|及|以及|并|而|且|但|也|还|又|再"
    r"|就(?!业)|将|把|在"
    r"|对(?!.{1,10}(?:出口|进口))|向|从(?!事)|由|被|让|使|其中|其(?![他余它])|我市|全市|我县|全县|我区|全区"
    r"|全年|累计|共|已|今年|本市|当地|各类|来自|通过|为|是|有(?![机效限色关序])|等|“|”|‘|’|、|\s|｜|个"
    r"|一个|这些|该|此)+"
)
_STOP = re.compile(r"[，。；：、！？…（）()“”‘’《》\s｜·—%]")
_TITLED = re.compile(
    r"(?:(?:国家|省|市|县)级|全国|全省|省|市)?(?:专精特新|科技型)?“[\u4e00-\u9fffA-Za-z0-9+]{2,8}”"
    r"(?=企业|产品|品牌|基地|项目|店|车间|工厂|村|社区|称号|试点|园区)"
)
_QUOTED_BEFORE = re.compile(r"“[\u4e00-\u9fff]{1,8}”$")
_PARTICLE = re.compile(
    r"携|亮|榜上|上榜|名列|位列|在列|参展|参加|参会|齐全|签约|落地|落户|完成|实现|同比|增长|下降|上涨|占|在|与|和(?![平谐睦])"
    r"|以(?![上下内外及])|将|把|被|由|从|(?<![针面相应])对|给|到|于|就(?![业医诊读餐])|等|里|集中|中(?!国"
    r"|小|心|欧|学|医|高)"
    r"|(?<![以规限线网])上(?![市海门游])|下|的|了|后|时|起|(?<![平人])均|都|已|正|可|并|而|为|是|有|提供"
    r"|享受|初步|全部|(?<![未将以往近原外历])来(?!源|宾)|保持|呈现|扎实|稳步|有序|顺利|陆续|如期|共(?!同"
    r"|建|享|富|和)|走(?!廊)|去|连成|前来|(?<!就业)创业$|调研"
    r"|考察|访问|组成|入驻|入选|获|通过|开工|投产|投用|竣工|框架|进行|设立|报名|从事|说|表示|常驻"
)
HAN = re.compile(r"[\u4e00-\u9fffA-Za-z]|[0-9]{1,2}[A-Z]")


def before(head: str) -> tuple[int, int] | None:
    """Where in `head` the noun stands that a number at its end belongs to: what follows the last verb or boundary."""
    end = len(head)
    cut = _TAIL.search(head)
    if cut:
        end = cut.start()
    cut = _SINCE.search(head, 0, end)
    if cut:
        end = cut.start()
    start = 0
    for stop in _STOP.finditer(head, 0, end):
        start = stop.end()
    for verb in _VERB.finditer(head, start, end):
        if end - verb.end() >= 2 and not _HEADS.fullmatch(head, verb.end(), end):
            start = verb.end()
    group = _ET_CETERA.search(head, start, end)
    if group is not None and end - group.end() >= 2:
        start = group.end()
    lead = _LEAD.match(head[start:end])
    start += lead.end() if lead else 0
    if _VERB.fullmatch(head, start, end):
        return None
    if start and head[start - 1] == "超" and head[start].isdecimal():
        start -= 1  # 超20亿元项目
    if end - start < 2 or not HAN.search(head[start:end]):
        return None
    titled = _QUOTED_BEFORE.search(head, 0, start) if end - start <= 6 else None
    return (titled.start() if titled is not None else start, end)  # “春耕”用肥


def after(tail: str, *, needs_de: bool = False) -> tuple[int, int] | None:
    """Where in `tail` the noun stands that a number just before it counts. `needs_de`: only behind 的, as of money."""
    start = 0
    if needs_de:
        if not tail.startswith("的"):
            return None
        start = 1
    elif tail.startswith("的"):
        start = 1
    rest = tail[start:]
    if rest.startswith(("以及", "及", "和", "与", "并")):
        return None
    titled = _TITLED.match(rest)  # 家“小巨人”企业
    stop = _STOP.search(rest, titled.end() if titled else 0)
    end = stop.start() if stop else len(rest)
    for cut in _PARTICLE.finditer(rest, titled.end() if titled else 0, end):
        end = cut.start()
        break
    verb = _VERB.search(rest, titled.end() if titled else 2, end)
    end = verb.start() if verb else end
    end = len(re.sub("(?:合作|活动|工作)$", "", rest[:end])) if end > 4 else end
    is_noun = end >= 2 or (end == 1 and rest[0] in _SHORT)
    return (start, start + end) if is_noun and HAN.match(rest) else None


QUOTED = re.compile(r"“([^“”]{1,80})”")


def is_listed(text: str, start: int, end: int, value: int, noun: str) -> bool:
    """Whether the things that `text[start:end]` counts stand beside it: so many quoted ones, phrases, or 一是 二是.

    三篇文章 after three quoted names is a count of something; a slogan such as 五个坚持 alone is a name.
    """
    back = text[:start].rstrip("、和与及的 “")
    back = back.removesuffix("等").rstrip()
    front = text[end : end + 400].lstrip("”、")
    quoted = list(QUOTED.finditer(back))
    run = 0
    place = len(back)
    for one in reversed(quoted):
        if place - one.end() > 1:
            break
        run, place = run + 1, one.start()
    if run == value:
        return True
    if run == 1 and len([part for part in re.split("[，、；]", quoted[-1][1]) if part]) == value:
        return True
    clause = re.split("[，。；：！？“”]", back)[-1]
    if run == 0 and "、" in clause and len([part for part in re.split("、|以及|和", clause) if part]) == value:
        return True
    return _is_listed_after(front, value, noun)


def _is_listed_after(front: str, value: int, noun: str) -> bool:
    firsts = len(re.findall(r"(?:^|[，。；：、])(?:[一二三四五六七八九十]是|其[一二三四五六七八九十][是，])", front))
    if firsts == value:
        return True
    lead = re.search(r"(?:，|：|——)?(?:即|包括|分别是|分别为|就是|：)", front)
    if lead is None or lead.start() > 40:
        return False
    told = front[lead.end() :].split("。")[0]
    groups = [QUOTED.findall(group) for group in re.split("以及|，(?!“)|；", told)]
    if any(len(group) == value or (noun == "字" and len("".join(group)) == value) for group in groups if group):
        return True
    plain = [part for part in re.split("、|和|以及", re.split("[，；]", told)[0]) if part]
    return len(plain) == value
