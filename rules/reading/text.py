"""A text as it is read: every sign in one form, with the way back to the signs that were typed."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"
_SAME = (
    dict.fromkeys(_DASHES, "-")
    | dict.fromkeys("～〜∼", "~")
    | dict.fromkeys("✕✖╳", "×")
    | dict.fromkeys('“”„‟"「」『』《》〈〉', '"')
    | dict.fromkeys("【［〔〖{", "(")
    | dict.fromkeys("】］〕〗}", ")")
    | dict.fromkeys("∶︰", ":")
    | {"[": "(", "]": ")", "\t": " ", "￤": "|", "¦": "|", "\\": "/"}
)
GAPS = 8
"""So many blanks, tabs or ends of lines in a row are read."""
_LONG_GAP = re.compile(rf"\s{{{GAPS + 1},}}")
KEEP = frozenset({"Cf", "Cc", "Mn", "Me"})
"""Categories of signs that are not seen and say nothing."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text in one form of signs. `places` says where each of them was typed."""

    plain: str
    typed: str
    places: Sequence[int]

    def words(self, start: int, end: int) -> str:
        """The signs that were typed where these stand, without the ones that are not seen."""
        if start >= end:
            return ""
        if isinstance(self.places, range):
            return self.typed[start:end]
        typed = self.typed[self.places[start] : self.places[end - 1] + 1]
        return "".join(sign for sign in typed if sign == "\t" or unicodedata.category(sign) not in KEEP)


def as_read(text: str) -> Text:
    """The text with each sign in one form: width, dashes, quotes, brackets; what is not seen is left out.

    Signs such as ① and ½ stay as they are: they are no digits that stand in a number. Of a long run of gaps only the
    first few are read: patterns that may skip a gap at two places would try every way to share out the run.
    """
    signs = [_plain(sign) for sign in text]
    for run in _LONG_GAP.finditer(text):
        signs[run.start() + GAPS : run.end()] = [""] * (run.end() - run.start() - GAPS)
    places = range(len(text)) if all(signs) else [place for place, sign in enumerate(signs) if sign]
    return Text("".join(signs), text, places)


@lru_cache(maxsize=4096)
def _plain(sign: str) -> str:
    if sign == "\n" or sign in _SAME:
        return _SAME.get(sign, sign)
    category = unicodedata.category(sign)
    if category in KEEP:
        return ""
    one = unicodedata.normalize("NFKC", sign)
    if category == "No" or len(one) != 1:
        return sign
    return _SAME.get(one, one.lower())
