"""The words of datings as tokens: English, Scandinavian, German, French, Italian, Dutch and some neighbours."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal

from archive_search.metadata.dates.periods import Periods

Kind = Literal[
    "number", "ordinal", "tens", "era", "unit", "third", "half", "part", "turn", "decade",
    "sep", "open", "from", "onward", "now", "period", "again", "issued", "name", "noise",
]  # fmt: skip
"""
What a word is in a dating: 1850, 5th, 1880s, BC, century, "third" (an ordinal or a part), "metà" (a half or the
middle), early or half, "turn of", "années"; a word between two points, before, from, "or later", "present", Bronze Age,
"reprinted", "published", "period II" (a name of which no table knows the years), and what changes nothing.
"""


@dataclass(frozen=True, slots=True)
class Token:
    """One word or phrase of a dating; a signed number had its own minus."""

    kind: Kind
    value: Any = None
    signed: bool = False


# What a key means, then the phrases for it: English; Danish, Norwegian and Swedish; German; French; Italian and
# Spanish; Dutch; Romanian. What two languages write alike stands once.
_WORDS: list[tuple[Kind, Any, str]] = [
    ("era", "BC", "b c | b c e | bc | bce | before christ | before common era | a chr | a chr n"),
    ("era", "BC", "f kr | fkr | f v t | fvt | før kristus | før kristi fødsel | före kristus | f k r"),
    ("era", "BC", "v chr | v u z | v d z | vor chr | vor christus | vor christi geburt"),
    ("era", "BC", "av j - c | av j c | av jc | avant j - c | avant j c | avant jc | avant jésus - christ | av n è"),
    (
        "era",
        "BC",
        "avant notre ère | avant n è | a c | a c n | avanti cristo | av cr | a e v | a de c | antes de cristo",
    ),
    ("era", "BC", "voor chr | voor christus | v g t | v o j | v christus | î hr | î e n | î chr"),
    ("era", "AD", "a d | ad | c e | ce | anno domini | common era | p chr | p chr n"),
    ("era", "AD", "e kr | ekr | e v t | evt | efter kristus | efter kristi fødsel | etter kristus"),
    ("era", "AD", "n chr | n u z | nach chr | nach christus | nach christi geburt"),
    ("era", "AD", "ap j - c | ap j c | ap jc | apr j - c | apr j c | apr jc | après j - c | après j c | après jc"),
    (
        "era",
        "AD",
        "après jésus - christ | de notre ère | de n è | d c | dopo cristo | e v | d de c | después de cristo",
    ),
    ("era", "AD", "na chr | na christus | n christus | d hr | e n"),
    ("era", "BP", "b p | bp | before present | før nutid"),
    ("unit", 100, "century | centuries | cent | cents | cen | saec | saeculum"),
    ("unit", 100, "århundrede | århundreder | århundredet | århundredes | århundredets | årh | århundre | århundret"),
    ("unit", 100, "århundredena | århundradet | århundrade | seklet"),
    ("unit", 100, "jahrhundert | jahrhunderte | jahrhunderts | jahrhunderten | jahrh | jh | jhs | jhdt | jhdts | jhd"),
    ("unit", 100, "siècle | siècles | siecle | siecles | secolo | secoli | sec | secc | siglo | siglos"),
    ("unit", 100, "eeuw | eeuwen | secol | secolul | secolului | secolul al | secolului al | sec al | secolele"),
    ("unit", 1000, "millénaire | millénaires | millenaire | millennio | millenni | milenio | mileniul"),
    ("unit", 1000, "millennium | millennia | millenium | mill"),
    ("unit", 1000, "årtusinde | årtusinder | årtusindet | årtusind | årt | årtusen | årtusendet"),
    ("unit", 1000, "jahrtausend | jahrtausends | jahrtausende | jtsd | jt"),
    ("part", 2, "half | halves | halvdel | halvdelen | hälften | hälft | hälfte | h | hlft"),
    ("part", 2, "moitié | helft | mitad | jumătate | jumătate a | jumătatea | jumătate al"),
    ("half", None, "metà"),
    ("third", 3, "third | derde | terzo"),
    ("third", 4, "quarto | cuarto"),
    ("part", 3, "thirds | tredjedel | tredjedelen | tredel | drittel | tiers | tercio"),
    (
        "part",
        4,
        "quarter | quarters | fjerdedel | fjärdedel | fjärdedelen | viertel | quart | kwart | kwartaal | sfert",
    ),
    ("part", 4, "sfert al | sfertul"),
    (
        "part",
        "last",
        "last | final | sidste | siste | sista | letzte | letzter | letztes | letzten | dernier | dernière",
    ),
    ("part", "last", "ultimo | ultima | último | última | laatste | ultimul"),
    ("part", "early", "early | earlier | earliest | beginning | beg | start | older"),
    ("part", "early", "tidlig | tidligt | tidlige | tidligere | begyndelsen | begyndelse | begynnelsen | ældre"),
    ("part", "early", "tidigt | tidig | början | början av"),
    ("part", "early", "früh | früher | frühe | frühes | frühen | anfang | anf | beginn | ältere"),
    ("part", "early", "début | inizio | inizi | principios | begin | vroeg | vroege | începutul | început | inceputul"),
    ("part", "mid", "mid | middle | midt | midten | medio | mitten | mitte | mittleres | mittleren"),
    ("part", "mid", "milieu | mi | mediados | midden | mijl | mijlocul"),
    ("part", "late", "late | later | latest | end | younger"),
    ("part", "late", "sen | sent | sene | slutningen | slutning | slut | slutet | slutten | yngre"),
    ("part", "late", "spät | später | späte | spätes | späten | ende | jüngere"),
    ("part", "late", "fin | fine | finales | eind | einde | laat | sfârșitul | sfârşitul | sfârșit | sf"),
    ("turn", None, "turn | vendingen til | wende | wende zum | wende vom | jahrhundertwende | tournant | volta"),
    (
        "sep",
        "to",
        "to | through | thru | til | till | zum | bis | bis zum | bis ins | à | au | al | alla | tot | hasta",
    ),
    ("sep", "and", "and | or | og | eller | och | und | oder | et | ou | e | y | en | și"),
    (
        "now",
        None,
        "present | the present | present day | today | heute | i dag | nu | nutid | aujourd hui | oggi | heden",
    ),
    ("from", None, "from | between | fra | mellem | mellom | mellan | från | von | zwischen | vom"),
    ("from", None, "entre | depuis | dal | dalla | tra | fra il | tra il | tussen | vanaf | desde"),
    ("open", "before", "before | prior to | pre | ante | terminus ante quem | taq | by | until | predates"),
    ("open", "before", "not after | not later than | no later than | at latest"),
    ("open", "before", "før | inden | senest | indtil | före | senast | vor | spätestens | spätestens um"),
    ("open", "before", "avant | jusqu en | prima del | prima di | prima dell | entro il | fino al | antes de"),
    ("open", "before", "antes del | voor | vóór | uiterlijk | înainte de"),
    ("open", "after", "after | post | terminus post quem | tpq | since | not before | not earlier than | post quem"),
    ("open", "after", "no earlier than | efter | etter | siden | tidligst | tidigast | nach | seit | ab | frühestens"),
    ("open", "after", "après | à partir de | à partir du | dopo | dopo il | después de | na | niet vóór | după"),
    ("onward", "after", "or later | or much later | or after | and later | and after | onward | onwards | and on | ff"),
    ("onward", "after", "eller senere | og senere | og frem | og fremefter | eller efter | oder später | und später"),
    (
        "onward",
        "after",
        "eller senare | et après | ou plus tard | e oltre | o dopo | o poco dopo | of later | en later",
    ),
    ("onward", "before", "or earlier | or before | and earlier | eller tidligere | og tidligere | eller før"),
    ("onward", "before", "oder früher | eller tidigare | ou avant | o prima | of eerder"),
    ("decade", None, "années | anni | anii | jaren | los años | años"),
    ("again", None, "reprinted | reprint | restored | recast | reissued | reproduced | restoration | restorations"),
    ("again", None, "genoptrykt | restaureret | nachgedruckt | restauriert | réimprimé | ristampato | herdrukt"),
    ("issued", None, "printed | published | issued | trykt | udgivet | gedruckt | veröffentlicht | publié | imprimé"),
    ("noise", None, "circa | ca | cca | c | o | around | about | approximately | approx | roughly | ungefähr"),
    ("noise", None, "omkring | omk | cirka | kring | rundt | um | etwa | gegen"),
    ("noise", None, "vers | environ | env | verso | intorno | attorno | hacia | omstreeks | rond | ongeveer | aprox"),
    ("noise", None, "probably | prob | possibly | poss | perhaps | likely | presumably | most likely | quite | more"),
    ("noise", None, "formentlig | sandsynligvis | muligvis | måske | vist | sannsynligvis | trolig | möjligen"),
    ("noise", None, "vermutlich | wahrscheinlich | wohl | vielleicht | möglicherweise"),
    ("noise", None, "probablement | peut être | probabilmente | forse | waarschijnlijk | mogelijk"),
    ("noise", None, "cal | uncal | calibrated | the | of | in | a | is | det | den | i | af | av"),
    (
        "noise",
        None,
        "des | der | im | dem | das | die | year | years | år | året | årene | jahr | jahre | jahren | anno",
    ),
    ("noise", None, "de | du | le | la | les | l | van | het | jaar | an | ans | année | della | del | dell | dello"),
    ("noise", None, "degli | nel | nella | il | lo | gli | anno | ai | dei"),
    ("noise", None, "date | dated | dates | dating | dat | dateret | datering | datiert | datierung | daté | datato"),
    ("noise", None, "made | manufactured | executed | produced | designed | modeled | modelled | cast | painted"),
    ("noise", None, "drawn | carved | woven | built | fremstillet | produceret"),
    ("noise", None, "hergestellt | recorded | period | periode | perioden | période | periodo | era | ère"),
    ("noise", None, "epoca | culture | kultur | reign | joint reign | reigns | règne | regno | regering | regierung"),
    (
        "noise",
        None,
        "spring | summer | autumn | fall | winter | forår | sommer | efterår | vinter | frühjahr | frühling",
    ),
    (
        "noise",
        None,
        "herbst | printemps | été | automne | hiver | primavera | estate | autunno | inverno | lente",
    ),
    (
        "noise",
        None,
        "zomer | herfst | vår | höst | høst | active | fl | flourished | floruit | tätig | virksom | verksam",
    ),
    (
        "noise",
        None,
        "mark and period | mark and of the period | marks and period | actif | active in | attivo | werkzaam",
    ),
]
_ORDINALS = """first første första erste premier première primo prima primer primera primul eerste |
    second anden andet andre andra zweite seconde deuxième secondo seconda segundo segunda tweede doua |
    tredje dritte troisième terza tercer tercera treilea | fourth fjerde fjärde vierte quatrième quarta vierde |
    fifth femte fünfte cinquième quinto vijfde | sixth sjette sjätte sechste sixième sesto zesde |
    seventh syvende sjunde sjuende siebte septième settimo zevende |
    eighth ottende åttonde åttende achte huitième ottavo achtste |
    ninth niende nionde neunte neuvième nono negende | tenth tiende tionde zehnte dixième decimo |
    eleventh ellevte elfte onzième undicesimo elfde | twelfth tolvte tolfte zwölfte douzième dodicesimo twaalfde |
    thirteenth trettende trettonde treizième tredicesimo dertiende |
    fourteenth fjortende fjortonde quatorzième quattordicesimo veertiende |
    fifteenth femtende femtonde quinzième quindicesimo vijftiende |
    sixteenth sekstende sextonde seizième sedicesimo zestiende |
    seventeenth syttende sjuttonde diciassettesimo zeventiende |
    eighteenth attende artonde diciottesimo achttiende | nineteenth nittende nittonde diciannovesimo negentiende |
    twentieth tyvende tjugonde vingtième ventesimo twintigste | twenty-first"""
_ROMAN = "ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx xxi"
_SUBDIVIDED = "period periode per phase fase stufe dynasty dynastie dynasti"
"""What a number after it names, and does not date: "period II", "Dynasty 18"."""
_MONTHS = re.sub(
    r"\s",
    "",
    """january|february|march|april|may|june|july|august|september|october|november|december|
    januari|februari|januar|februar|marts|mars|maart|maj|mei|juni|juli|augusti|augustus|oktober|desember|dezember|
    jänner|märz|mai|janvier|février|avril|juin|juillet|août|septembre|octobre|novembre|décembre|
    gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|dicembre|
    enero|febrero|abril|mayo|junio|julio|septiembre|octubre|noviembre|diciembre|
    jan|feb|mar|mrt|apr|jun|jul|aug|sept|sep|okt|oct|nov|des|dec|dez""",
)


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Every phrase that is understood, as words, with its meaning, and the length of the longest by its first word."""

    phrases: Mapping[tuple[str, ...], Token]
    longest: Mapping[str, int]


@lru_cache(maxsize=64)
def lexicon_of(periods: Periods) -> Lexicon:
    """The words of datings with the names of a table of periods."""
    phrases = dict(_lexicon())
    for name in periods.others:
        phrases.setdefault(_phrase(name), Token("period"))
    for name, span in periods.spans.items():
        phrases[_phrase(name)] = Token("period", span)
    longest: dict[str, int] = {}
    for phrase in phrases:
        if phrase:
            longest[phrase[0]] = max(len(phrase), longest.get(phrase[0], 1))
    return Lexicon(phrases, longest)


@lru_cache(maxsize=20_000)
def _phrase(name: str) -> tuple[str, ...]:
    """The words of a period's name: several tables have the same."""
    return tuple(_split(plain(name)))


@cache
def _lexicon() -> Mapping[tuple[str, ...], Token]:
    found: dict[tuple[str, ...], Token] = {}
    for number, words in enumerate(_ORDINALS.split("|"), 1):
        for word in words.split():
            # German ordinals are inflected: "zweites", "zweiter", "zweiten".
            for form in (word, f"{word}s", f"{word}r", f"{word}n") if word.endswith("te") else (word,):
                found[tuple(_split(form))] = Token("ordinal", number)
    for kind, value, phrases in _WORDS:
        for phrase in phrases.split("|"):
            found[tuple(phrase.split())] = Token(kind, value)
    for number, word in enumerate(_ROMAN.split(), 2):
        found.update({(form,): Token("ordinal", number) for form in (word, f"{word}e", f"{word}ème", f"{word}de")})
        found.update({(f"{word}o",): Token("ordinal", number), (word, "-", "lea"): Token("ordinal", number)})
    found.update({(form,): Token("ordinal", 1) for form in ("ier", "ière")})
    for name in _SUBDIVIDED.split():
        for number, word in enumerate(("i", *_ROMAN.split()), 1):
            found.update({(name, word): Token("name"), (name, str(number)): Token("name")})
    return found


def plain(text: str) -> str:
    """Lower case, one kind of dash and apostrophe, days and months left out of dates."""
    if "&" in text:
        text = html.unescape(text)
    text = unicodedata.normalize("NFC", text).casefold().translate(_SIGNS)
    if not _DIGIT.search(text):
        return _dynasties(text)
    if "?" in text or "x" in text or ".." in text:
        text = _uncertain(text)
    if "h" in text:
        text = _HIJRI.sub("", text)
    if "dyn" in text or "dinast" in text:
        text = _dynasties(text)
    if "+/-" in text:
        text = text.replace("+/-", "±")
    if "/" in text:
        text = _FRACTION.sub(_part_of, text)
    if "chr" in text:
        text = _BEFORE_AND_AFTER.sub("v chr ", text)
    text = _ISO.sub(r"\1", text)
    text = _DAYS.sub("", text)
    text = _YEAR_MONTH.sub(_month_or_year, text)
    return _MONTH.sub("", text)


_SIGNS = {ord(dash): "-" for dash in "‐‑−"} | {ord(dash): " - " for dash in "‒–—―"}  # these join and are no minus
_SIGNS |= {ord(mark): "'" for mark in "’‘`´"} | {ord(mark): "." for mark in "°ºª"}
_DIGIT = re.compile(r"\d")
_HIJRI = re.compile(
    r"""(?<!\w)(?: a\.?\s?h\.?\s?\d{1,4}(?:\s?[-/]\s?\d{1,4})? | \d{1,4}(?:-\d{1,4})?\s?a\.?h\.? )
        \s?(?: [/=]\s?(?=(?:a\.?\s?d\.?\s?)?\d{3,4}) | (?=[(\[]) )""",
    re.VERBOSE,
)
"""A year of the Hijra beside which that of our era stands: "A.H. 1243/A.D. 1828"."""
_BEFORE_AND_AFTER = re.compile(r"(?<!\w)v\.?\s*(?=(?:-|/|bis|und)\s?[^;(]*n\.\s?chr)")
"""The first era of "1. Jh. v. - 1. Jh. n. Chr."."""
_FRACTION = re.compile(
    r"""(?<![\d/])([1-4])/([2-4])(?![\d/])
        (?= \s+(?:sec|s|siglo)(?:\.|olo|olul)?\s+(?:al\s+)?[ivx]+
          | \s+(?:of\sthe\s|des\s|del\s|du\s)?(?:[ivx]+|\d{1,2})(?:th|st|nd|rd|\.|de|e)?\s*
            (?:jh|jahrh|c\b|cent|sec|s\b|si[eè]cle|eeuw|årh) )""",
    re.VERBOSE,
)
"""A part of a century: "3/4 sec. XIX", where a century of its own stands behind it."""
_ISO = re.compile(r"(?<!\d)(\d{4})-\d{2}-\d{2}(?!\d)(?:[t ]\d{2}:[\d:.]+(?:z|[+-]\d{2}(?::?\d{2})?)?)?")
_YEAR_MONTH = re.compile(r"(?<!\d)(\d{4})-(?:0\d|1[0-2])(?![\d-])")
_DAYS = re.compile(r"(?<![\d.])(?:\d{1,2}[./]\s?)?(?:0?[1-9]|1[0-2]|[12]\d|3[01])[./]\s?(?=\d{4}(?!\d))")
_DAY = r"\d{1,2}(?:st|nd|rd|th|er|\.|e|º)?"
_MONTH = re.compile(
    rf"""(?<!\w)(?:
          (?:{_MONTHS})\.?\ {_DAY},?\ (?=\d{{4}}(?!\d))
        | (?:(?:{_DAY}\s?-\s?)?{_DAY}\ )?(?:de\ )?
          (?:(?:{_MONTHS})\.?\s?[-/]\s?)?(?:{_MONTHS})\.?,?\ (?:de\ )?(?=\d{{4}}(?!\d)) )""",
    re.VERBOSE,
)


def _month_or_year(match: re.Match[str]) -> str:
    """`1914-08` is a month, `1903-05` may be two years."""
    return match[1] if match[1][2:] >= match[0][-2:] else match[0]


def _uncertain(text: str) -> str:
    """Ends that nobody knows, and years of which the last figures are left out."""
    text = _OPEN_START.sub(r"\1before ", text)
    text = _OPEN_END.sub(r" - \1", text)
    text = re.sub(r"(?<!\w)(\d{2})xx(?!\w)", r"\g<1>00s", text)
    text = re.sub(r"(?<!\w)(\d{3})x(?!\w|\s*\d)", r"\g<1>0s", text)
    if not _ERA.search(text):
        text = re.sub(r"(?<![\w.-])(1\d\d)\?", r"\1 _", text)  # 185? is one of ten years to librarians
    return text


_OPEN_START = re.compile(r"(^|[(\[,;])\s*(?:\?|\.\.)\s*[-/]\s*(?=[^\s?])")
_OPEN_END = re.compile(r"(?<=\d)\s*[-/]\s*(?:\?|\.\.)\s*($|[)\],;])")
_ERA = re.compile(
    r"(?<!\w)(?:b\.?\s?c|a\.?\s?d|c\.?\s?e|bp|chr|f\.?\s?kr|e\.?\s?kr|j\.?-?\s?c|[ad]\.?\s?c)(?!\w)|\d(?:bc|ad|ce)"
)


def _part_of(match: re.Match[str]) -> str:
    if int(match[1]) > int(match[2]):
        return match[0]
    return f"{match[1]}. {dict(zip('234', ('half', 'tredjedel', 'quarter'), strict=True))[match[2]]}"


def _dynasties(text: str) -> str:
    """Each of several numbered dynasties with what it is: "Dynasty 26-29" is "dynasty 26 - dynasty 29"."""
    if "dyn" not in text and "dinast" not in text:
        return text
    text = re.sub(r"(?<!\w)dynasties(?=\s+[\divx]+(?!\w))", "dynasty", text)
    text = _DYNASTIES.sub(r"\1 \2 \3 \1 \4", text)
    return _ORDINAL_DYNASTIES.sub(r"\1 dynasty \2 \3 dynasty", text)


_JOINT = r"\s*(-|/|(?<=\s)(?:to|and|or|og|eller|til|und|oder|bis|et|ou|à|e|en|tot)(?=\s))\s*"
_DYNASTIES = re.compile(rf"(?<!\w)(dynast(?:y|ie|i)|dinastia)\s+(\d{{1,2}}|[ivx]+){_JOINT}(\d{{1,2}}|[ivx]+)(?!\w)")
_ORDINAL_DYNASTIES = re.compile(
    rf"(?<!\w)(\d{{1,2}}(?:st|nd|rd|th)){_JOINT}(\d{{1,2}}(?:st|nd|rd|th))\s+dynast(?:y|ies)(?!\w)"
)


_WORD = re.compile(
    r"""
      \d{1,3}(?:[.,]\d{3})+(?![\d.,]*\d)                                      # 12,500
    | \d{2,4}(?:\ ?'?s|\ ?'?er(?:ne)?(?:[\ -]år(?:ene)?|[\ ]jahren?)?|-?tal(?:l?ets?)?|-år(?:ene|a))(?![^\W\d_])
                                                                              # 1880s, 1700-tallet, 1880-talet
    | \d+(?:st|nd|rd|th|de|te|ste|e|er|re|nde|ère|ème|:a|:e)(?![^\W\d_])       # 5th
    | \d{1,2}[ao](?![^\W\d_])                                                # 1a metà
    | \d{1,2}\.(?!\d)                                                         # 5.
    | (?<![^\s/-])-\d+                                                        # -490
    | \d+ | [^\W\d_]+ | [-/&±]
    | [.?*"'~\s]                                                              # says nothing
    | .
    """,
    re.VERBOSE,
)


_ORDINAL_ENDINGS = (
    ".", "st", "nd", "rd", "th", "de", "te", "ste", "e", "er", "re", "nde", "ère", "ème", ":a", ":e", "a", "o",
)  # fmt: skip
_MARKS = frozenset("?*\"'~.")


def _split(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if word not in _MARKS and not word.isspace()]


def tokens_of(part: str, lexicon: Lexicon) -> tuple[list[Token], bool]:
    """The tokens of a part, and whether some of it is unknown."""
    words = _split(part.strip(" ."))
    phrases, longest = lexicon.phrases, lexicon.longest
    found: list[Token] = []
    unknown = False
    at = 0
    while at < len(words):
        word = words[at]
        token: Token | None = None
        length = min(longest.get(word, 1), len(words) - at)
        while length > 1 and (token := phrases.get(tuple(words[at : at + length]))) is None:
            length -= 1
        if token is None:
            token = _one(word, phrases)
        if word in ("c", "s") and length == 1 and found and found[-1].kind == "ordinal":
            token = Token("unit", 100)  # "5th c.", "Ve s."
        elif word == "i" and length == 1 and _is_first(words, at, found, phrases):
            token = Token("ordinal", 1)  # "I sec. a.C."
        if token is None:
            unknown, token = True, _NOTHING
        found.append(token)
        at += length
    return list(_tidied(found)), unknown


_NOTHING = Token("noise")
_JOINING = ("-", "/", "e", "o")


def _is_first(words: Sequence[str], at: int, before: Sequence[Token], phrases: Mapping[tuple[str, ...], Token]) -> bool:
    """Whether the letter "i" is a 1: beside a century, or joined to another Roman number."""

    def kind(one: int) -> str:
        token = phrases.get((words[one],)) if one < len(words) else None
        return token.kind if token else ""

    if (before and before[-1].kind == "unit") or kind(at + 1) == "unit" or words[at + 1 : at + 2] == ["s"]:
        return True
    joined = at + 1 < len(words) and words[at + 1] in _JOINING and kind(at + 2) == "ordinal"
    led = len(before) > 1 and words[at - 1] in _JOINING and before[-2].kind in ("ordinal", "era")
    return joined or led


def _one(word: str, phrases: Mapping[tuple[str, ...], Token]) -> Token | None:
    """What one word means."""
    if word in ("-", "/", "&", "±"):
        return Token("sep", word)
    digits = _FIGURES.match(word)
    if not digits:
        return phrases.get((word,))
    if _GROUPED.fullmatch(word):
        return Token("number", int(word.replace(".", "").replace(",", "")))
    if word.startswith("-"):
        return Token("number", -int(word[1:]), signed=True)
    rest = word[digits.end() :]
    kind: Kind = "number" if not rest else "ordinal" if rest in _ORDINAL_ENDINGS else "tens"
    return Token(kind, int(digits[0]))


_FIGURES = re.compile(r"-?\d+")
_GROUPED = re.compile(r"\d{1,3}([.,]\d{3})+")


def _tidied(tokens: Sequence[Token]) -> Iterator[Token]:
    """
    Without noise and the dashes inside compounds ("mid-19th-century", "pre-1850"); words that mean one of two things
    ("third", "quarto", "metà") as what they stand for, and the years after "années" as tens.
    """
    kept = [token for token in tokens if token.kind != "noise"]
    before: Token | None = None
    tens = False
    for position, token in enumerate(kept):
        after = kept[position + 1] if position + 1 < len(kept) else None
        if token.kind in ("third", "half"):
            counted = before is not None and (before.kind == "ordinal" or before == _LAST)
            if token.kind == "half":
                token = Token("part", 2 if counted else "mid")
            else:
                token = Token("part" if counted else "ordinal", token.value)
        elif token.kind == "decade":
            tens = True
            continue
        elif token.kind == "issued" and before is not None:
            continue
        elif tens and token.kind == "number" and token.value % 10 == 0:
            token = Token("tens", token.value)
        elif token == _DASH and before is not None and after is not None:
            compound = (
                before.kind == "open"
                or (before.kind == "part" and after.kind != "part")
                or after.kind in ("unit", "sep")
            )
            if compound:
                continue
        before = token
        yield token


_LAST = Token("part", "last")
_DASH = Token("sep", "-")
