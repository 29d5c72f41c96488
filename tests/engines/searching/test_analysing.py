from sundry.engines.searching.analysing import analyser
from sundry.engines.searching.entries import Nearness, entries
from sundry.engines.searching.lexicon import ExtraForm, lexicon
from sundry.engines.searching.model import Document


def test_a_chinese_name_is_read_by_the_trade_lexicon() -> None:
    (entry,) = entries([Document(1, 1, {"zh": "粉色陶瓷马克杯批发 AB-1234"})], analyser())
    assert entry.near["mug"] is Nearness.HEAD
    assert entry.near["pink"] is Nearness.NAMED
    assert {"马克杯", "ab1234"} <= set(entry.words)


def test_another_lexicon_is_another_version() -> None:
    more = lexicon().with_forms([ExtraForm("mug", "en", "slurper")])
    assert analyser() is analyser()
    assert analyser(more).lexicon != analyser().lexicon
    assert analyser(more).names("en")["slurper"] == ("slurper", "mug")
    assert analyser().names("xx") == {}
    assert analyser().segmenter.startswith("rjieba ")
