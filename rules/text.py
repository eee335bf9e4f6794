"""One normalisation of what people write, whether it was typed, stands in a table or in the config."""

import re
import unicodedata

INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
"""Signs that take no room: zero-width spaces, joiners, marks of direction, the byte order mark."""

_DOTS = re.compile(r"\s*[•・‧●∙·.﹒･⋅᛫⸱]\s*")
_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_GAP_IN_HAN = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")


def plain(text: str) -> str:
    """The text with its width normalised (NFKC), without invisible signs and without gaps at its ends."""
    return unicodedata.normalize("NFKC", INVISIBLE.sub("", text)).strip()


def person_name(text: str) -> str:
    """A person's name as it is kept: no gaps between Chinese signs (张　帆 is 张帆), every dot of a minority name is ·."""
    return " ".join(_GAP_IN_HAN.sub("", _DOTS.sub("·", plain(text))).split())


def name_key(name: str) -> str:
    """What tells one person's name from another's: gaps, dots and capitals make no other person."""
    return re.sub(r"[\s·]", "", person_name(name)).casefold()
