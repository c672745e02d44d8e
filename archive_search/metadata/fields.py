"""The payload fields that archive-search understands; everything else a source says is kept under `extra`."""

from __future__ import annotations

TEXT_FIELDS = {
    "title": "Title",
    "object_id": "Object",
    "object_type": "Object type",
    "material": "Material",
    "technique": "Technique",
    "period": "Period",
    "culture": "Culture",
    "place": "Place",
    "description": "Description",
    "date": "Date",
    "language": "Language",
    "licence": "Licence",
    "record_url": "Source",
}
"""Names and labels of the text fields; the metadata's own wording is kept verbatim in them."""

YEAR_FIELDS = {"date_from": "From year", "date_to": "To year"}
"""Whole years, BCE negative; both absent where the record is undated."""

TERMS = ("object_type", "material", "technique", "period", "culture", "place")
"""Fields that the catalogue fills with terms; a value may be a list."""

FACETS = (*TERMS, "colours")
"""Fields offered as filters, each indexed as a keyword: the catalogue's terms, and the colours seen in the picture."""

LABELS = {**TEXT_FIELDS, "colours": "Colours seen"}
"""What people call the fields that a record shows and that filters are put on."""

SYSTEM_FIELDS = (
    *("id", "source", "image", "file", "thumbnail", "width", "height", "content_hash", "modality", "extra"),
    *("hubness", "colours", "colour_shares", "languages", "numbers"),
)
"""
Fields the pipeline writes: record id, the source that it came from (of a folder its full path), where the picture is
there (of a folder the path below it), its file name, the thumbnail's name, pixels when upright,
SHA-256 of the file, `video` or `audio` where it is no picture, and every column that no field was mapped to (a mapping,
verbatim); what was measured: by space, how near the picture is to texts at large
(see `archive_search.calibration.hubness`), and the colours seen with their shares; the archive's languages,
where they are fewer than those with stems; the record's numbers as they are compared
(see `archive_search.metadata.numbers`).
"""
