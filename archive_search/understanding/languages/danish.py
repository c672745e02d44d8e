"""Danish."""

from __future__ import annotations

from archive_search.understanding.languages import Grammar

GRAMMARS = {
    "da": Grammar(
        {
            "not": """ikke | ikke nogen | ikke noget | uden | uden nogen | ingen | intet | aldrig | undtagen
                | bortset fra | og ikke | men ikke | og uden | men uden | der ikke er | som ikke er | er ikke | må
                ikke være | skal ikke være | i stedet for | hverken | undtaget""",
            "but": "men | men med",
            "and": "og | eller | samt | og også",
            "from": """fra | i | på | ved | fundet i | fundet på | fundet ved | udgravet i | udgravet ved |
                stammer fra | kommer fra | dateret til | dateret | daterede | mellem | imellem | under | omkring |
                cirka | ca | inden for | fra omkring""",
            "of": """af | lavet af | fremstillet af | udført i | udført af | for | over | der viser | som viser |
                nær | ved siden af | ligesom""",
            "with": "med | med en | med et | der har | som har | har",
            "by": "lavet af kunstneren | tilskrevet | malet af | tegnet af | signeret",
            "before": "før | fra før | inden | ældre end | tidligere end",
            "after": "efter | fra efter | yngre end | senere end | nyere end",
            "until": "til | indtil | frem til | op til | senest | ikke senere end | ikke efter",
            "since": "siden | tidligst | ikke før | ikke tidligere end | ikke ældre end",
            "later": "eller senere | og senere | og frem | og fremefter | og efter | eller yngre | og yngre",
            "earlier": "eller tidligere | og tidligere | eller før | og før | eller ældre | og ældre",
            "skip": """en | et | den | det | de | der | som | er | var | blev | være | dens | dets | deres |
                min | mit | vores | nogle | nogen | noget | alle | alt | hver | meget | ret | jeg | mig | vi | vis |
                vis mig | find | find mig | søg efter | leder efter | jeg leder efter | jeg søger | søger | vil
                gerne se | jeg vil gerne se | jeg vil se | jeg vil gerne have | skal være | bør være | skal | kan |
                slags | en slags | en type | stykke | stykker | et stykke | eksempler på | billede af | billeder af
                | billede | billeder | genstand | genstande | ting | fund | kun | bare | også | helst | gerne |
                lavet | fundet | noget der er""",
        },
        sure="ikke uden fra med",
        endings=(
            "e",
            "er",
            "en",
            "et",
            "erne",
            "ene",
            "ne",
            "r",
            "t",
            "n",
            "s",
            "ede",
            "te",
            "es",
            "ers",
            "ens",
            "ets",
        ),
        letters="æøå",
        joins=("", "s", "e", "er", "en", "n"),
    )
}
