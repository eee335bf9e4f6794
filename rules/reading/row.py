"""Texts that are one small word after another, told in the time of reading them once."""

import re
from collections import defaultdict
from collections.abc import Iterable


class Row:
    """Words and signs that may follow each other in any order and number.

    A regular expression of the same words, repeated, tries every way to cut a text that holds them and something else:
    不是不是不是… can be cut in 2ⁿ ways. This looks at each place once.
    """

    def __init__(self, words: str, signs: str, others: Iterable[str] = ()) -> None:
        """`words` stand with gaps between them, `others` may hold gaps; `signs` is a regular expression of one sign."""
        self.words = frozenset((*words.split(), *others))
        self._sign = re.compile(signs)
        lengths: defaultdict[str, set[int]] = defaultdict(set)
        for word in self.words:
            lengths[word[0]].add(len(word))
        self._lengths = dict(lengths)

    def end(self, text: str, start: int = 0, end: int | None = None) -> int:
        """Where the longest row ends that begins at `start`; `start` itself where there is none."""
        end = len(text) if end is None else end
        reached = {start}
        place = farthest = start
        while place <= farthest and place < end:
            if place in reached:
                stops = [place + length for length in self._lengths.get(text[place], ())]
                ends = [stop for stop in stops if stop <= end and text[place:stop] in self.words]
                if self._sign.match(text, place) is not None:
                    ends.append(place + 1)
                reached.update(ends)
                farthest = max(farthest, *ends) if ends else farthest
            place += 1
        return farthest

    def is_all(self, text: str) -> bool:
        """Whether a text is such a row and nothing else; an empty one is none."""
        return bool(text) and self.end(text) == len(text)
