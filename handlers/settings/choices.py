"""/settings: how one is told, at what time of day one is reminded, and what one does not want to be reminded of."""

import re
from datetime import time

from handlers.frame.context import Context
from handlers.frame.notices import AT_ONCE, DAILY, SETTING
from handlers.frame.reply import Button, Rows, Say, in_rows
from handlers.reminders.reminders import HOUR, MUTED, read_muted
from handlers.settings import choices_text
from rules.people import Role
from rules.refusals import NotATime, Stale
from rules.reminders import MUTABLE, Duty
from storage import settings

HOURS = ("07:30", "08:00", "08:30", "09:00", "10:00", "14:00", "17:00", "20:00")

DUTIES = (
    (Role.ASSESSOR, Duty.UNITS),
    (Role.LEADER, Duty.SUMMARY),
    (Role.LIAISON, Duty.MONTHLY),
    (Role.LIAISON, Duty.FILING),
    (Role.OFFICE, Duty.FILING),
)
"""The reminders that each role gets and may mute."""


async def show(context: Context) -> None:
    """/settings shows the choices; /settings 07:45 sets the time of the reminders."""
    text = context.words.strip()
    if text:
        await _choose(context, HOUR, _time(text))
    await context.reply(await _settings(context))


def _time(text: str) -> str:
    match = re.fullmatch(r"(\d{1,2})[:：点.](\d{2})?分?", text)
    try:
        at = time(int(match[1]), int(match[2] or 0)) if match else None
    except ValueError:
        at = None
    if at is None:
        raise NotATime(text)
    return f"{at:%H:%M}"


async def pressed(context: Context) -> None:
    """A choice was made; what is planned already goes out as planned."""
    what, value = context.argument(0), context.argument(1)
    if what in {AT_ONCE, DAILY} and _is_liaison(context):
        await _choose(context, SETTING, what)
    elif what == "h" and f"{value[:2]}:{value[2:]}" in HOURS:
        await _choose(context, HOUR, f"{value[:2]}:{value[2:]}")
    elif what == "m" and value in {duty.value for duty in _duties(context)}:
        muted = await _muted(context) ^ {Duty(value)}
        await _choose(context, MUTED, ",".join(sorted(duty.value for duty in muted)))
    else:
        raise Stale
    await context.rewrite(await _settings(context))


async def _choose(context: Context, name: str, value: str) -> None:
    async with context.database.transaction() as session:
        await settings.choose(session, person_id=context.person.id, name=name, value=value, now=context.now)


def _is_liaison(context: Context) -> bool:
    return context.person.has({Role.LIAISON})


def _duties(context: Context) -> list[Duty]:
    held = [duty for role, duty in DUTIES if context.person.has({role}) and duty in MUTABLE]
    return list(dict.fromkeys(held))


async def _muted(context: Context) -> frozenset[Duty]:
    return read_muted(await _chosen(context, MUTED, ""))


async def _chosen(context: Context, name: str, usual: str) -> str:
    async with context.database.reading() as session:
        return (await settings.chosen(session, name, [context.person.id])).get(context.person.id, usual)


async def _settings(context: Context) -> Say:
    policy = context.services.policy
    hour = await _chosen(context, HOUR, f"{policy.schedule.remind_at:%H:%M}")
    muted = await _muted(context)
    daily = None
    rows: Rows = ()
    if _is_liaison(context):
        daily = await _chosen(context, SETTING, AT_ONCE) == DAILY
        labels = ((AT_ONCE, "有一笔通知一笔"), (DAILY, f"每天 {policy.digest_at:%H:%M} 汇总一次"))
        chosen = DAILY if daily else AT_ONCE
        rows = in_rows([Button(_dot(label, value == chosen), f"set:{value}") for value, label in labels], 1)
    hours = [Button(_dot(at, at == hour), f"set:h:{at.replace(':', '')}") for at in HOURS]
    mutes = [
        Button(choices_text.mute(duty, muted=duty in muted), f"set:m:{duty.value}") for duty in _duties(context)
    ]
    text = choices_text.settings(
        daily=daily, digest_at=policy.digest_at, hour=hour, muted=muted, duties=_duties(context)
    )
    return Say(text, (*rows, *in_rows(hours, 4), *in_rows(mutes, 1)))


def _dot(label: str, chosen: bool) -> str:
    return f"{'● ' if chosen else '○ '}{label}"
