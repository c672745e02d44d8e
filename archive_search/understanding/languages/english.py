"""English."""

from __future__ import annotations

from archive_search.understanding.languages import Grammar

GRAMMARS = {
    "en": Grammar(
        {
            "not": """not | no | without | without any | never | except | except for | excluding | minus |
                but no | but not | and not | and no | rather than | instead of | other than | is not | are not |
                isn't | aren't | that is not | that are not | which is not | which are not | must not be | should
                not be | do not show | don't show | not any | nor""",
            "but": "but | but with",
            "and": "and | or | and also | plus | as well as",
            "from": """c | from | in | at | found in | found at | found near | discovered in | discovered at
                | excavated in | excavated at | dug up in | comes from | come from | coming from | came from |
                originating from | dated to | dating to | dating from | dated | between | within | during | around |
                about | circa | ca | from between | from about | from around""",
            "of": """of | made of | made from | made out of | made in | cut from | carved from | consisting
                of | for | on | showing | depicting | near | close to | next to | under | over | beside | like""",
            "with": "with | with a | having | that has | that have | which has | which have | has | have | featuring",
            "by": """by | made by | painted by | drawn by | signed by | attributed to | workshop of | the workshop of |
                school of | circle of | in the manner of""",
            "before": "before | from before | prior to | earlier than | older than | predating",
            "after": "after | from after | later than | younger than | more recent than",
            "until": "until | till | up to | no later than | not later than | not after | at the latest | at latest",
            "since": """since | from after | no earlier than | not earlier than | not before | no older than |
                at the earliest | at earliest""",
            "later": "or later | and later | onwards | onward | and after | or after | and younger | or younger",
            "earlier": "or earlier | and earlier | or before | and before | and older | or older",
            "skip": """a | an | the | this | that | these | those | which | who | is | are | was | were | be
                | been | to | it | its | his | her | their | my | our | your | some | any | all | every | each | very |
                quite | rather | i | me | we | you | please | show | show me | find | find me | give me | search for
                | looking for | look for | i want | i need | i am looking for | i'm looking for | we are looking for
                | i would like | i'd like | i want to see | want to see | want | need | must be | should be | must |
                should | can | could | would | do | does | kind of | sort of | type of | some kind of | some sort of
                | piece of | pieces of | pair of | example of | examples of | picture of | pictures of | image of |
                images of | photos of | a picture of | pictures | images | something | anything | things | thing |
                objects | object | item | items | artefact | artefacts | artifact | artifacts | find | finds | there
                | only | just | also | made | found""",
        },
        sure="not without from with",
        endings=("s", "es", "'s", "’s"),
        describing="""large small big little tiny huge old ancient new long short thin thick wide narrow broad tall deep
            flat heavy light dark bright plain fine rare early late young two three four five six double single triple
            twin good beautiful pretty nice ugly unusual odd strange similar other unknown straight bent rough smooth
            sharp blunt open closed lower upper left right rich simple common local foreign
            french greek dutch swiss czech welsh norse""",
        describing_endings=(
            *("ed", "ing", "al", "ous", "ive", "ish", "ic", "ful", "less", "like", "able", "ible", "shaped"),
            *("y", "en", "an", "ese", "ar", "ant", "ent", "ate"),
        ),
    )
}
