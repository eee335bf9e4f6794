"""The unit that somebody speaks for, or asks about, where it is about the unit's officers (R9)."""

from handlers.frame import names, names_text
from handlers.frame.context import Context
from handlers.frame.reply import Say
from rules.access import SEES_ALL, Deed, may_in, sees_officers
from rules.bureau import Unit
from rules.names import Ambiguous, Match
from rules.refusals import NotAllowed, NotYoursToSee, SeveralMeant, UnknownName


def split(context: Context, text: str) -> tuple[Unit | None, str]:
    """The unit that the text begins with, by its name or short form, and what follows."""
    words = text.split(maxsplit=1)
    units = names.vocabulary(context).units
    if not words or not units.known(words[0]):
        return None, text.strip()
    return named(context, words[0]), words[1].strip() if len(words) > 1 else ""


def named(context: Context, text: str) -> Unit:
    """The unit of a name where it cannot be asked which. SeveralMeant, UnknownName."""
    found = names.vocabulary(context).units.find(text)
    if isinstance(found, Match):
        return context.bureau.unit(found.value)
    if isinstance(found, Ambiguous):
        raise SeveralMeant("单位", tuple(context.bureau.unit(code).name for code in found.candidates))
    raise UnknownName("单位", text, names.unit_names(context, found))


def own(context: Context, deed: Deed, unit: Unit | None = None) -> Unit:
    """The unit for which the person may do the deed; the named one, where one is named. NotAllowed, SeveralMeant."""
    allowed = [u for u in context.bureau.units if may_in(context.person, deed, u.code)]
    if not allowed or (unit is not None and unit not in allowed):
        raise NotAllowed(deed)
    if unit is None and len(allowed) > 1:
        raise SeveralMeant("单位", tuple(u.name for u in allowed))
    return unit or allowed[0]


def pressed(context: Context, deed: Deed, code: str) -> Unit:
    """The unit of a pressed code, if the person may do the deed there. Stale, NotAllowed."""
    return own(context, deed, names.unit_of(context, code))


def seen(context: Context, unit: Unit, what: str = "花名册") -> Unit:
    """The unit, if the person sees its officers; `what` of them is asked for. NotYoursToSee."""
    if not sees_officers(context.person, unit.code):
        raise NotYoursToSee(unit, what)
    return unit


def ask(context: Context, verb: str) -> Unit | Say:
    """The only unit whose officers the person sees, or the question which; buttons `verb:code` or, first, `verbq:short`."""
    if context.person.has(SEES_ALL):
        return names.ask_sequence(context, f"{verb}q")
    units = [unit for unit in context.bureau.units if sees_officers(context.person, unit.code)]
    if len(units) == 1:
        return units[0]
    return Say(names_text.ask_sequence("请选单位"), names.unit_buttons(units, verb))
