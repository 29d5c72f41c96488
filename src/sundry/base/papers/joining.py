"""Papers that were typeset one by one, as one PDF.

Problem: a typesetter keeps all it has laid out until the paper ends: 150 MB a container of 1,000 cartons, 5 GB for 33.
Typeset one by one and joined they take as much as the largest few.

Worked case: two papers of 44 pages. The joined one has a list of 88 pages and one tree of two parts; page 45, the first
of the second paper, is entry 44 of the tree, for entries begin at 0, and all its objects have new numbers.

Therefore objects get new numbers, the pages stand one after another, and the trees that a screen reader walks become
one; the names of table cells get the number of their paper before them, for each paper begins them anew. This is for
papers of `pages.typeset` alone: plain objects, one list of pages, one tree (PDF 1.7, ISO 32000-1, 7.5 and 14.7).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from sundry.base.papers.pages import typeset

_PAGES, _TREE = 1, 2
_EMPTY = 3
# A text in brackets stays as it is, whatever stands in it; a reference and a page's place in the tree do not.
_CHANGED = re.compile(rb"\((?:\\.|[^\\()])*\)|\b(\d+) 0 R\b|/StructParents (\d+)")
_CELL = re.compile(rb"\(U(\d+x\d+y\d+)\)")


class _Paper(NamedTuple):
    objects: dict[int, bytes]
    catalogue: int
    pages: int
    tree: int
    info: int


def typeset_in_turn(template: str, parts: Iterable[Mapping[str, Any]]) -> bytes:
    """The PDF of several papers of one template, one after the other; each counts its own pages. As `pages.typeset`.

    typst gives up what it has laid out when ten papers did not need it: a few empty ones after each make it sooner.
    """
    import typst

    papers = []
    for data in parts:
        papers.append(typeset(template, data))
        for _ in range(_EMPTY):
            typst.compile(b"", ignore_system_fonts=True, format="svg")
    return joined(papers)


def joined(papers: Sequence[bytes]) -> bytes:
    """All pages of the papers, in their order; title and language are those of the first. One is left as it is.

    ValueError: one of them is no PDF as typst writes it.
    """
    if len(papers) == 1:
        return papers[0]
    read = [_read(paper) for paper in papers]
    made: dict[int, bytes] = {}
    kids: list[bytes] = []
    tops: list[bytes] = []
    nums: list[bytes] = []
    names: list[bytes] = []
    shown = 0
    for place, paper in enumerate(read):
        given = _numbers(paper, len(made) + _TREE + 1, is_first=place == 0)
        change = _changing(given, shown, place)
        kids.append(change(_inside(rb"/Kids\[([^\]]*)\]", paper.objects[paper.pages])))
        tree = paper.objects[paper.tree]
        tops.append(change(_inside(rb"/K\[([^\]]*)\]", tree)))
        entries = re.findall(rb"(\d+) (\d+ 0 R)", _inside(rb"/Nums\[([^\]]*)\]", tree))
        nums += [b"%d %s" % (int(key) + shown, change(value)) for key, value in entries]
        names.append(change(_inside(rb"/Names\[([^\]]*)\]", tree)) if b"/Names" in tree else b"")
        shown += len(entries)
        for old, number in given.items():
            if number > _TREE:  # in a title everything stays as it is
                made[number] = paper.objects[old] if old == paper.info else _changed(paper.objects[old], change)
    first = read[0]
    count = sum(kid.count(b" R") for kid in kids)
    made[_PAGES] = b"<</Type/Pages/Count %d/Kids[%s]>>\n" % (count, b" ".join(kids))
    roles = re.search(rb"/RoleMap<<[^>]*>>", first.objects[first.tree])
    lists = roles[0] if roles else b"", b" ".join(tops), b" ".join(nums), b"".join(names)
    made[_TREE] = b"<</Type/StructTreeRoot%s/K[%s]/ParentTree<</Nums[%s]>>/IDTree<</Names[%s]>>" % lists
    made[_TREE] += b"/ParentTreeNextKey %d>>\n" % shown
    given = _numbers(first, _TREE + 1, is_first=True)
    return _written(papers, made, given[first.catalogue], given[first.info])


def _read(paper: bytes) -> _Paper:
    trailer = paper[paper.rfind(b"trailer") :]
    start = int(_inside(rb"startxref\s+(\d+)", trailer))
    entries = re.findall(rb"(\d{10}) \d{5} ([nf])", paper[start:])
    offsets = {number: int(offset) for number, (offset, kind) in enumerate(entries) if kind == b"n"}
    ends = dict(pairwise([*sorted(offsets.values()), start]))
    objects = {number: _content(paper[offset : ends[offset]]) for number, offset in offsets.items()}
    catalogue = int(_inside(rb"/Root (\d+) 0 R", trailer))
    pages, tree = (
        int(_inside(pattern, objects[catalogue])) for pattern in (rb"/Pages (\d+) 0 R", rb"/StructTreeRoot (\d+) 0 R")
    )
    return _Paper(objects, catalogue, pages, tree, int(_inside(rb"/Info (\d+) 0 R", trailer)))


def _content(piece: bytes) -> bytes:
    """Of `7 0 obj ... endobj`; what stands between may hold these words too."""
    return piece[piece.index(b"obj") + 4 : piece.rindex(b"endobj")]


def _inside(pattern: bytes, text: bytes) -> bytes:
    found = re.search(pattern, text)
    if found is None:
        raise ValueError(f"not a paper of the house: {pattern!r}")
    return found[1]


def _numbers(paper: _Paper, following: int, *, is_first: bool) -> dict[int, int]:
    """Old number -> new one: pages and tree are common, catalogue and title are those of the first."""
    given = {paper.pages: _PAGES, paper.tree: _TREE}
    left_out = set() if is_first else {paper.catalogue, paper.info}
    kept = [number for number in paper.objects if number not in given and number not in left_out]
    return given | dict(zip(kept, range(following, following + len(kept)), strict=True))


def _changing(given: dict[int, int], shown: int, place: int) -> Callable[[bytes], bytes]:
    def one(found: re.Match[bytes]) -> bytes:
        if found[1]:
            return b"%d 0 R" % given[int(found[1])]
        if found[2]:
            return b"/StructParents %d" % (int(found[2]) + shown)
        return _CELL.sub(rb"(P%04dU\1)" % place, found[0])

    return lambda text: _CHANGED.sub(one, text)


def _changed(content: bytes, change: Callable[[bytes], bytes]) -> bytes:
    head, word, stream = content.partition(b"stream\n")
    return change(head) + word + stream


def _written(papers: Sequence[bytes], objects: dict[int, bytes], catalogue: int, info: int) -> bytes:
    header = papers[0][: papers[0].index(b"1 0 obj")]
    pieces, at, offsets = [header], len(header), []
    for piece in _pieces(objects):
        offsets.append(at)
        pieces.append(piece)
        at += len(piece)
    mark = hashlib.sha256(b"".join(hashlib.sha256(paper).digest() for paper in papers)).hexdigest()[:32].encode()
    pieces.append(b"xref\n0 %d\n0000000000 65535 f\r\n" % (len(offsets) + 1))
    pieces += [b"%010d 00000 n\r\n" % offset for offset in offsets]
    pieces.append(b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R" % (len(offsets) + 1, catalogue, info))
    pieces.append(b"/ID[<%s><%s>]>>\nstartxref\n%d\n%%%%EOF" % (mark, mark, at))
    return b"".join(pieces)


def _pieces(objects: dict[int, bytes]) -> Iterator[bytes]:
    for number in range(1, len(objects) + 1):
        yield b"%d 0 obj\n%sendobj\n" % (number, objects[number])
