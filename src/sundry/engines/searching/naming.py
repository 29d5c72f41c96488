"""A name for goods in a language in which nobody named them.

Problem: a stall writes 粉色陶瓷马克杯 and nothing else, and a buyer who reads Arabic sees a photo and four characters.
A sentence made of a dictionary would be wrong in gender and order in most languages; a list is right in all:

    粉色陶瓷马克杯      mug · pink · ceramic        taza · rosa · cerámica

Therefore what the title names is told one by one, what is sold first. It says that it is a list by being one.
"""

from __future__ import annotations

from collections.abc import Sequence

from sundry.engines.searching.lexicon import Kind, Language, Lexicon

BETWEEN = " · "
BESIDES_MAX = 5  # concepts told beside what is sold

# What the trade says of all goods tells nothing about one.
_SAID_OF_ALL = frozenset({"wholesale", "new_arrival", "in_stock", "cheap", "fashion", "creative", "custom"})


def name_in(language: Language, concepts: Sequence[str], lexicon: Lexicon) -> str:
    """The names of `concepts` in a language, as `Tagged.concepts` has them: the first noun is what is sold and stands
    first. Empty where there is no noun. What is only a wider word for it (a cup beside a mug) is not said."""
    known = [key for key in dict.fromkeys(concepts) if key in lexicon.concepts]
    head = next((key for key in known if lexicon.concepts[key].kind is Kind.NOUN), None)
    if head is None:
        return ""
    told = {head, *lexicon.wider(head), *_SAID_OF_ALL}
    besides = [key for key in known if key not in told][:BESIDES_MAX]
    names = dict.fromkeys(lexicon.name(key, language) for key in (head, *besides))
    return BETWEEN.join(names)
