"""All papers of a shipment, each by its own format."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from sundry.goods.shipping.rules import Shipment
from sundry.kernel.messages import paper_language
from sundry.kernel.outcome import Progress

Writer = Callable[[Shipment, Path], None]
_LAYERS = re.compile(r"layers-(\d{2,4})\.svg")  # one for each container, from 01


def drawings_in(folder: Path) -> list[Path]:
    """The drawings of containers, in their order; what else somebody keeps there under a similar name is not one."""
    found = ((_LAYERS.fullmatch(path.name), path) for path in folder.glob("layers-*.svg"))
    return [path for _, path in sorted((int(name[1]), path) for name, path in found if name)]


def write_papers(shipment: Shipment, folder: Path, progress: Progress) -> None:
    """Write every paper into `folder` under its final name."""
    for done, (name, write) in enumerate(PAPERS):
        progress("writing", done, len(PAPERS))
        write(shipment, folder / name)
    _layers(shipment, folder)
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


def _loading_pdf(shipment: Shipment, path: Path) -> None:
    from sundry.goods.consolidation.formats.loading_pdf import write_loading_pdf

    write_loading_pdf(
        path,
        lines=shipment.lines,
        containers=shipment.containers,
        title=shipment.file,
        language=paper_language(shipment.language),
    )


def _layers(shipment: Shipment, folder: Path) -> None:
    """A drawing of each container."""
    from sundry.goods.consolidation.formats.loading_layers import write_loading_layers

    for number, container in enumerate(shipment.containers, start=1):
        write_loading_layers(
            folder / f"layers-{number:02d}.svg",
            lines=shipment.lines,
            container=container,
            place=(number, len(shipment.containers)),
            title=shipment.file,
            language=paper_language(shipment.language),
        )


def _packing_list(shipment: Shipment, path: Path) -> None:
    from sundry.goods.consolidation.formats.packing_list import write_packing_list

    write_packing_list(
        path,
        file=shipment.file,
        day=shipment.day,
        lines=shipment.lines,
        containers=shipment.containers,
        left_out=shipment.left_out,
        profile=asdict(shipment.profile),
        language=paper_language(shipment.language),
    )


def _declarations(shipment: Shipment, path: Path) -> None:
    from sundry.goods.customs.formats.declarations_xlsx import write_declarations

    write_declarations(
        path,
        file=shipment.file,
        day=shipment.day,
        lines=shipment.lines,
        declarations=shipment.declarations,
        rates=shipment.rates,
        profile=asdict(shipment.profile),
        language=paper_language(shipment.language),
    )


def _invoice(shipment: Shipment, path: Path) -> None:
    from sundry.goods.shipping.formats.invoice_pdf import write_invoice

    write_invoice(
        path,
        file=shipment.file,
        day=shipment.day,
        lines=shipment.lines,
        value_usd_cents=shipment.value_usd_cents,
        containers=shipment.containers,
        rates=shipment.rates,
        profile=shipment.profile,
        language=paper_language(shipment.language),
    )


PAPERS: Sequence[tuple[str, Writer]] = (
    ("loading.html", _loading_html),
    ("loading.pdf", _loading_pdf),
    ("packing-list.xlsx", _packing_list),
    ("declarations.xlsx", _declarations),
    ("invoice.pdf", _invoice),
)
