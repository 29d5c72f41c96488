"""What reads by our lexicon, made once for all tests."""

from __future__ import annotations

from sundry.engines.searching.lexicon import lexicon
from sundry.engines.searching.tagging import Tagger
from sundry.engines.searching.understanding import Understanding

TAGGER = Tagger(lexicon())
UNDERSTANDING = Understanding(lexicon())
