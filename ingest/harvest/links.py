"""Links to pictures as records write them."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Literal
from urllib.parse import unquote, urljoin, urlsplit

_PICTURES = frozenset(
    ("jpg", "jpeg", "jpe", "jfif", "png", "gif", "tif", "tiff", "webp", "bmp", "jp2", "jpx", "avif", "heic")
)
_OTHERS = frozenset(
    (
        *("pdf", "html", "htm", "xml", "json", "rdf", "ttl", "txt", "doc", "docx", "csv", "mp3", "wav", "ogg", "flac"),
        *("mp4", "mov", "avi", "webm", "mkv", "obj", "ply", "stl", "glb", "gltf", "nxz", "zip"),
    )
)
"""How names of files end; what ends otherwise may be either."""
_OF_IMAGE_API = re.compile(r"/(?:full|square|(?:pct:)?[\d.,]+)/[^/]+/!?[\d.]+/(?:default|native|color|gray)\.\w+$")


def link_of(text: str) -> str:
    """
    An address as it is meant: spaces and line ends around it left out, `//host/...` and `www....` made whole.

    What is no address stays: it may be the path of a file.
    """
    link = re.sub(r"\s*\n\s*", "", text).strip()
    if link.startswith("//"):
        return f"https:{link}"
    return f"http://{link}" if link.lower().startswith("www.") else link


def is_address(link: str) -> bool:
    """Whether a link is an address of the web."""
    try:
        return link.lower().startswith(("http://", "https://")) and bool(urlsplit(link).netloc)
    except ValueError:
        return False


def file_name(link: str) -> str:
    """The name of the file at the end of a link."""
    return unquote(PurePosixPath(urlsplit(link).path).name)


def joined(base: str, link: str) -> str:
    """A link as the document at an address means it; one that cannot be joined stays as it is."""
    try:
        return urljoin(base, link)
    except ValueError:
        return link


def kind_of(link: str, format: str = "") -> Literal["picture", "other", ""]:
    """Whether a link leads to a picture, by the format that is told, else by how it ends; '' where neither tells."""
    told = format.strip().casefold()
    if told.startswith("image"):
        return "picture"
    if told.startswith(("audio", "video", "text", "application", "model")):
        return "other"
    if _OF_IMAGE_API.search(link):
        return "picture"
    ending = PurePosixPath(re.split(r"[?#]", link)[0]).suffix.lstrip(".").casefold()
    for one in (told.lstrip("."), ending):
        if one in _PICTURES:
            return "picture"
        if one in _OTHERS:
            return "other"
    return ""
