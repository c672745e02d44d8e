"""Ingest: from pictures and their metadata, wherever they are, to an archive that can be searched."""

from ingest.pipeline import Options
from ingest.recipe import run
from ingest.sources import SOURCES
from ingest.sources.folder import Folder

__all__ = ["SOURCES", "Folder", "Options", "run"]
