"""Finds plug-ins: modules of a package, and installed entry points, that define one agreed name."""

from __future__ import annotations

import importlib
import importlib.metadata
import pkgutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any, Generic, TypeVar

from archive_search.types import PluginError, UnknownNameError

T = TypeVar("T")


class Registry(Mapping[str, T], Generic[T]):
    """
    Plug-ins by name.

    Every module of `package` defines `attribute`, a dict from name to plug-in; so does any module named by an installed
    entry point of group `package`. What plug-ins share lies in sub-packages. Modules are imported on first use.

    Raises:
        PluginError: On first use, if a module lacks the agreed name, or two define the same plug-in.
    """

    def __init__(self, package: str, attribute: str, noun: str) -> None:
        self.package, self.attribute, self.noun = package, attribute, noun

    @cached_property
    def _found(self) -> dict[str, T]:
        found: dict[str, T] = {}
        owner: dict[str, str] = {}
        for module in self._modules():
            plugins: Mapping[str, Any] | None = getattr(module, self.attribute, None)
            if not isinstance(plugins, Mapping):
                raise PluginError(
                    f"{module.__name__} defines no {self.attribute}: a module that adds a {self.noun} ends with "
                    f'{self.attribute} = {{"name": ...}}; what plug-ins share belongs in a sub-package.'
                )
            for name, plugin in plugins.items():
                if name in found:
                    raise PluginError(f"{self.noun} {name!r} is defined by both {owner[name]} and {module.__name__}.")
                found[name], owner[name] = plugin, module.__name__
        return dict(sorted(found.items()))

    def _modules(self) -> Iterator[Any]:
        package = importlib.import_module(self.package)
        for info in pkgutil.iter_modules(package.__path__):
            if not info.ispkg:
                yield importlib.import_module(f"{self.package}.{info.name}")
        for entry in importlib.metadata.entry_points(group=self.package):
            yield importlib.import_module(entry.value)

    @contextmanager
    def register(self, name: str, plugin: T) -> Iterator[None]:
        """
        Have one more plug-in for as long as the context lasts; for tests and notebooks.

        Raises:
            PluginError: If the name is taken.
        """
        if name in self._found:
            raise PluginError(f"{self.noun} {name!r} is there already.")
        self._found[name] = plugin
        try:
            yield
        finally:
            del self._found[name]

    def __getitem__(self, name: str) -> T:
        try:
            return self._found[name]
        except KeyError:
            raise UnknownNameError(f"No {self.noun} is called {name!r}. Known: {', '.join(self._found)}.") from None

    def __contains__(self, name: object) -> bool:
        return name in self._found

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)
