"""A name for goods in a language in which nobody named them.

Problem: a stall writes 粉色陶瓷马克杯 and nothing else, and a buyer who reads Arabic sees a photo and four characters.
A sentence made of a dictionary would be wrong in gender and order in most languages; a list is right in all:

    粉色陶瓷马克杯      Mug · pink · ceramic        Taza · rosa · cerámica
    围脖头巾            Neck warmer                 not: Neck warmer · bandana

Therefore what the title names is told one by one, what is sold first. It says that it is a list by being one. A second
noun would make two goods of it: it is told only beside one that says nothing without it (Cover · tablet).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sundry.engines.searching.lexicon import Concept, Kind, Language, Lexicon

BETWEEN = " · "
BESIDES_MAX = 5  # concepts told beside what is sold

# What the trade says of all goods tells nothing about one.
_SAID_OF_ALL = frozenset({"wholesale", "new_arrival", "in_stock", "cheap", "fashion", "creative", "custom"})
# Nouns that are a part of, or a place for, something else.
_OF_SOMETHING = frozenset(
    {"cover_case", "holder", "rack_stand", "box", "storage_box", "bag", "parts", "lid_cap", "handle", "strap"}
)
_SHORT_FORMS = re.compile(r"\b(?:3d|abs|diy|eva|hdmi|led|mdf|pet|pp|pu|pvc|rc|rgb|spf|tpu|tv|usb|uv|пвх|тпу|эва)\b")


def name_in(language: Language, concepts: Sequence[str], lexicon: Lexicon) -> str:
    """The names of `concepts` in a language, as `Tagged.concepts` has them: the first noun is what is sold and stands
    first. Empty where there is no noun. What is only a wider word for it (a cup beside a mug) is not said."""
    known = [lexicon.concepts[key] for key in dict.fromkeys(concepts) if key in lexicon.concepts]
    head = next((concept for concept in known if concept.kind is Kind.NOUN), None)
    if head is None:
        return ""
    left_out = {head.key, *lexicon.wider(head.key), *_SAID_OF_ALL}
    left = [concept for concept in known if concept.key not in left_out]
    besides = [concept for concept in left if concept.kind is not Kind.NOUN]
    if head.key in _OF_SOMETHING:
        besides = [each for each in left if each.kind is Kind.NOUN and not _same(each, head)][:1] + besides
    names = dict.fromkeys(lexicon.name(each.key, language) for each in (head, *besides[:BESIDES_MAX]))
    return _written(BETWEEN.join(names))


def _same(one: Concept, other: Concept) -> bool:
    """Whether one name means both: then they are what a head may mean, not two things."""
    return any(not set(one.forms[language]).isdisjoint(other.forms[language]) for language in one.forms)


def _written(name: str) -> str:
    """As names are written: short forms and the first letter large (in Chinese and Arabic there are none)."""
    name = _SHORT_FORMS.sub(lambda found: found[0].upper(), name)
    return name[:1].upper() + name[1:]
