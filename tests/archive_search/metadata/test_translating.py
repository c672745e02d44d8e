"""Words of other languages read as English ones: which, as what, and which not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_search.metadata.translating import Term, in_english, read_words, remarks
from archive_search.metadata.vocabularies import LANGUAGES, every_concept
from archive_search.types import ReadWord

MIXED = ("en", "da", "de")


def read(text, reads=("en",), prefer=MIXED, terms=()):
    """A text as an embedder gets it."""
    return in_english(text, read_words([text], reads, prefer, terms))


@pytest.mark.parametrize(
    ("typed", "english"),
    [
        ("økse", "axe"),
        ("Økser", "axe"),
        ("flintøkse", "flint axe"),
        ("bronzesværd", "bronze sword"),
        ("Tonscherbe", "clay sherd"),
        ("Steinbeile", "stone axe"),
        ("aardewerkscherf", "clay sherd"),
        ("stenyxa", "stone axe"),
        ("bronsedolk", "bronze dagger"),
        ("Äxte", "axe"),
        ("hache en pierre polie", "axe of stone polished"),
        ("épée de l'âge du bronze", "sword of the bronze age"),
        ("nyckel av järn", "key of iron"),
        ("zilveren beker", "silver beaker"),
        ("slebet økse af flint", "polished axe of flint"),
        ("rød bil", "red car"),
        ("kedel", "cauldron"),
    ],
)
def test_words_of_six_languages_are_read(typed, english):
    """Words, forms of them, phrases and compounds of Danish, German, Swedish, Norwegian, Dutch and French are read."""
    assert read(typed) == english


@pytest.mark.parametrize("typed", ["fad", "Gift", "bog", "rot", "tin", "pot", "ring", "gold"])
def test_a_word_that_is_english_as_well_stays(typed):
    """By itself it is taken for English."""
    assert read(typed) == typed


@pytest.mark.parametrize(
    ("typed", "english"),
    [("blåt fad", "blue plate"), ("bemalter Ton", "painted clay"), ("kam af ben", "comb of bone")],
)
def test_words_beside_it_tell_that_a_text_is_not_english(typed, english):
    """Beside words that are of no English a word is read in their language."""
    assert read(typed) == english


def test_an_archive_without_english_takes_no_word_for_english():
    """Where the archive's languages leave out English, its own come first."""
    assert read("fad", prefer=("da",)) == "plate"


@pytest.mark.parametrize("typed", ["flintxyz", "xyzøkse", "krimskrams", "A1426", "12,5", "Nydam", ""])
def test_what_is_unknown_stays(typed):
    """Nothing is guessed, also not where only one part of a compound is known."""
    assert read(typed) == typed


def test_the_archives_language_tells_where_a_word_is_of_several():
    """What is a table in Danish is a plate in Dutch: the words beside it tell, then the archive."""
    assert read("blåt bord", prefer=("en", "da")) == "blue table"
    assert read("houten bord", prefer=("en", "da")) == "wood plate"
    assert read("hul", prefer=("en", "da")) == read("hul", prefer=("en", "nl")) == "hollow"


def test_a_language_that_the_embedder_reads_stays_and_is_looked_for_by_its_english_name():
    """A multilingual embedder gets the words as they are; the catalogue is asked for the English word as well."""
    words = read_words(["yxa"], LANGUAGES, MIXED)
    assert in_english("yxa", words) == "yxa"
    assert words == (ReadWord("yxa", "yxa", ("axe",)),)
    assert read_words(["økse"], ("en", "da"), MIXED) == ()


def test_the_archives_own_terms_go_first():
    """A local term has its prompt words, also where it is English; who asks in English finds it by its local name."""
    terms = (Term("fad", "da", "barrel"), Term("celt", "", "socketed axe"))
    assert read("fad", terms=terms) == "barrel"
    assert read("celt", terms=terms) == "socketed axe"
    assert read_words(["Socketed axe"], ("en",), MIXED, terms) == (ReadWord("socketed axe", "socketed axe", ("celt",)),)


def test_people_are_told():
    """What was read is said, but for small words."""
    assert remarks(read_words(["flintøkse med lås"])) == (
        "“flintøkse” was read as “flint axe”.",
        "“lås” was read as “lock”.",
    )


ENGLISH = """polished flint axe; a red car; bronze sword with gold hilt; drawing of a brooch, not a photograph;
coin with a king's head; broken pot; wooden bowl with lid; stone tools from the Neolithic; dragon on a ship;
child's shoe; tin soldier; jar with two handles; map of the town; man and woman; bear; star; helm; core; lance; stern;
barn; slot; gift; die; hut; fan; tasks; border; store; sort; rock art; sense; bar; pop art; fat; tree; skip; brief;
saga; raven; malt; robe; plume; wit; held; made; Bronze Age axe hammer; Viking sword; Greek vase; Roman lamp;
Egyptian mummy; oil painting of a landscape"""


@pytest.mark.parametrize("text", [one.strip() for one in ENGLISH.replace("\n", " ").split(";")])
def test_english_stays_english(text):
    """An English question is asked as it is, with nothing beside it."""
    assert read_words([text], ("en",), MIXED) == ()


@pytest.mark.parametrize("one", every_concept(), ids=lambda one: f"{one.vocabulary}:{one.name}")
def test_english_words_of_every_concept_stay(one):
    """No English word of a vocabulary is taken for a word of another language."""
    for word in one.words["en"]:
        assert read_words([word], ("en",), MIXED) == ()


def test_a_word_without_end_is_not_taken_apart():
    """However long a word is, it is read at once: it is no compound."""
    endless = "flintsten" * 5000
    assert read(f"{endless} økse") == f"{endless} axe"


@given(st.text(max_size=60))
def test_any_text_is_read(text):
    """No text breaks the reading, and what was read is not read again as something else."""
    words = read_words([text])
    once = in_english(text, words)
    assert isinstance(once, str)
    if not words:
        assert once == text
