"""The structure names every column and every code of the data, and pysdmx reads it back."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest

from sundry.engines.reading.indicators import dictionary
from sundry.insight.observatory.formats.figures_extra import FiguresMissing
from sundry.insight.observatory.formats.sdmx_csv import COMPONENTS, STRUCTURE_ID, Role
from sundry.insight.observatory.formats.sdmx_structure import write_structure

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)


def message() -> Any:
    pytest.importorskip("pysdmx", reason="pysdmx is not installed (extra `figures`)")
    import msgspec
    from pysdmx.io.json.sdmxjson2.messages import JsonStructureMessage

    file = BytesIO()
    write_structure(file, now=NOW)
    return msgspec.json.decode(file.getvalue(), type=JsonStructureMessage).to_model()


def test_pysdmx_reads_every_component_in_its_role() -> None:
    [structure] = message().get_data_structure_definitions()
    assert structure.short_urn == f"DataStructure={STRUCTURE_ID}"
    assert [one.id for one in structure.components] == [one.id for one in COMPONENTS]
    parts = (structure.components.dimensions, structure.components.measures, structure.components.attributes)
    for role, found in zip(Role, parts, strict=True):
        assert [one.id for one in found] == [one.id for one in COMPONENTS if one.role is role]
    assert {one.attachment_level for one in structure.components.attributes} == {"O"}


def test_every_code_has_its_name() -> None:
    [structure] = message().get_data_structure_definitions()
    for one in COMPONENTS:
        found = structure.components[one.id].enumeration
        if one.id == "INDICATOR":
            assert {code.id: code.name for code in found} == {key: word.en for key, word in dictionary().items()}
        elif one.codes is not None:
            assert {code.id: code.name for code in found} == dict(one.codes)
        else:
            assert found is None


def test_types_are_told() -> None:
    [structure] = message().get_data_structure_definitions()
    types = {one.id: str(one.dtype) for one in structure.components}
    assert (types["TIME_PERIOD"], types["VINTAGE"]) == ("ObservationalTimePeriod", "GregorianDay")
    assert {types[one.id] for one in COMPONENTS if one.is_number} == {"Decimal"}
    assert types["QUOTE"] == "String"


def test_the_same_structure_gives_the_same_bytes() -> None:
    pytest.importorskip("pysdmx", reason="pysdmx is not installed (extra `figures`)")
    first, second = BytesIO(), BytesIO()
    write_structure(first, now=NOW)
    write_structure(second, now=NOW)
    assert first.getvalue() == second.getvalue()


def test_without_pysdmx_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("pysdmx")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pysdmx", None)
    with pytest.raises(FiguresMissing, match="pysdmx"):
        write_structure(BytesIO(), now=NOW)
