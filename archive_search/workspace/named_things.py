"""What people keep under names: found, renamed, hidden and shown again, each act in a journal, undone by who did it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Generic, TypeVar

from archive_search.workspace.journal import Author, Event, Journal, Page
from archive_search.workspace.names import Names

T = TypeVar("T")


class NamedThings(ABC, Generic[T]):
    """The things of one kind in an archive's workspace, as one person in one place works on them."""

    def __init__(self, author: Author, journal: Journal) -> None:
        self.author = author
        self.journal = journal

    @abstractmethod
    def _names(self, page: Page) -> Names:
        """The name of every one by its id."""

    @abstractmethod
    def _get(self, page: Page, name: str) -> T:
        """One by its name or id. Raises as `get` does."""

    def get(self, name: str) -> T:
        """
        One by its name or id; a hidden one by its id only.

        Raises:
            UnknownNameError: If there is none, naming those that there are, or if several are called so.
        """
        with self.journal.reading() as page:
            return self._get(page, name)

    def has(self, name: str) -> bool:
        """Whether `get` finds one that is called so, or finds several."""
        with self.journal.reading() as page:
            names = self._names(page)
            return name in names.known or bool(names.shown(name))

    def stamp(self) -> int:
        """A number that changes with every act of anybody."""
        return self.journal.stamp()

    def rename(self, name: str, new: str) -> None:
        """
        Give one another name. Raises as `get` does.

        Raises:
            InvalidInputError: If the new name is empty, too long, or taken.
        """
        with self.journal.writing() as page:
            names = self._names(page)
            subject = names.find(name)
            page.add(self.author, subject, "rename", {"name": names.free(new, subject)})

    def delete(self, name: str) -> None:
        """Hide one; `undo` or `bring_back` shows it again, as it was. Raises as `get` does."""
        with self.journal.writing() as page:
            page.add(self.author, self._names(page).find(name), "delete")

    def bring_back(self, name: str) -> T:
        """
        Show a hidden one again, by its name or id, whoever hid it.

        Raises:
            UnknownNameError: If none that is hidden is called so, or several are.
            InvalidInputError: If another one has its name now: rename that one first.
        """
        with self.journal.writing() as page:
            names = self._names(page)
            subject = names.find(name, deleted=True)
            names.free(names.known[subject].name, subject)
            page.add(self.author, subject, "bring back")
            return self._get(page, subject)

    def undo(self) -> Event | None:
        """Take back what this person did last here; returns it, None where there is nothing to take back."""
        return self.journal.undo(self.author)

    def redo(self) -> Event | None:
        """Do again what this person took back last; None where there is nothing, or they did something else since."""
        return self.journal.redo(self.author)


@dataclass(frozen=True)
class NameData:
    """What an event says that gives a name."""

    name: str


@dataclass(frozen=True)
class NoData:
    """What an event says whose act says it all."""
