"""The structure that the SDMX files follow, as an SDMX-JSON 2.0 message: components, concepts, code lists.

A program that reads the data without it has columns and codes without names. It is made from the same table as the data
(`sdmx_csv.COMPONENTS`), with the dictionary of indicators as a code list, and holds nothing of any page.
"""

from __future__ import annotations

from datetime import datetime
from typing import IO, Any, Final

from sundry.engines.reading.indicators import dictionary
from sundry.insight.observatory.formats.figures_extra import package
from sundry.insight.observatory.formats.sdmx_csv import AGENCY, COMPONENTS, STRUCTURE, VERSION, Component, Role

MEDIA_TYPE: Final = "application/vnd.sdmx.structure+json; version=2.0.0"
CONCEPTS: Final = "CS_OBSERVATORY"
TITLE: Final = "Figures of printed pages"

_URN: Final = "urn:sdmx:org.sdmx.infomodel.codelist.Codelist"


def write_structure(file: IO[bytes], *, now: datetime) -> None:
    """The message into `file`. FiguresMissing."""
    json = package("pysdmx.io.json.sdmxjson2.writer.v2_0.structure")
    message = package("pysdmx.model.message")
    header = message.Header(
        id=f"{STRUCTURE}_{VERSION}", prepared=now, sender=package("pysdmx.model").Organisation(AGENCY)
    )
    file.write(json.write(artefacts(), prettyprint=True, header=header).encode())


def artefacts() -> tuple[Any, ...]:
    """Code lists, concepts and the data structure, as pysdmx has them. FiguresMissing."""
    model = package("pysdmx.model")
    lists = {one.id: _codes(model, one) for one in COMPONENTS}
    concepts = model.ConceptScheme(
        CONCEPTS,
        name=TITLE,
        agency=AGENCY,
        version=VERSION,
        items=[model.Concept(one.id, name=one.name) for one in COMPONENTS],
    )
    structure = model.DataStructureDefinition(
        id=STRUCTURE,
        name=TITLE,
        agency=AGENCY,
        version=VERSION,
        components=model.Components([_component(model, one, lists[one.id]) for one in COMPONENTS]),
    )
    return (*(found for found in lists.values() if found is not None), concepts, structure)


def _codes(model: Any, one: Component) -> Any:
    names = {key: word.en for key, word in dictionary().items()} if one.id == "INDICATOR" else one.codes
    if names is None:
        return None
    codes = [model.Code(code, name=name) for code, name in names.items()]
    return model.Codelist(f"CL_{one.id}", name=one.name, agency=AGENCY, version=VERSION, items=codes)


def _component(model: Any, one: Component, codes: Any) -> Any:
    kinds = model.DataType
    types = {"TIME_PERIOD": kinds.PERIOD, "VINTAGE": kinds.DATE}
    return model.Component(
        one.id,
        one.role is Role.DIMENSION,
        getattr(model.Role, one.role.name),
        model.ItemReference("Concept", AGENCY, CONCEPTS, VERSION, one.id),
        local_dtype=types.get(one.id, kinds.DECIMAL if one.is_number else kinds.STRING) if codes is None else None,
        name=one.name,
        local_codes=codes,
        local_enum_ref=f"{_URN}={AGENCY}:{codes.id}({VERSION})" if codes is not None else None,
        attachment_level="O" if one.role is Role.ATTRIBUTE else None,
    )
