"""Writes rules/pinyin.txt from what pypinyin knows: make readings."""

from collections import defaultdict

from pypinyin.constants import PHRASES_DICT, PINYIN_DICT
from pypinyin.contrib.tone_convert import to_normal

from rules.pinyin import PLACE

HEAD = """\
# How signs and phrases are read, without tones: facts of pypinyin {version} (MIT licence, © 2016 mozillazg, 闲耘).
# Made by `make readings`; not to be changed by hand. First each syllable with the signs whose first reading it is, then
# the phrases, with their syllables where these are not the signs' first.
"""


def written() -> str:
    """The file."""
    from importlib.metadata import version

    first = {chr(code): to_normal(readings.split(",")[0]) for code, readings in PINYIN_DICT.items()}
    signs = defaultdict(list)
    for sign in sorted(first):
        signs[first[sign]].append(sign)
    lines = [f"{syllable} {''.join(signs[syllable])}" for syllable in sorted(signs)]
    phrases = []
    for phrase in sorted(PHRASES_DICT):
        syllables = [to_normal(readings[0]) for readings in PHRASES_DICT[phrase]]
        alike = syllables == [first.get(sign) for sign in phrase]
        phrases.append(phrase if alike else " ".join([phrase, *syllables]))
    return "\n".join([HEAD.format(version=version("pypinyin")) + lines[0], *lines[1:], "", *phrases, ""])


if __name__ == "__main__":
    PLACE.write_text(written(), encoding="utf-8")
