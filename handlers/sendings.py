"""/pushes: the office sees what went to whom, what failed and why, and has it sent again."""

from handlers import names
from handlers.answer import Button, Rows, Say
from handlers.context import Context
from handlers.words import sendings as words
from storage import audit, people, pushes, settings
from storage.audit import Act
from storage.pushes import Sending

A_PAGE = 8

ALL, FAILED = "all", "failed"


async def show(context: Context) -> None:
    """/pushes, newest first; /pushes 失败 only what did not arrive."""
    only = FAILED if context.words.strip() in {"失败", "没送到", "未送达"} else ALL
    await context.reply(await _page(context, only, 0))


async def page_pressed(context: Context) -> None:
    """Another page, or the other selection."""
    only = FAILED if context.argument(0) == FAILED else ALL
    await context.rewrite(await _page(context, only, names.number(context.argument(1) or "0")))


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
    await context.toast(words.resent(again=again, cleared=sending.cleared), alert=True)
    await context.rewrite(await _page(context, FAILED, 0))


async def _page(context: Context, only: str, page: int) -> Say:
    async with context.database.reading() as session:
        found = await pushes.recent(session, failed=only == FAILED, offset=page * A_PAGE, limit=A_PAGE + 1)
        failed = await pushes.failed(session)
        everyone = {p.telegram_id: p.name for p in await people.all_ever(session)}
        chats = await settings.bindings(session)
    shown = found[:A_PAGE]
    named = {s.chat_id: everyone.get(s.chat_id) or chats.get(s.chat_id, "") for s in shown}
    text = words.overview(shown, named, context.bureau.calendar.zone, failed=failed, only_failed=only == FAILED)
    return Say(text, _buttons(shown, only, page, more=len(found) > A_PAGE))


def _buttons(shown: list[Sending], only: str, page: int, *, more: bool) -> Rows:
    rows = [(Button(f"重发 {sending.id}", f"psr:{sending.id}"),) for sending in shown if sending.can_be_renewed]
    turn = [Button("‹ 较新", f"ps:{only}:{page - 1}")] if page else []
    if more:
        turn.append(Button("较早 ›", f"ps:{only}:{page + 1}"))
    other = Button("看全部", f"ps:{ALL}:0") if only == FAILED else Button("只看没送到的", f"ps:{FAILED}:0")
    return tuple(row for row in (*rows, tuple(turn), (other,)) if row)
