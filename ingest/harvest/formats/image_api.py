"""The IIIF Image API (1.1, 2 and 3): the address of a picture as large as it is needed, and no larger."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_ENOUGH = 0.5
"""A listed size with this share of the pixels wanted along the longer side is taken before the whole picture is."""


@dataclass(frozen=True, slots=True)
class Service:
    """
    What is known of an image on a server.

    `level` is what the server can do: 0 gives only the sizes that it lists, 1 any width, 2 any box; None is unknown.
    `width` and `height` are those of the whole image, 0 where it does not tell them. The limits are 0 where there
    are none. `told` says that the server itself has told all of this (in `info.json`), not a manifest about it.
    """

    id: str
    version: int = 2
    level: int | None = None
    width: int = 0
    height: int = 0
    sizes: tuple[tuple[int, int], ...] = ()
    max_width: int = 0
    max_height: int = 0
    max_area: int = 0
    told: bool = False

    @property
    def can_do_without(self) -> bool:
        """Whether a good size can be asked for without `info.json`: any box, or sizes that it lists."""
        return self.level == 2 or bool(self.sizes and self.width and self.height)

    @property
    def info(self) -> str:
        """Where the server tells what it knows of the image."""
        return f"{self.id}/info.json"


def service_of(picture: Any) -> Service | None:
    """The image service of a picture in a manifest; None where it has none."""
    held = picture.get("service") if isinstance(picture, Mapping) else None
    for one in held if isinstance(held, list) else [held]:
        if isinstance(one, Mapping) and _is_image_service(one) and (found := read_service(one)):
            return found
    return None


def read_service(data: Mapping[str, Any], told: bool = False) -> Service | None:
    """What a block of a manifest, or an `info.json` (then it is `told`), says of an image; None if it has no id."""
    id = data.get("id") or data.get("@id")
    if not isinstance(id, str) or not id.strip():
        return None
    id = re.sub(r"/info\.json$", "", id.strip()).rstrip("/")
    profiles = data.get("profile")
    profiles = profiles if isinstance(profiles, list) else [profiles]
    limits: dict[str, int] = {}
    for one in (data, *(one for one in profiles if isinstance(one, Mapping))):  # Image API 2.1 has them in the profile
        for name in ("maxWidth", "maxHeight", "maxArea"):
            limits.setdefault(name, _number(one.get(name)))
            limits[name] = limits[name] or _number(one.get(name))
    width, height = _number(data.get("width")), _number(data.get("height"))
    return Service(
        id,
        _version(data, profiles),
        _level(profiles),
        width,
        height,
        tuple(_sizes(data.get("sizes"))),
        limits["maxWidth"],
        limits["maxHeight"] or limits["maxWidth"],
        limits["maxArea"],
        told and bool(width and height),
    )


def picture_address(service: Service, longest: int, region: str = "full") -> str:
    """
    The address of the image with so many pixels along its longer side; of a smaller one the whole.

    Args:
        region: the part that is wanted, as the Image API writes it.
    """
    return f"{service.id}/{region}/{_size(service, longest, region)}/0/{_quality(service)}.jpg"


def _size(service: Service, longest: int, region: str) -> str:
    whole = "max" if service.version >= 3 else "full"
    width, height = _extent(service, region)
    if service.level == 2 and not service.told:
        return _box(service, longest)  # fits whatever the manifest says of its size
    if not (width and height):
        return _listed(service, longest, whole) if service.sizes else whole
    share = min(1.0, longest / max(width, height), _limit(service, width, height))
    if service.level == 0 or service.level is None:
        if region != "full":
            return whole
        return _listed(service, longest, whole)
    if share >= 1:
        return whole
    if region == "full" and (exact := _exactly(service, longest)):
        return exact
    return f"{max(1, int(width * share))},"


def _box(service: Service, longest: int) -> str:
    """A box that the server fits the image into, within its limits."""
    limits = [one for one in (service.max_width, service.max_height, int(service.max_area**0.5)) if one]
    side = min([longest, *limits])
    return f"!{side},{side}"


def _listed(service: Service, longest: int, whole: str) -> str:
    """The smallest listed size that is large enough, else the largest, unless it is far too small."""
    sizes = sorted(service.sizes, key=max)
    fitting = next((one for one in sizes if max(one) >= longest), None)
    if fitting is None and sizes and max(sizes[-1]) >= longest * _ENOUGH:
        fitting = sizes[-1]
    if fitting is None or max(service.width, service.height) in range(1, max(fitting) + 1):
        return whole
    return _written(service, fitting)


def _exactly(service: Service, longest: int) -> str:
    """A listed size that is hardly larger than is wanted: servers have those ready."""
    for one in sorted(service.sizes, key=max):
        if longest <= max(one) <= longest * 1.3 and max(one) < max(service.width, service.height):
            return _written(service, one)
    return ""


def _written(service: Service, size: tuple[int, int]) -> str:
    return f"{size[0]},{size[1]}" if service.version >= 3 or (service.level == 0 and size[1]) else f"{size[0]},"


def _limit(service: Service, width: int, height: int) -> float:
    """The share of its own size to which a server makes an image smaller at least."""
    shares = [1.0]
    shares += [service.max_width / width] if service.max_width else []
    shares += [service.max_height / height] if service.max_height else []
    shares += [(service.max_area / (width * height)) ** 0.5] if service.max_area else []
    return min(shares)


def _extent(service: Service, region: str) -> tuple[int, int]:
    """Width and height of a region; 0, 0 where it cannot be told."""
    if found := re.fullmatch(r"\d+(?:\.\d+)?,\d+(?:\.\d+)?,(\d+)(?:\.\d+)?,(\d+)(?:\.\d+)?", region):
        return int(found[1]), int(found[2])
    if found := re.fullmatch(r"pct:[\d.]+,[\d.]+,([\d.]+),([\d.]+)", region):
        return int(service.width * float(found[1]) / 100), int(service.height * float(found[2]) / 100)
    return (service.width, service.height) if region == "full" else (0, 0)


def _quality(service: Service) -> str:
    return "native" if service.version == 1 else "default"


# ------------------------------------------------------------------ reading what is said of a service


def _is_image_service(data: Mapping[str, Any]) -> bool:
    kind = str(data.get("type") or data.get("@type") or "")
    if kind.startswith("ImageService"):
        return True
    said = f"{data.get('@context')} {data.get('profile')} {data.get('protocol')}"
    return "/api/image" in said or "image-api" in said


def _version(data: Mapping[str, Any], profiles: Sequence[Any]) -> int:
    said = " ".join(str(one) for one in (data.get("type"), data.get("@type"), data.get("@context"), *profiles[:1]))
    if found := re.search(r"ImageService([123])|/api/image/([123])\b", said):
        return int(found[1] or found[2])
    return 1 if "image-api" in said else 2


def _level(profiles: Sequence[Any]) -> int | None:
    for one in profiles:
        if isinstance(one, str) and (found := re.search(r"level(\d)", one)):
            return min(2, int(found[1]))
    return None


def _number(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**7 else 0


def _sizes(value: Any) -> Iterator[tuple[int, int]]:
    for one in value if isinstance(value, list) else ():
        if isinstance(one, Mapping) and (width := _number(one.get("width"))):
            yield width, _number(one.get("height"))
