"""What the tests of the grammar share: a home that does not exist, a day, and a sentence that was read."""

from __future__ import annotations

from datetime import date

from sundry.engines.reading.context import Context, Line
from sundry.engines.reading.grammar import Sentence
from sundry.engines.reading.lexer import lex
from sundry.engines.reading.model import Period, Region, Type
from sundry.engines.reading.sentence import Draft
from sundry.engines.reading.view import view_of

HOME = Region("350999", "青禾市")
ISSUED = date(2031, 5, 18)


def sentence_of(text: str, context: Context | None = None) -> Sentence:
    """One sentence, read. `text` is all of it."""
    view = view_of(text)
    line = Line(view, tuple(range(len(view))))
    tokens = lex(view, 0, len(view), issued=ISSUED, home=HOME)
    sentence = Sentence(line, 0, len(view), tokens, context or Context(), HOME, Period("asof 2031-05"))
    sentence.read()
    return sentence


def drafts_of(text: str, context: Context | None = None) -> list[Draft]:
    return sentence_of(text, context).drafts


def one(text: str, type_: Type, context: Context | None = None) -> Draft:
    """The only draft of a type."""
    (draft,) = (draft for draft in drafts_of(text, context) if draft.type is type_)
    return draft
