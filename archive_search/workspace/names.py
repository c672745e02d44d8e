"""What people call the things they make: found by name or id whatever the case, refused where taken or unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from archive_search.metadata.known_ids import almost_alike
from archive_search.types import InvalidInputError, UnknownNameError, check_text

LONGEST = 1000
"""Letters that a name may have."""
LONGEST_NOTE = 100_000
"""Letters that a note may have."""


@dataclass(frozen=True, slots=True)
class Called:
    """What something is called, and whether it is hidden."""

    name: str
    hidden: bool


@dataclass(frozen=True)
class Names:
    """The names of all things of a kind by their ids; `noun` is what errors call them: 'collection'."""

    noun: str
    known: Mapping[str, Called]

    def find(self, name: str, deleted: bool = False) -> str:
        """
        The id of the one with this name, or of any with this id; among the hidden ones if `deleted`.

        Raises:
            UnknownNameError: If there is none, naming those that there are, or if several are called so.
        """
        if name in self.known and not (deleted and not self.known[name].hidden):
            return name
        shown = {one: called.name for one, called in self.known.items() if called.hidden == deleted}
        for same in (lambda called: called == name.strip(), lambda called: _folded(called) == _folded(name)):
            found = [one for one, called in shown.items() if same(called)]
            if len(found) == 1:
                return found[0]
            if found:
                raise UnknownNameError(
                    f"{len(found)} {_plural(self.noun)} are called {name[:100]!r}: name one by its id, "
                    f"{' or '.join(sorted(found))}."
                )
        raise UnknownNameError(self._unknown(name, deleted, sorted(set(shown.values()), key=str.casefold)))

    def shown(self, name: str) -> list[str]:
        """The ids of those that are called so, whatever the case, and not hidden."""
        return [one for one, known in self.known.items() if not known.hidden and _folded(known.name) == _folded(name)]

    def free(self, name: str, of: str = "") -> str:
        """
        The name without white space around it.

        Raises:
            InvalidInputError: If it is empty, too long, or the name of another one than `of` that is not hidden.
        """
        called = checked(name, f"The name of a {self.noun}", LONGEST).strip()
        if not called:
            raise InvalidInputError(f"A {self.noun} needs a name.")
        for one in self.shown(called):
            if one != of:
                known = self.known[one].name[:100]
                raise InvalidInputError(f"There is a {self.noun} {known!r} already: choose another name.")
        return called

    def _unknown(self, name: str, deleted: bool, shown: Sequence[str]) -> str:
        if not deleted and any(one.hidden and _folded(one.name) == _folded(name) for one in self.known.values()):
            return f"The {self.noun} {name[:100]!r} was deleted: bring it back first."
        said = f"No {'deleted ' if deleted else ''}{self.noun} is called {name[:100]!r}."
        if not shown:
            return f"{said} There is none{'' if deleted else ' yet'}."
        alike = almost_alike(name, shown)
        return f"{said} {f'Spelled like it: {_listed(alike)}' if alike else f'There are: {_listed(shown)}'}."


def checked(text: str, what: str, longest: int) -> str:
    """The text; raises InvalidInputError where it is too long, or no encoding can write it."""
    check_text(text, what)
    if len(text) > longest:
        raise InvalidInputError(f"{what} has at most {longest:,} letters; this one has {len(text):,}.")
    return text


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _plural(noun: str) -> str:
    return f"{noun}es" if noun.endswith("ch") else f"{noun}s"


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name[:60]) for name in names[:5])
    return shown + (f" and {len(names) - 5} more" if len(names) > 5 else "")
