"""The traps of the engine beneath, each as a test: whoever changes the schema meets them here and not in a market."""

import tantivy
from searching.small_market import good, small_analyser

from sundry.engines.searching.entries import entries
from sundry.engines.searching.schema import Marks, document_of, schema, whitespace


def test_deleting_by_a_number_deletes() -> None:
    """By a term of an UNSIGNED field nothing is deleted, silently: all whole numbers of the schema are signed."""
    index = tantivy.Index(schema())
    index.register_tokenizer("whitespace", whitespace())
    marks = Marks(small_analyser().wider)
    writer = index.writer(15_000_000, 1)
    for entry in entries((good(number, "red cup") for number in range(10)), small_analyser()):
        writer.add_document(document_of(entry, marks))
    writer.commit()
    for number in (3, 4, 5, 99):
        writer.delete_documents_by_term("number", number)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    assert index.searcher().num_docs == 7


def test_the_marks_say_how_near_a_good_is() -> None:
    (entry,) = entries([good(1, "crimson mug", collections=("hot",), sold=5)], small_analyser())
    document = document_of(entry, Marks(small_analyser().wider))
    (marks,) = document["marks"]
    assert sorted(marks.split()) == sorted(
        ("crimson", "+crimson", "red", "mug", "=mug", "^mug", "cup", "^cup", "drinkware", "^drinkware")
        + ("tier:4", "collection:hot", *(f"@{key}" for key in entry.document.category))
        + (("ready:yes",) if entry.document.ready else ())
    )
