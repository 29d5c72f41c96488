"""Without the extra a person is told what to install, in her language."""

from __future__ import annotations

import sys

import pytest

from sundry.insight.observatory.formats.figures_extra import FiguresMissing, package
from sundry.kernel.messages import LANGUAGES


def test_a_package_that_is_there_is_given() -> None:
    assert package("json").loads("1") == 1


@pytest.mark.parametrize("name", ["pyarrow", "pyarrow.parquet", "pysdmx.model"])
def test_a_package_that_is_not_there_is_named_with_what_to_install(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, name.partition(".")[0], None)
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(FiguresMissing) as missing:
        package(name)
    for language in LANGUAGES:
        told = missing.value.message(language)
        assert name.partition(".")[0] in told
        assert "pip install 'sundry[figures]'" in told
