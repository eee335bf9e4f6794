"""/officer 标记: a month without service, or with another coefficient (R9)."""

from handlers.frame.context import Context
from handlers.frame.reply import Say
from handlers.officers import officer_entry, officers_text, staff
from rules.months import Month, read_month
from rules.names import Ambiguous, Match
from rules.officers import coefficient_of
from rules.recusal import PointMove, check_not_oneself
from rules.refusals import EmptyCommand, NotAMark, UnknownName
from storage import audit, officer_ledger
from storage.audit import Act
from storage.officer_ledger import Place

WORDS = frozenset({"标记"})
NONE = "取消"
EXAMPLE = "/officer 标记 张伟 3月 休假"


async def typed(context: Context, text: str) -> None:
    """/officer 标记 张伟 3月 休假: of this month where none is named; 取消 takes the mark back."""
    words_ = text.split()
    months = [(w, m) for w in words_ if (m := read_month(w, context.today)) is not None]
    month = months[0][1] if months else Month.of(context.today)
    rest = [word for word in words_ if not months or word != months[0][0]]
    if len(rest) != 2:
        raise EmptyCommand(EXAMPLE)
    officer_entry.check_month(context, month)
    duties = context.services.policy.duties
    mark = next((word for word in rest if word in (NONE, *duties.absences, *duties.coefficients)), None)
    if mark is None:
        raise NotAMark(rest[-1], (*duties.absences, *duties.coefficients, NONE))
    name = rest[0] if rest[1] == mark else rest[1]
    async with context.database.transaction() as session:
        found = await staff.of(session, context, month)
        meant = found.vocabulary().units.find(name)
        if not isinstance(meant, Match):
            codes = meant.candidates if isinstance(meant, Ambiguous) else meant.suggestions
            near = [found.find(int(code)) for code in codes]
            raise UnknownName(
                "民警", name, tuple(officers_text.named(pair[0]) for pair in near if pair is not None)
            )
        officer, unit = next(pair for pair in found.officers if pair[0].code == meant.value)
        check_not_oneself(context.person, {officer.id}, PointMove.MARK)
        await officer_ledger.mark(
            session,
            Place(officer.id, unit.code, month),
            key=context.deed_key(),
            mark="" if mark == NONE else mark,
            by=context.person.id,
            now=context.now,
        )
        await audit.record(
            session, Act.MARKED, at=context.now, person_id=context.person.id, unit=unit.code,
            detail=f"{month} 民警 {officer.id} {mark}", key=f"mark:{context.deed_key()}",
        )  # fmt: skip
    factor = coefficient_of(officer, None if mark == NONE else mark, duties)
    kind = None if mark == NONE else mark
    await context.reply(
        Say(officers_text.marked(officer, month, kind, absent=mark in duties.absences, factor=factor))
    )
