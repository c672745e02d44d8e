"""Values that mean one thing: which belong together, and how they are shown."""

from archive_search.metadata.facets import facets
from archive_search.metadata.same_things import same_things, shown_as
from archive_search.testing import MemoryStore
from archive_search.types import Match, Point


def test_one_thing_in_several_languages_and_spellings():
    """Names of one concept belong together, whatever their language and capitals, in the order of the values."""
    values = ["plate", "axe", "tavle", "Økse", "Kar", "pot", "Axe head", "whatsit"]
    assert same_things("object_type", values) == (("plate", "tavle"), ("axe", "Økse", "Axe head"), ("Kar", "pot"))
    assert same_things("material", ["ler", "clay", "glas"]) == (("ler", "clay"),)
    assert same_things("period", ["Bronzealder", "Bronze Age"]) == (("Bronzealder", "Bronze Age"),)


def test_a_value_of_two_meanings_is_in_no_group():
    """A plate is a picture in a book or a dish: beside names of both it stands alone."""
    assert same_things("object_type", ["plate", "tavle", "tallerken"]) == ()


def test_other_fields_have_no_groups():
    """Only fields whose values the vocabularies know are looked at: no place is taken for a thing."""
    assert same_things("place", ["axe", "Økse"]) == ()


def test_what_people_read():
    """A value is shown as the archive has it, with what it is called in the page's language."""
    assert shown_as("object_type", ("Økse",), "da") == "Økse"
    assert shown_as("object_type", ("Økse",), "en") == "Økse (axe)"
    assert shown_as("object_type", ("axe",), "da") == "axe (økse)"
    assert shown_as("object_type", ("axe", "Økse"), "en") == "axe / Økse"
    assert shown_as("object_type", ("axe", "Økse", "Axe head"), "da") == "Økse / axe …"
    assert shown_as("object_type", ("whatsit",), "da") == "whatsit"
    assert shown_as("place", ("Økse",), "en") == "Økse"


def test_a_record_with_two_names_of_one_thing_counts_once():
    """A group counts the records that hold any of its values."""
    store = MemoryStore({"a": 2})
    kinds = ["axe", "Økse", ["axe", "Økse"], "bead"]
    store.upsert([Point(str(n), {"a": [1.0, 0.0]}, {"object_type": one}) for n, one in enumerate(kinds)])
    facet = facets(store)["object_type"]
    assert facet.same == {("axe", "Økse"): 3}
    assert store.count((Match("object_type", ("axe", "Økse")),)) == 3
