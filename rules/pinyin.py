"""How Chinese is read: pinyin without tones, with the reading that a sign has in the phrase it stands in.

The facts are pypinyin's own (pinyin.txt, made by `make readings`), and the reading is the same to the letter, as the tests
hold. pypinyin itself keeps them as dicts of lists, 52 MB and most of a second of every start; as one sorted list of
phrases they take 9 MB and 60 ms.
"""

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from sys import intern

PLACE = Path(__file__).with_name("pinyin.txt")

CHINESE = re.compile(
    r"[\u3007\ue815-\ue864\ufa18\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002a6df\U0002a703-\U0002b73f"
    r"\U0002b740-\U0002b81d\U0002b825-\U0002bf6e\U0002c029-\U0002ce93\U0002d016\U0002d11b-\U0002ebd9"
    r"\U0002f80a-\U0002fa1f\U00030000-\U0003134a\U000300f7-\U00031288\U00030edd\U00030ede\U00031350-\U00032389]+"
)


BEYOND = 0x323B0
"""Where Chinese signs end in Unicode."""


class Readings:
    """The readings of signs and phrases."""

    def __init__(self, text: str) -> None:
        signs, _, phrases = text.partition("\n\n")
        self._syllables = [""]
        self._which = array(
            "H", bytes(2 * (BEYOND + 1))
        )  # by the sign's number: a dict of 42,000 signs takes 7 MB
        for line in signs.splitlines():
            if not line.startswith("#"):
                syllable, _, read_so = line.partition(" ")
                for sign in read_so:
                    self._which[ord(sign)] = len(self._syllables)
                self._syllables.append(syllable)
        self._phrases = phrases.splitlines()
        self._unlike: dict[str, list[str]] = {}
        for place, line in enumerate(self._phrases):
            if " " in line:
                self._phrases[place], *syllables = line.split(" ")
                self._unlike[self._phrases[place]] = list(map(intern, syllables))

    def of(self, text: str) -> Iterator[tuple[str, str]]:
        """Each Chinese sign and its syllable; what has no reading, a run of it as one, and itself."""
        at = 0
        for run in CHINESE.finditer(text):
            if run.start() > at:
                yield text[at : run.start()], text[at : run.start()]
            for phrase in self._cut(run.group()):
                yield from zip(phrase, self._unlike.get(phrase) or self._each(phrase), strict=True)
            at = run.end()
        if at < len(text):
            yield text[at:], text[at:]

    def _each(self, phrase: str) -> list[str]:
        return [self._syllables[self._which[min(ord(sign), BEYOND)]] or sign for sign in phrase]

    def _cut(self, run: str) -> Iterator[str]:
        """The longest phrase that begins here, or else one sign, and so on to the end."""
        while run:
            longest, within = self._longest(run)
            if not longest and within:
                # What is left only begins a phrase: no phrase is looked for inside it. So does pypinyin.
                yield from run
                return
            yield run[: longest or 1]
            run = run[longest or 1 :]

    def _longest(self, run: str) -> tuple[int, bool]:
        """The length of the longest phrase that the run begins with, 0 for none; whether all of it begins a phrase."""
        longest, low = 0, 0
        for length in range(1, len(run) + 1):
            part = run[:length]
            low = bisect_left(self._phrases, part, low)
            if low == len(self._phrases) or not self._phrases[low].startswith(part):
                return longest, False
            if self._phrases[low] == part:
                longest = length
        return longest, True


@cache
def _readings() -> Readings:
    return Readings(PLACE.read_text(encoding="utf-8"))


def sound(text: str) -> str:
    """How a text is read, as one word: 城关所 → chengguansuo; ü is v, there are no tones, and 110 and ab stay."""
    return "".join(syllable for _, syllable in _readings().of(text))


def initials(text: str) -> str:
    """The first letter of each sign's reading: 城关所 → cgs; what is not Chinese stays whole: 110所 → 110s."""
    return "".join(syllable if stands == syllable else syllable[0] for stands, syllable in _readings().of(text))
