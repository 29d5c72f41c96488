"""Our lexicon's readers, made once for all tests."""

from __future__ import annotations

from sundry.engines.searching.lexicon import lexicon
from sundry.engines.searching.tagging import Readers, Tagger
from sundry.engines.searching.understanding import Understanding

_READERS = Readers(lexicon())
TAGGER = Tagger(lexicon(), _READERS)
UNDERSTANDING = Understanding(lexicon(), _READERS)
