"""Exports: one file per format that a result set is written in; found by the registry in `archive_search.exporting`."""
