"""Officers who leave or were named wrong: /roster 调离 ends a service, /roster 改名 puts a name right (R9)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from handlers.frame import menu, names, notices, units
from handlers.frame.context import Context
from handlers.frame.reply import Button, Say
from handlers.roster import consent, consent_text, roster_text
from rules.access import Deed
from rules.bureau import Unit
from rules.officers import Service
from rules.people import Role
from rules.reading import read_day
from rules.recusal import PointMove, check_not_oneself
from rules.refusals import EmptyCommand, NameTaken, NoSuchOfficer, SameName
from rules.roster import check_day, check_name, check_private, find, read_renaming
from rules.services import Member, check_own, ended, stranded
from storage import drafts, ledger, officer_ledger, people, pushes, roster
from storage.database import Session
from storage.pushes import Kind


async def leave(context: Context, unit: Unit, text: str) -> None:
    """/roster 调离 张伟 2026-03-15 [东门所]: that day is the last one here; without a day, today."""
    name, *rest = text.split() or [""]
    if not name:
        raise EmptyCommand("/roster 调离 张伟 2026-03-15")
    day, to = context.today, None
    for word in rest:
        if word[0].isdigit() or read_day(word, context.today) is not None:
            day = check_day(word, context.today)
        else:
            to = units.named(context, word)
    async with context.database.transaction() as session:
        member = await one(session, unit, name)
        check_not_oneself(context.person, {member.officer.id}, PointMove.ROSTER)
        services = ended(member, unit.code, day, to.code if to else None)
        (needs,) = await consent.needed(session, context, unit, [(member, services)])
        if needs.months:
            await consent.propose(session, context, unit, (member, services), needs)
        elif services != member.services:
            await roster.end(
                session, member.officer.id, services, key=context.deed(), by=context.person.id, now=context.now
            )
            moved = [s for s in services if s not in member.services and s.unit != unit.code]
            await _tell(session, context, unit, moved)
        following = next((s for s in services if s.since == day + timedelta(days=1)), None)
        target = context.bureau.find_unit(following.unit) if following is not None else None
        entries = await officer_ledger.of_officers(session, [member.officer.id])
        reached = target is None or bool(await people.holding(session, {Role.LIAISON}, unit=target.code))
    if needs.months:
        await context.reply(
            Say(roster_text.not_left_yet(member.officer, consent_text.waits(context.bureau, needs)))
        )
        return
    text = roster_text.left(
        member.officer, unit, day, target, following.since if following else None,
        stranded(entries, services), context.today, reached=reached,
    )  # fmt: skip
    await context.reply(Say(text))


async def one(session: Session, unit: Unit, text: str) -> Member:
    """The officer of a name or badge number. NoSuchOfficer, SameName."""
    found = find(await roster.members(session, unit.code), text)
    if not found:
        raise NoSuchOfficer(text, unit)
    if len(found) > 1:
        raise SameName(text, tuple(member.officer.number for member in found), "")
    return found[0]


async def _tell(session: Session, context: Context, source: Unit, moved: Sequence[Service]) -> None:
    """The receiving liaisons hear who comes, and that nobody has to be entered again."""
    for service in moved:
        to = context.bureau.unit(service.unit)
        for person in await people.holding(session, {Role.LIAISON}, unit=to.code):
            await notices.tell(
                session,
                context,
                person,
                roster_text.moved_in(source, to, service.since, context.today),
                key=f"moved:{context.deed()}",
                buttons=((Button("看花名册", f"ro:{to.code}"),),),
                kind=Kind.STEP,
            )


async def rename(context: Context, unit: Unit, text: str) -> None:
    """/roster 改名 张炜 张伟: a name that was entered wrong is put right; number, services and scores stay. NameTaken."""
    old, new = read_renaming(text)
    name = check_name(new)
    check_private(text)
    async with context.database.transaction() as session:
        members = await roster.members(session, unit.code)
        found = find(members, old)
        if not found and context.again and find(members, name):
            await context.reply(Say(roster_text.renamed(old, find(members, name)[0].officer)))
            return
        member = await one(session, unit, old)
        _check_naming(context, member, unit)
        officer = replace(member.officer, name=name)
        others = [m.officer for m in find(members, name) if m.officer.id != officer.id]
        taken = next((other for other in others if not (other.number and officer.number)), None)
        if taken is not None:
            raise NameTaken(taken.name, taken.number)
        await roster.rename(
            session, officer, key=context.deed(), unit=unit.code, by=context.person.id, now=context.now
        )
    await context.reply(Say(roster_text.renamed(member.officer.name, officer)))


async def erase(context: Context, unit: Unit, text: str) -> None:
    """/roster 删除 张伟: asks once more, with what it means."""
    if not text:
        raise EmptyCommand("/roster 删除 张伟")
    async with context.database.reading() as session:
        member = await one(session, unit, text)
        _check_naming(context, member, unit)
        served = [service.unit for service in member.services]
        stays = await ledger.naming(session, served, member.officer.name)
        stays_on_officers = await officer_ledger.naming(session, served, member.officer.name)
    until = member.stint(unit.code).until
    data = f"roe:{member.officer.id}:{unit.code}"
    row = (Button("删除个人信息", data), Button("不删除", f"{data}:n"))
    serves = until is None or until >= context.today
    text = roster_text.ask_erasure(member.officer, stays, stays_on_officers, serves=serves)
    await context.reply(Say(text, (row,)))


def _check_naming(context: Context, member: Member, unit: Unit) -> None:
    """Only the present unit renames or forgets an officer, and nobody does so itself. ServesElsewhere, Oneself."""
    check_own(member, unit.code)
    check_not_oneself(context.person, {member.officer.id}, PointMove.ROSTER)


async def _check_served(session: Session, context: Context, officer: int, unit: Unit) -> None:
    """An officer who never was of the unit is as unknown as one that does not exist. Stale."""
    services = (await roster.services_of(session, [officer])).get(officer, ())
    # Who was entered by mistake and erased left no service; the press that did it may be handled again.
    if not context.again and all(service.unit != unit.code for service in services):
        raise names.stale()


async def erase_pressed(context: Context) -> None:
    """[删除个人信息]: name, number and duty go, the posts as this officer end; entries and scores stay."""
    officer = names.number(context.argument(0))
    unit = units.pressed(context, Deed.ROSTER, context.argument(1))
    if context.argument(2):
        await context.rewrite(Say(roster_text.kept()))
        return
    async with context.database.transaction() as session:
        await _check_served(session, context, officer, unit)
        member = await roster.member(session, officer)
        if member is not None:
            _check_naming(context, member, unit)
            await drafts.forget(session, member)
            holders = await people.of_officer(session, officer)
            await people.end_officer(session, officer, by=context.person.id, now=context.now)
            await roster.erase(
                session, officer, unit=unit.code, key=context.deed(), by=context.person.id, today=context.today,
                now=context.now,
            )  # fmt: skip
            gone = [person for person in holders if all(post.officer == officer for post in person.posts)]
            for person in gone:
                await pushes.withhold(session, person.telegram_id)
    await context.rewrite(Say(roster_text.erased(officer)))
    for person in gone if member is not None else ():
        await menu.take_away(context, person)
