"""Officers whom a kept text names: it holds their ids, and their names stand in the roster alone (R9).

So a name that is erased from the roster is gone from the texts as well, even from those that cannot be changed.
"""

import re
from collections.abc import Collection, Iterable, Mapping

from rules.officers import ERASED, Officer
from rules.person_names import is_plausible

_OPEN, _CLOSE = "\ue000", "\ue001"
"""Around the ids: characters for private use, which no keyboard has."""

_MARK = re.compile(f"{_OPEN}([0-9]+(?:,[0-9]+)*){_CLOSE}")


_NO_PLACE = "(?!派出所|所(?![长在])|分局|[大中支]队(?!长)|街道)"
"""What does not follow: 东方派出所 names no officer."""


def mark(*officers: int) -> str:
    """What stands for the name of an officer; of several who share it, for any of them."""
    return f"{_OPEN}{','.join(map(str, sorted(officers)))}{_CLOSE}"


def marked(text: str, officers: Iterable[Officer], *, about: Collection[int] = ()) -> str:
    """The text with marks for the names of these officers, the longer name first.

    The only marks that it may have already are of the officers whom it is said to be `about`: nobody types himself a name.
    A name that could be any word is left alone, for where it stands it need not be the officer.
    """
    text = _MARK.sub(lambda match: match[0] if _ids(match) <= {*about} else "", text)
    ids: dict[str, list[int]] = {}
    for officer in officers:
        if names(text, officer):
            ids.setdefault(officer.name, []).append(officer.id)
    if not ids:
        return text
    longest_first = "|".join(sorted(ids, key=len, reverse=True))
    return re.sub(f"({longest_first}){_NO_PLACE}", lambda match: mark(*ids[match[1]]), text)


def names(text: str, officer: Officer) -> bool:
    """Whether a text names this officer; a name that could be any word tells nothing."""
    return is_plausible(officer.name) and re.search(f"{officer.name}{_NO_PLACE}", text) is not None


def _ids(match: re.Match[str]) -> set[int]:
    return {int(id_) for id_ in match[1].split(",")}


def mentioned(text: str) -> set[int]:
    """The ids of the officers whom a kept text names."""
    return {id_ for match in _MARK.finditer(text) for id_ in _ids(match)}


def resolved(text: str, known: Mapping[int, str]) -> str:
    """The text as people read it, by the names of those who were not erased."""

    def name(match: re.Match[str]) -> str:
        ids = sorted(_ids(match))
        return next((known[id_] for id_ in ids if id_ in known), f"{ERASED}{ids[0]}")

    return _MARK.sub(name, text)
