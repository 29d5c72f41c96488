"""Papers typeset one by one are one PDF: all pages, one tree for a screen reader, nothing of a name changed."""

from __future__ import annotations

import io
from typing import Any

import pytest
from pypdf import PdfReader

from sundry.base.papers.joining import joined, typeset_in_turn
from sundry.base.papers.pages import typeset

TEMPLATE = """
#set page(width: 60mm, height: 40mm, footer: context [page #counter(page).display()])
#data.name
#table(columns: 2, table.header([head], [#data.name]), ..data.cells)
"""
STRANGE = "endobj 3 0 R (U1x0y0) /StructParents 7 stream"


def paper(name: str, cells: int = 2) -> dict[str, Any]:
    return {"title": f"of {name}", "language": "en", "name": name, "cells": [f"{name}{at}" for at in range(cells)]}


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf), strict=True)


def test_pages_stand_one_after_another_and_each_paper_counts_its_own() -> None:
    papers = [paper("one", 30), paper("two"), paper("three", 30)]
    alone = [len(read(typeset(TEMPLATE, each)).pages) for each in papers]
    assert alone[0] > 1
    found = read(typeset_in_turn(TEMPLATE, papers))
    texts = [page.extract_text() for page in found.pages]
    assert len(texts) == sum(alone)
    assert texts[0].startswith("one")
    assert texts[alone[0]].startswith("two")
    assert "page 1" in texts[alone[0]]
    assert texts[-1].count("three") > 0
    assert found.metadata is not None
    assert found.metadata.title == "of one"


def test_a_screen_reader_walks_one_tree() -> None:
    """Every page finds its own place in the tree, and every name of a cell leads to one cell of its paper."""
    found = read(typeset_in_turn(TEMPLATE, [paper("one"), paper("two")]))
    catalogue: Any = found.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    tree = catalogue["/StructTreeRoot"]
    assert len(tree["/K"]) == 2
    numbers = tree["/ParentTree"]["/Nums"]
    assert [int(number) for number in numbers[::2]] == list(range(len(found.pages)))
    assert [int(page["/StructParents"]) for page in found.pages] == list(range(len(found.pages)))
    for page, entry in zip(found.pages, numbers[1::2], strict=True):
        pages = {element.get_object()["/Pg"].indirect_reference.idnum for element in entry.get_object()}
        assert pages == {page.indirect_reference.idnum}
    names = tree["/IDTree"]["/Names"]
    cells = [str(name) for name in names[::2]]
    assert len(cells) == len(set(cells)) == 4
    assert cells == sorted(cells)
    for name, element in zip(cells, names[1::2], strict=True):
        assert element.get_object()["/ID"] == name


def test_names_are_only_text() -> None:
    found = read(typeset_in_turn(TEMPLATE, [paper(STRANGE), paper(STRANGE)]))
    assert found.metadata is not None
    assert found.metadata.title == f"of {STRANGE}"
    assert len(found.pages) == 2 * len(read(typeset(TEMPLATE, paper(STRANGE))).pages)


def test_one_paper_is_left_as_it_is_and_the_same_papers_are_the_same_bytes() -> None:
    one, two = (typeset(TEMPLATE, paper(name)) for name in ("one", "two"))
    assert joined([one]) == one
    assert joined([one, two]) == joined([one, two]) != joined([two, one])


def test_another_program_s_pdf_is_refused() -> None:
    with pytest.raises(ValueError, match="not a paper of the house"):
        joined([b"%PDF-1.7 trailer startxref 0", b""])
