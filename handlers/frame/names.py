"""From what was typed or pressed to units, groups and sequences; what is unclear is asked with buttons."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from handlers.frame import names_text
from handlers.frame.context import Context
from handlers.frame.reply import Button, Rows, Say, in_rows
from rules.bureau import Group, Sequence, Unit
from rules.names import Ambiguous, Found, Match, Names, Unknown
from rules.reading import Query, Vocabulary, group_named
from rules.refusals import NotUnderstood, Refusal, Stale, UnknownName

Listed = TypeVar("Listed", Sequence, Group)


@dataclass
class Unclear(Refusal):
    """Several could be meant; the person chooses."""

    say: Say


def stale() -> Stale:
    """The refusal of a press whose data leads nowhere."""
    return Stale()


def short(name: str) -> str:
    """A name's stand-in for a button, whose data holds 64 bytes only."""
    return hashlib.blake2s(name.encode(), digest_size=5).hexdigest()


def is_number(text: str) -> bool:
    """Whether a word is a number that a record, a file or an officer may have."""
    return text.isdecimal() and len(text) <= 18


_RECORD = re.compile(
    r"\s*(?:记录|编号|第|#|No\.?|№)*\s*(\d{1,18})(?=\D|$)(?:号|条|笔)?(?:记录)?[\s,，:：、]*(.*)",
    re.DOTALL | re.IGNORECASE,
)


def record(text: str) -> tuple[int | None, str]:
    """The number of a record that a text begins with, 12, #12 or 记录12, and the words behind it."""
    match = _RECORD.fullmatch(unicodedata.normalize("NFKC", text)) if text[:40].strip() else None
    if match is None:
        return None, text.strip()
    found = re.match(r"\D*\d+(?:号|条|笔)?(?:记录)?[\s,，:：、]*", text)
    return int(match[1]), text[found.end() :].strip() if found is not None else match[2].strip()


def number(text: str) -> int:
    """A number from a button's data."""
    if not text.isascii() or not is_number(text):
        raise stale()
    return int(text)


def vocabulary(context: Context) -> Vocabulary:
    """The names as they are read in the year that runs, built once a year."""
    return context.services.vocabulary(context.running.year)


def unit(context: Context, text: str, *, then: str, after: str = "") -> Unit:
    """The unit of a typed name. Unclear leads to buttons `then:code:after`; UnknownName says what may be meant."""
    return resolve_unit(context, vocabulary(context).units.find(text), text, then=then, after=after)


def resolve_unit(context: Context, found: Found[str], text: str, *, then: str, after: str = "") -> Unit:
    """The unit that was found, or the question which one."""
    if isinstance(found, Match):
        return context.bureau.unit(found.value)
    if isinstance(found, Ambiguous):
        units = [context.bureau.unit(code) for code in found.candidates]
        raise Unclear(Say(names_text.which("单位", text), unit_buttons(units, then, after)))
    raise UnknownName("单位", text, unit_names(context, found))


def unit_names(context: Context, unknown: Unknown[str]) -> tuple[str, ...]:
    """The suggested units by name."""
    return tuple(context.bureau.unit(code).name for code in unknown.suggestions)


def unit_buttons(units: Iterable[Unit], then: str, after: str = "") -> Rows:
    """A button for each unit."""
    tail = f":{after}" if after else ""
    return in_rows([Button(unit.name, f"{then}:{unit.code}{tail}") for unit in units], 2)


def check_understood(left: str) -> None:
    """Refuse the words behind a command that it has no use for. NotUnderstood."""
    if left.strip():
        raise NotUnderstood(left.strip())


def check_without_day(query: Query) -> None:
    """Refuse 截至 where a question is always about now. NotUnderstood."""
    if query.as_of_text is not None:
        raise NotUnderstood(f"截至 {query.as_of_text}".strip())


def ask_sequence(
    context: Context, then: str, sequences: Iterable[Sequence] | None = None, what: str = "", after: str = ""
) -> Say:
    """Which sequence? Buttons `then:short:after`."""
    tail = f":{after}" if after else ""
    offered = context.bureau.sequences if sequences is None else sequences
    buttons = [Button(sequence.name, f"{then}:{short(sequence.name)}{tail}") for sequence in offered]
    return Say(names_text.ask_sequence(what), in_rows(buttons, 2))


def ask_seen_sequence(context: Context, then: str, what: str, after: str = "") -> Say:
    """Which of the sequences in which the person sees any unit? Buttons `then:short:after`."""
    seen = context.sight().units
    offered = [
        s for s in context.bureau.sequences if any(u.code in seen for u in context.bureau.units_of(s.name))
    ]
    return ask_sequence(context, then, offered, what, after)


def ask_seen_unit(context: Context, then: str, after: str | None = None) -> Say:
    """Which unit of the pressed sequence that the person sees? Buttons `then:code:after`, by default as pressed."""
    seen = context.sight().units
    sequence = sequence_of(context, context.argument(0))
    units = [unit for unit in context.bureau.units_of(sequence.name) if unit.code in seen]
    if after is None:
        after = ":".join(filter(None, (context.argument(1), context.argument(2))))
    return ask_unit(context, sequence, then, units, after)


def ask_unit(
    context: Context, sequence: Sequence, then: str, units: Iterable[Unit] | None = None, after: str = ""
) -> Say:
    """Which unit of the sequence? Buttons `then:code:after`."""
    offered = context.bureau.units_of(sequence.name) if units is None else units
    return Say(names_text.ask_unit(sequence.name), unit_buttons(offered, then, after))


def sequence_of(context: Context, stand_in: str) -> Sequence:
    """The sequence of a pressed stand-in."""
    return _by_short(context.bureau.sequences, stand_in)


def group_of(context: Context, stand_in: str) -> Group:
    """The group of a pressed stand-in."""
    return _by_short(context.bureau.groups, stand_in)


def unit_of(context: Context, code: str) -> Unit:
    """The unit of a pressed code."""
    found = context.bureau.find_unit(code)
    if found is None:
        raise stale()
    return found


def group_and_unit(context: Context, text: str, role: str) -> tuple[Group | None, Unit | None]:
    """A group's name, and after it the unit that its member comes from; what is unclear is asked for the role."""
    word, _, rest = text.strip().partition(" ")
    if not word:
        return None, None
    found = group(context, word, then=f"invg:{role}")
    own = unit(context, rest, then=f"inv:{role}:{short(found.name)}") if rest.strip() else None
    return found, own


def group(
    context: Context, text: str, *, then: str, after: str = "", among: Iterable[Group] | None = None
) -> Group:
    """The group of a typed name, of those that may be meant. Unclear leads to buttons `then:short:after`. UnknownName."""
    offered = tuple(context.bureau.groups if among is None else among)
    by_name = {one.name: one for one in offered}
    meant = [by_name[name] for name in group_named(text, groups(context)) if name in by_name]
    if not meant:
        raise UnknownName("考核小组", text, tuple(by_name))
    if len(meant) > 1:
        raise Unclear(Say(names_text.which("考核小组", text), group_buttons(meant, then, after)))
    return meant[0]


def group_buttons(meant: Iterable[Group], then: str, after: str = "") -> Rows:
    """A button for each group."""
    tail = f":{after}" if after else ""
    return in_rows([Button(one.name, f"{then}:{short(one.name)}{tail}") for one in meant], 1)


def groups(context: Context) -> Names[str]:
    """The assessment groups by their names and short forms."""
    return vocabulary(context).groups


def _by_short(values: Iterable[Listed], stand_in: str) -> Listed:
    for value in values:
        if short(value.name) == stand_in:
            return value
    raise stale()
