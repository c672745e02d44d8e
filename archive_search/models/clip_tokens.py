"""
Texts as CLIP and ImageBind read them: byte-pair word pieces (Sennrich et al. 2016, https://arxiv.org/abs/1508.07909).

The merges in `archive_search/metadata/vocabularies/clip-merges.txt.gz` are the part that is used of
`bpe_simple_vocab_16e6.txt.gz` in https://github.com/openai/CLIP (MIT, Copyright (c) 2021 OpenAI).
"""

from __future__ import annotations

import gzip
import html
from functools import cache, cached_property, lru_cache
from itertools import pairwise
from pathlib import Path

import ftfy
import regex

MERGES = Path(__file__).parent.parent / "metadata" / "vocabularies" / "clip-merges.txt.gz"
LENGTH = 77
"""So many tokens the text towers take, the start and the end of the text among them."""

_START, _END = "<|startoftext|>", "<|endoftext|>"
_WORDS = regex.compile(
    r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+", regex.IGNORECASE
)
_LONGEST_WORD = 4000
"""Bytes of one word that are looked at: more than fit in the tower, and joining takes time with their square."""


class ClipTokens:
    """The vocabulary of CLIP; reading it takes some hundredths of a second."""

    def __init__(self) -> None:
        merges = [tuple(line.split()) for line in gzip.decompress(MERGES.read_bytes()).decode().splitlines()]
        letters = _letters()
        pieces = [*letters.values(), *(f"{letter}</w>" for letter in letters.values()), *map("".join, merges)]
        self._id = {piece: number for number, piece in enumerate([*pieces, _START, _END])}
        self._rank = {merge: rank for rank, merge in enumerate(merges)}
        self.start, self.end = self._id[_START], self._id[_END]
        self._word = lru_cache(maxsize=50_000)(self._pieces)

    def tokens(self, text: str) -> list[int]:
        """All tokens of a text of any length, with its start and its end."""
        words = _WORDS.findall(clean(text))
        return [self.start, *(token for word in words for token in self._word(word)), self.end]

    def fitted(self, text: str) -> list[int]:
        """
        77 tokens: those of the text, then zeros.

        Of a longer text the first 76 and the end, as CLIP does. The official ImageBind drops the end, from which the
        vector is read, and then reads it from whichever word happens to have the highest number.
        """
        tokens = self.tokens(text)
        if len(tokens) > LENGTH:
            return [*tokens[: LENGTH - 1], self.end]
        return tokens + [0] * (LENGTH - len(tokens))

    def read(self, text: str) -> tuple[str, str]:
        """The beginning of a text that fits, and the rest, both as the model reads them: in lower case."""
        tokens = self.tokens(text)[1:-1]
        return self._text(tokens[: LENGTH - 2]), self._text(tokens[LENGTH - 2 :])

    @cached_property
    def _piece(self) -> list[str]:
        return list(self._id)

    def _text(self, tokens: list[int]) -> str:
        byte_of = {letter: byte for byte, letter in _letters().items()}
        letters = "".join(self._piece[token] for token in tokens).replace("</w>", " ")
        return bytes(byte_of.get(letter, 32) for letter in letters).decode("utf-8", errors="ignore").strip()

    def _pieces(self, word: str) -> tuple[int, ...]:
        """The tokens of one word: its bytes, of which the neighbours of lowest rank are joined until none can be."""
        if word in (_START, _END):
            return (self._id[word],)
        letters = _letters()
        parts = [letters[byte] for byte in word.encode(errors="replace")[:_LONGEST_WORD]]
        parts[-1] += "</w>"
        while len(parts) > 1:
            best = min(pairwise(parts), key=lambda pair: self._rank.get(pair, len(self._rank)))
            if best not in self._rank:
                break
            parts = _joined(parts, best)
        return tuple(self._id[part] for part in parts)


@cache
def clip_tokens() -> ClipTokens:
    """The one tokenizer of this process."""
    return ClipTokens()


def clean(text: str) -> str:
    """A text in lower case, with broken encodings mended, HTML entities resolved, and single spaces."""
    mended = html.unescape(html.unescape(ftfy.fix_text(text)))
    return " ".join(mended.split()).lower()


def _joined(parts: list[str], pair: tuple[str, str]) -> list[str]:
    joined: list[str] = []
    place = 0
    while place < len(parts):
        if tuple(parts[place : place + 2]) == pair:
            joined.append("".join(pair))
            place += 2
        else:
            joined.append(parts[place])
            place += 1
    return joined


@cache
def _letters() -> dict[int, str]:
    """A visible letter for each byte, in the order of the vocabulary; what is visible in Latin-1 stands for itself."""
    visible = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    hidden = [byte for byte in range(256) if byte not in visible]
    return {byte: chr(byte) for byte in visible} | {byte: chr(256 + number) for number, byte in enumerate(hidden)}
