"""Which signs of some texts no font of the pictures has: texts as JSON come in, the missing signs go out."""

import json
import sys
from collections.abc import Iterable

from matplotlib.font_manager import findfont
from matplotlib.ft2font import FT2Font

from charts.style import font


def missing(texts: Iterable[str]) -> list[str]:
    """The signs that would be drawn as an empty box, each once, in order. ValueError where a font cannot be read."""
    wanted = dict.fromkeys(sign for text in texts for sign in text if not sign.isspace())
    lacking: dict[str, None] = {}
    for bold in (False, True):
        known: set[int] = set()
        for family in font(10).get_family():
            properties = font(10, bold=bold)
            properties.set_family(family)
            known |= FT2Font(findfont(properties, fallback_to_default=False)).get_charmap().keys()
        lacking |= dict.fromkeys(sign for sign in wanted if ord(sign) not in known)
    return list(lacking)


if __name__ == "__main__":
    json.dump(missing(json.load(sys.stdin)), sys.stdout)
