"""An export in one piece: the file that was written, or a ZIP file of all that its format writes."""

from __future__ import annotations

import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive_search.exporting import EXPORTS, Exportable, Exported, export
from archive_search.file_names import safe_name


@dataclass(frozen=True)
class Packed:
    """An export as bytes with the name of a file, and what the export said."""

    name: str
    data: bytes
    told: Exported


def pack(found: Exportable, title: str, format: str, **options: Any) -> Packed:
    """
    Write a set in a format to a folder of its own, which goes, and give what was written as one file.

    What makes a folder, or files beside the target, is a ZIP file. Its name comes from `title`. Options and what is
    raised are those of `archive_search.exporting.export`.
    """
    endings = EXPORTS[format].endings
    with tempfile.TemporaryDirectory(prefix="archive-search-") as name:
        folder = Path(name)
        target = folder / safe_name(title, endings[0] if endings else f".{format}")
        told = export(found, target, format, **options)
        written = sorted(one for one in folder.rglob("*") if one.is_file())
        if written == [target]:
            return Packed(target.name, target.read_bytes(), told)
        packed = folder / f"{target.name}.zip"
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as parts:
            for one in written:
                parts.write(one, one.relative_to(folder).as_posix())
        return Packed(packed.name, packed.read_bytes(), told)
