"""Records by their numbers, for who may see them: any other is as unknown as one that does not exist (R8, Sight)."""

from collections.abc import Callable
from typing import TypeVar

from handlers.frame import names
from handlers.frame.context import Context
from rules.access import sees_filing, sees_officers
from rules.entries import Deduction
from rules.filings import Filed
from rules.methods import Method
from rules.officers import OfficerDeduction
from rules.refusals import NoSuchEntry, NoSuchOfficerEntry, Refusal
from rules.returns import Return
from storage import appeals, filings, ledger, methods, officer_ledger, proposals, returns
from storage.appeals import Appeal
from storage.database import Session
from storage.proposals import Proposal

R = TypeVar("R")


def visible(record: R | None, sees: Callable[[R], bool], unknown: Refusal) -> R:
    """The record, if there is one and the person sees it; otherwise `unknown` is raised, whichever it was."""
    if record is None or not sees(record):
        raise unknown
    return record


async def entry(session: Session, context: Context, number: int) -> Deduction:
    """The deduction of a number, on a unit that the person sees. NoSuchEntry."""
    seen = context.sight().units
    return visible(await ledger.deduction(session, number), lambda e: e.unit in seen, NoSuchEntry(number))


async def officer_entry(session: Session, context: Context, number: int) -> OfficerDeduction:
    """The entry of a number, on an officer of a unit that the person speaks for. NoSuchOfficerEntry."""
    units = context.person.units
    found = await officer_ledger.entry(session, number)
    return visible(found, lambda e: e.unit in units, NoSuchOfficerEntry(number))


async def proposal(session: Session, context: Context, number: int) -> tuple[Proposal, Deduction]:
    """The proposed correction, with its entry, which is on a unit that the person sees. Stale."""
    seen = context.sight().units
    found = await proposals.find(session, number)
    old = await ledger.deduction(session, found.entry) if found is not None else None
    old = visible(old, lambda e: e.unit in seen, names.stale())
    assert found is not None
    return found, old


async def appeal(session: Session, context: Context, number: int) -> Appeal:
    """The appeal of a unit that the person sees. Stale."""
    seen = context.sight().units
    return visible(await appeals.find(session, number), lambda a: a.unit in seen, names.stale())


async def filing(session: Session, context: Context, number: int) -> Filed:
    """The document that a unit, or the office, filed and that the person sees. Stale."""
    found = await filings.find(session, number)
    return visible(found, lambda f: sees_filing(context.person, f.unit), names.stale())


async def return_(session: Session, context: Context, number: int) -> Return:
    """The version of a month that a unit returned whose officers the person sees. Stale."""
    found = await returns.find(session, number)
    return visible(found, lambda r: sees_officers(context.person, r.unit), names.stale())


async def method(session: Session, context: Context, number: int) -> Method:
    """The version of a unit's method, for who sees its officers. Stale."""
    found = await methods.find(session, number)
    return visible(found, lambda m: sees_officers(context.person, m.unit), names.stale())
