"""/pushes: the office sees what went to whom, what failed and why, and has it sent again."""

from datetime import date

from handlers.frame import names, periods
from handlers.frame.context import Context
from handlers.frame.reply import Button, Rows, Say
from handlers.pushes import sendings_text
from rules.reading import read_day
from storage import audit, people, pushes, settings
from storage.audit import Act
from storage.pushes import Sending

A_PAGE = 8

ALL, FAILED = "all", "failed"

FAILURES = frozenset({"失败", "没送到", "没有送到", "未送达"})
"""What people write for what did not arrive."""


async def show(context: Context) -> None:
    """/pushes [3-15] [失败], newest first: of one day, or only what did not arrive. NotUnderstood."""
    only, day, left = ALL, None, []
    for word in context.words.split():
        read = read_day(word, context.today)
        if word in FAILURES:
            only = FAILED
        elif day is None and read is not None:
            day = read
        else:
            left.append(word)
    names.check_understood(" ".join(left))
    await context.reply(await _page(context, only, 0, day))


async def page_pressed(context: Context) -> None:
    """Another page, or the other selection."""
    only = FAILED if context.argument(0) == FAILED else ALL
    try:
        day = date.fromisoformat(context.argument(2)) if context.argument(2) else None
    except ValueError:
        raise names.stale() from None
    await context.rewrite(await _page(context, only, names.number(context.argument(1) or "0"), day))


async def resend_pressed(context: Context) -> None:
    """A message that did not arrive is due again, once."""
    number = names.number(context.argument(0))
    async with context.database.transaction() as session:
        sending = await pushes.find(session, number)
        if sending is None:
            raise names.stale()
        again = await pushes.renew(session, number, now=context.now)
        if again:
            await audit.record(
                session, Act.RESENT, at=context.now, person_id=context.person.id, detail=f"推送 {number}",
                key=f"resent:{context.deed()}",
            )  # fmt: skip
    context.services.wake()
    await context.toast(sendings_text.resent(again=again, cleared=sending.cleared), alert=True)
    await context.rewrite(await _page(context, FAILED, 0))


async def _page(context: Context, only: str, page: int, day: date | None = None) -> Say:
    async with context.database.reading() as session:
        found = await pushes.recent(
            session,
            failed=only == FAILED,
            since=periods.begin_of(context, day) if day else None,
            # After today nothing can stand, and 9999-12-31 has no day after it.
            until=periods.end_of(context, day) if day and day <= context.today else None,
            offset=page * A_PAGE,
            limit=A_PAGE + 1,
        )
        failed = await pushes.failed(session)
        everyone = {p.telegram_id: p.name for p in await people.all_ever(session)}
        chats = await settings.bindings(session)
    shown = found[:A_PAGE]
    named = {s.chat_id: everyone.get(s.chat_id) or chats.get(s.chat_id, "") for s in shown}
    text = sendings_text.overview(
        shown, named, context.bureau.calendar.zone, failed=failed, only_failed=only == FAILED, day=day
    )
    return Say(text, _buttons(shown, only, page, day, more=len(found) > A_PAGE))


def _buttons(shown: list[Sending], only: str, page: int, day: date | None, *, more: bool) -> Rows:
    tail = f":{day}" if day else ""
    rows = [(Button(f"重发 {sending.id}", f"psr:{sending.id}"),) for sending in shown if sending.can_be_renewed]
    turn = [Button("‹ 较新", f"ps:{only}:{page - 1}{tail}")] if page else []
    if more:
        turn.append(Button("较早 ›", f"ps:{only}:{page + 1}{tail}"))
    other = (
        Button("看全部", f"ps:{ALL}:0{tail}")
        if only == FAILED
        else Button("只看没送到的", f"ps:{FAILED}:0{tail}")
    )
    return tuple(row for row in (*rows, tuple(turn), (other,)) if row)
