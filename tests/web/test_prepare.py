"""What is made ready before a market opens: stylesheets here; the database and a whole start in test_run.py."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.test import override_settings

from sundry.kernel.errors import EnvironmentFault
from sundry.web import prepare


@pytest.fixture
def sources(tmp_path: Path) -> Iterator[Path]:
    """Two folders of files for browsers, one of them under a name of its own."""
    folder = tmp_path / "sources"
    (folder / "plain").mkdir(parents=True)
    (folder / "named").mkdir()
    (folder / "plain" / "style.css").write_text('a{background:url("dot.svg")}' + " " * 2000)
    (folder / "plain" / "dot.svg").write_text("<svg/>")
    (folder / "named" / "view.js").write_text("1;" * 1000)
    places = [folder / "plain", ("named", folder / "named")]
    with override_settings(STATICFILES_DIRS=places):
        finders.get_finder.cache_clear()
        yield folder
    finders.get_finder.cache_clear()


def test_what_a_killed_server_was_just_receiving_goes(tmp_path: Path) -> None:
    folder = tmp_path / "uploads"
    for _ in range(2):
        prepare.empty(folder)
        assert list(folder.iterdir()) == []
        (folder / "half.upload.xlsx").write_bytes(b"PK")
    (tmp_path / "file").touch()
    with pytest.raises(EnvironmentFault) as refused:
        prepare.empty(tmp_path / "file" / "uploads")
    assert refused.value.rule == "data_folder_unwritable"


def test_large_files_come_in_where_they_are_looked_for_at_the_next_start() -> None:
    """The machine's folder for temporary files may be memory or another disk, and is not ours to empty."""
    with TemporaryUploadedFile("book.xlsx", "application/octet-stream", 2_000_000, None) as coming:
        assert Path(coming.temporary_file_path()).parent == settings.SUNDRY.data_dir / "uploads"


def test_files_get_names_by_their_digest_and_are_compressed_once(sources: Path, tmp_path: Path) -> None:
    folder = tmp_path / "static"
    assert prepare.collect_static(folder)
    names = json.loads((folder / "staticfiles.json").read_text("utf-8"))["paths"]
    assert set(names) == {"style.css", "dot.svg", "named/view.js"}
    for name in names.values():
        assert (folder / name).is_file()
    assert names["dot.svg"] in (folder / names["style.css"]).read_text("utf-8"), "addresses inside follow"
    assert (folder / f"{names['named/view.js']}.gz").is_file()
    assert not prepare.collect_static(folder), "nothing has changed"


def test_a_changed_file_makes_all_of_it_anew(sources: Path, tmp_path: Path) -> None:
    folder = tmp_path / "static"
    prepare.collect_static(folder)
    before = json.loads((folder / "staticfiles.json").read_text("utf-8"))["paths"]
    (sources / "plain" / "dot.svg").write_text("<svg></svg>")
    assert prepare.collect_static(folder)
    after = json.loads((folder / "staticfiles.json").read_text("utf-8"))["paths"]
    assert after["dot.svg"] != before["dot.svg"]
    assert not (folder / before["dot.svg"]).exists()
    assert {entry.name for entry in tmp_path.iterdir()} == {"sources", "static"}


def test_a_style_that_names_a_missing_picture_is_our_mistake_and_what_was_there_stays(
    sources: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "static"
    prepare.collect_static(folder)
    (sources / "plain" / "dot.svg").unlink()
    with pytest.raises(ValueError, match=r"dot\.svg"):
        prepare.collect_static(folder)
    assert (folder / "staticfiles.json").is_file()
    (sources / "plain" / "dot.svg").write_text("<svg/>")
    assert prepare.collect_static(folder), "what was broken off does not stand in the way"


def test_a_full_disk_is_a_sentence(sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("shutil.copyfile", full)
    with pytest.raises(EnvironmentFault) as refused:
        prepare.collect_static(tmp_path / "static")
    assert refused.value.rule == "data_disk_full"


@pytest.mark.django_db
def test_where_all_tables_are_up_to_date_nothing_is_said() -> None:
    said: list[str] = []
    prepare.migrate(said.append)
    assert said == []
