from __future__ import annotations

import threading
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from stdnum import iso6346

from sundry.kernel.identifiers import (
    IdMaker,
    container_check_digit,
    first_id,
    id_or_none,
    is_container_number,
    is_resident_id,
    is_uscc,
    new_id,
)


def test_container_number() -> None:
    assert container_check_digit("CSQU305438") == 3
    assert is_container_number("CSQU3054383")
    assert not is_container_number("CSQU3054384")


@pytest.mark.parametrize(
    "number", ["", "CSQU305438", "CSQU30543833", "CSQA3054383", "csqu3054383", "CSQU30543８3", "CSQU305438x"]
)
def test_what_is_no_container_number(number: str) -> None:
    assert not is_container_number(number)


def test_check_digit_of_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match="owner code"):
        container_check_digit("305438CSQU")


@pytest.mark.parametrize("owner", ["AAAU", "MSKU", "TCLU", "ZZZZ", "HLXJ"])
def test_check_digits_agree_with_python_stdnum(owner: str) -> None:
    for serial in range(0, 1_000_000, 9973):
        body = f"{owner}{serial:06d}"
        assert str(container_check_digit(body)) == iso6346.calc_check_digit(body)


def test_uscc_and_resident_id() -> None:
    assert is_uscc("91110000600037341L")
    assert not is_uscc("91110000600037341M")
    assert is_resident_id("360426199101010071")
    assert not is_resident_id("360426199101010072")
    assert not is_resident_id("")


def test_ids_are_uuids_of_version_7_with_the_time_in_front() -> None:
    made = IdMaker(clock_ms=lambda: 0x0123456789AB).make()
    assert made.version == 7
    assert made.variant == uuid.RFC_4122
    assert made.hex.startswith("0123456789ab7")


def test_ids_sort_as_they_were_made_within_a_millisecond_and_while_the_clock_stands_behind() -> None:
    clock = iter([1000] * 500 + [990] * 500 + [1001] * 500)
    maker = IdMaker(clock_ms=lambda: next(clock))
    ids = [maker.make() for _ in range(1500)]
    assert ids == sorted(ids)
    assert len(set(ids)) == 1500


def test_ids_stay_in_order_when_the_random_bits_are_used_up() -> None:
    maker = IdMaker(clock_ms=lambda: 1000)
    maker.make()
    maker._random = (1 << 74) - 1
    last = uuid.UUID(int=1000 << 80 | 7 << 76 | 0xFFF << 64 | 0b10 << 62 | (1 << 62) - 1)
    made = maker.make()
    assert made > last
    assert made.int >> 80 == 1001


def test_ids_stand_between_the_first_ones_of_their_time() -> None:
    moment = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    made = IdMaker(clock_ms=lambda: int(moment.timestamp() * 1000)).make()
    assert first_id(moment) < made < first_id(moment + timedelta(milliseconds=1))


@pytest.mark.parametrize("text", ["", "x", None, 7, "0" * 31, "0" * 5000])
def test_what_writes_no_id_is_none(text: object) -> None:
    assert id_or_none(text) is None
    made = new_id()
    assert id_or_none(made) == id_or_none(str(made)) == made


def test_threads_never_make_the_same_id() -> None:
    made: list[uuid.UUID] = []
    threads = [threading.Thread(target=lambda: made.extend([new_id() for _ in range(500)])) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 2000
