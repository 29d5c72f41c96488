from sundry.engines.searching.model import Filters
from sundry.engines.searching.querying import query_of
from sundry.engines.searching.understanding import Understood


def test_words_beside_a_known_noun_are_wishes() -> None:
    understood = Understood("en", "hello kitty umbrella", head=("umbrella",), words=("hello", "kitty"))
    query = query_of(understood, limit=5, filters=Filters(ready=True))
    assert (query.head, query.words, query.wishes) == (("umbrella",), (), ("hello", "kitty"))
    assert (query.limit, query.filters.ready, query.language) == (5, True, "en")


def test_words_without_one_must_be_in_the_name() -> None:
    query = query_of(Understood("en", "pink kitty ab-1", modifiers=(("pink",),), words=("kitty",), codes=("ab-1",)))
    assert (query.modifiers, query.words, query.wishes, query.codes) == ((("pink",),), ("kitty",), (), ("ab-1",))
