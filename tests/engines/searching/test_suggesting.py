from sundry.engines.searching.model import Suggestion
from sundry.engines.searching.suggesting import Names, suggestions

NAMES = Names(
    {
        "tea cup": ("Tea cup", "tea_cup"),
        "tea": ("tea", "tea"),
        "teapot": ("teapot", "teapot"),
        "tea pot": ("tea pot", "teapot"),
        "toy": ("toy", "toy"),
    }
)


def test_a_concept_is_suggested_once_by_its_shortest_name_that_begins_so() -> None:
    assert NAMES.beginning("tea", 8) == [
        Suggestion("tea", "tea"),
        Suggestion("teapot", "teapot"),
        Suggestion("Tea cup", "tea_cup"),
    ]
    assert NAMES.beginning("tea p", 8) == [Suggestion("tea pot", "teapot")]
    assert NAMES.beginning("x", 8) == []
    assert len(NAMES.beginning("t", 2)) == 2


def test_words_of_names_follow_where_stems_are_words() -> None:
    words = [("teaser", 9), ("tea", 5), ("teal", 1)]
    assert [each.text for each in suggestions(NAMES, "tea", "en", words, 8)] == ["tea", "teapot", "Tea cup", "teaser"]
    assert [each.text for each in suggestions(NAMES, "tea", "ru", words, 8)] == ["tea", "teapot", "Tea cup"]
    assert suggestions(NAMES, "", "en", words, 8) == ()
