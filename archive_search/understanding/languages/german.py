"""German."""

from __future__ import annotations

from archive_search.understanding.languages import Grammar

GRAMMARS = {
    "de": Grammar(
        {
            "not": """nicht | ohne | kein | keine | keinen | keinem | keiner | keines | nie | außer |
                ausgenommen | aber nicht | und nicht | aber kein | aber keine | aber ohne | und ohne | und kein |
                und keine | sondern nicht | anstatt | statt | weder | die nicht | der nicht | das nicht | ist nicht
                | nicht aber""",
            "but": "aber | sondern | jedoch | aber mit",
            "and": "und | oder | sowie | und auch",
            "from": """aus | in | im | von | vom | bei | an | am | aus dem | aus der | gefunden in | gefunden
                bei | gefunden im | ausgegraben in | stammt aus | stammen aus | datiert | datiert in | datiert auf |
                zwischen | während | um | etwa | circa | ca | innerhalb""",
            "of": """aus | von | gefertigt aus | hergestellt aus | gemacht aus | bestehend aus | für | auf | nahe |
                neben | unter | über""",
            "with": "mit | mit einem | mit einer | mit einen | der hat | die hat | das hat | hat | haben",
            "by": "von | zugeschrieben | gemalt von | gezeichnet von | hergestellt von | signiert von",
            "before": "vor | von vor | aus der zeit vor | älter als | früher als",
            "after": "nach | aus der zeit nach | jünger als | später als",
            "until": "bis | bis zu | bis zum | spätestens | nicht nach | nicht später als",
            "since": "seit | ab | frühestens | nicht vor | nicht früher als | nicht älter als",
            "later": "oder später | und später | oder jünger | und jünger",
            "earlier": "oder früher | und früher | oder älter | und älter",
            "skip": """ein | eine | einen | einem | einer | eines | der | die | das | den | dem | des |
                dieser | diese | dieses | diesen | welche | welcher | welches | ist | sind | war | waren | wurde |
                wurden | sein | es | ihr | ihre | einige | alle | alles | jede | jeder | jedes | sehr | ich | mir |
                mich | wir | bitte | zeige | zeig | zeige mir | zeig mir | suche | ich suche | suche nach | ich
                suche nach | finde | ich möchte | möchte | sehen | gib mir | soll | sollte | muss | soll sein | muss
                sein | kann | art von | eine art | stück | stücke | beispiele für | bild | bilder | bild von |
                bilder von | bilder eines | etwas | dinge | ding | objekt | objekte | gegenstand | gegenstände | nur
                | auch | gemacht | gefunden | gefertigt | hergestellt | zur | zum | zu""",
        },
        sure="nicht ohne kein keine aus mit von",
        endings=("e", "en", "er", "es", "em", "n", "s", "ern", "te", "ter", "tes", "ten"),
        letters="äöüß",
        joins=("", "s", "es", "n", "en", "e"),
        umlauts=True,
        derived=("lich", "liche", "licher", "liches", "lichen", "lichem"),
    )
}
