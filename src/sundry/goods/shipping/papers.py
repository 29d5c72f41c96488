"""All papers of a shipment, each by its own format."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from sundry.goods.shipping.rules import Shipment
from sundry.kernel.outcome import Progress

Writer = Callable[[Shipment, Path], None]


def write_papers(shipment: Shipment, folder: Path, progress: Progress) -> None:
    """Write every paper into `folder` under its final name."""
    for done, (name, write) in enumerate(PAPERS):
        progress("writing", done, len(PAPERS))
        write(shipment, folder / name)
    progress("writing", len(PAPERS), len(PAPERS))


def _loading_html(shipment: Shipment, path: Path) -> None:
    from sundry.goods.consolidation.formats.loading_html import write_loading_html

    write_loading_html(
        path,
        lines=shipment.lines,
        containers=shipment.containers,
        title=shipment.file,
        language=shipment.language,
    )


PAPERS: Sequence[tuple[str, Writer]] = ()
