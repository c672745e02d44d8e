from archive_search.sample.depiction import KINDS, Depiction
from archive_search.sample.plate import Plate
from archive_search.sample.topics import ATTRIBUTE, CATEGORY, COLOURS, PRODUCT, Topic, grade, topics
from archive_search.sample.varieties import VARIETIES

POT = Depiction("pot", "clay", "red", "zigzag", ("funnel neck", "foot"), "complete", "photograph", 0, 1)
SKETCH = Depiction("pot", "clay", "red", None, ("narrow neck", "two handles"), "broken", "drawing", 0, 2)


def asked(*refinements, category="pot"):
    return Topic("t01", "?", category, refinements, "category+attribute")


def test_all_refinements_must_be_seen():
    """A picture is relevant when it shows everything that is asked."""
    assert grade(asked("red", "zigzag"), POT) == 2
    assert grade(asked("red", "spiral"), POT) == 0
    assert grade(asked(), POT) == 2


def test_other_categories_are_not_judged():
    """A picture of another category has no grade."""
    assert grade(asked(category="axe"), POT) is None


def test_a_drawing_shows_no_colour():
    """A drawing of a red pot does not answer "a red pot", but it does answer "a clay pot"."""
    assert grade(asked("red"), SKETCH) == 0
    assert grade(asked("clay"), SKETCH) == 2


def test_a_minus_turns_a_refinement_round():
    """What must not be seen counts against a picture that shows it."""
    assert grade(asked("-drawing"), POT) == 2
    assert grade(asked("-drawing"), SKETCH) == 0
    assert grade(asked("-decorated"), SKETCH) == 2


def test_two_handles_come_close_to_one():
    """Two handles answer "a handle" with grade 1; nothing else does but a handle."""
    assert grade(asked("handle"), SKETCH) == 1
    assert grade(asked("handle"), POT) == 0
    assert grade(asked("-handle"), SKETCH) == 0


def test_a_plate_is_as_good_as_the_best_find_on_it():
    """One find on a plate must show all that is asked; a kind that is not on it is not judged."""
    bowl = Depiction("bowl", "wood", "brown", "zigzag", ("foot",), "complete", "photograph", 0, 3)
    black = Depiction("pot", "clay", "black", "spiral", ("narrow neck",), "complete", "photograph", 0, 4)
    plate = Plate((bowl, black, POT), "photograph", (2, 1), "Plate I", danish=False, seed=5)
    assert grade(asked("red", "zigzag"), plate) == 2
    assert grade(asked("black", "zigzag"), plate) == 0
    assert grade(asked("zigzag", category="bowl"), plate) == 2
    assert grade(asked("-decorated"), plate) == 0
    assert grade(asked("red", category="axe"), plate) is None
    assert grade(asked("handle"), Plate((SKETCH, SKETCH), "drawing", (2,), "Plate I", danish=False, seed=5)) == 1


def test_refinements_are_words_of_the_vocabulary():
    """Every topic asks for something that its kind can show."""
    for _, category, refinements in (*PRODUCT, *ATTRIBUTE):
        variety = VARIETIES[category]
        forms = {detail for sets in variety.forms.values() for details in sets for detail in details}
        words = {"drawing", "photograph", "broken", "complete", "decorated"} | forms | set(variety.extras)
        words |= set(variety.colours) | set(variety.decorations)
        words |= {colour for shades in variety.colours.values() for colour in shades}
        assert {refinement.removeprefix("-") for refinement in refinements} <= words


def test_colours_are_no_materials_or_details():
    """No colour word names anything else, so that a refinement means one thing."""
    others = {
        word for variety in VARIETIES.values() for word in (*variety.colours, *variety.extras, *variety.decorations)
    }
    assert not COLOURS & others


def test_texts_are_all_different():
    """No query is asked twice."""
    texts = [topic[0] for topic in (*PRODUCT, *CATEGORY, *ATTRIBUTE)]
    assert len(set(texts)) == len(texts)


def test_every_kind_is_asked_for():
    """Each kind has a topic of its own."""
    assert {category for _, category in CATEGORY} | {"car"} == set(KINDS)


def test_unanswered_topics_are_left_out():
    """Topics that no picture answers are not asked."""
    kept = topics([POT, POT, SKETCH])
    assert {topic.category for topic in kept} == {"pot"}
    assert "A red pot" in [topic.text for topic in kept]
    assert "A black pot" not in [topic.text for topic in kept]
