"""Whatever is changed below the program, `verify`, the watch and `backup` each find it, say what, and mend nothing."""

import shutil
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bot.ops.backups import back_up
from bot.ops.verification import verify_seals
from rules.calendar import Quarter
from rules.months import Month
from rules.people import Role
from storage.tables import (
    AcknowledgementRow,
    AppealRow,
    BindingRow,
    EntryRow,
    MonthReturnRow,
    PostRow,
    StepRow,
)
from tests.backing import dumped, lived_in, town_at
from tests.conversation import ON_SERVER, STATIONS, alarms
from tests.tampering import (
    append_forged,
    forget_confirmations,
    register_once_more,
    reseal,
    rewrite_a_result,
    slip_in,
    sql,
    unguarded,
)

pytestmark = pytest.mark.skipif(ON_SERVER, reason="the file itself is tampered with")

LATER = datetime(2027, 3, 10, 1, tzinfo=UTC)
DAY = datetime(2027, 3, 6, 3, tzinfo=UTC)
CHAIN = f"台账（{STATIONS}）"


_LIVED = []


@pytest.fixture
async def lived(tmp_path_factory):
    """The folder of a bureau that has lived, made once."""
    if not _LIVED:
        _LIVED.append(await a_life(tmp_path_factory.mktemp("lived")))
    return _LIVED[0]


async def a_life(folder):
    town = await lived_in(folder)
    async with town.app.database.transaction() as session:
        session.add(
            MonthReturnRow(
                key="r", unit_code="chengguan", month=Month(2027, 2), version=1, content="[]",
                needs_signature=False, by=1, at=DAY,
            )
        )  # fmt: skip
        session.add(
            AppealRow(
                key="a", entry_id=2, unit_code="dongmen", quarter=Quarter(2027, 1), text="不属实", made_by=1,
                made_at=DAY, state="kept", points=Decimal("0.5"), decided_by=2, decided_at=DAY,
            )
        )  # fmt: skip
        session.add(AcknowledgementRow(quarter=Quarter(2027, 1), unit_code="dongmen", person_id=1, at=DAY))
        session.add(BindingRow(chat_id=-100, group_name=STATIONS, bound_by=2, at=DAY))
    await town.close()
    return folder


def deed(*statements):
    def do(file):
        with unguarded(file) as db:
            sql(*statements)(db)

    return do


def registered_anew(kind, statement):
    def do(file):
        deed(statement)(file)
        register_once_more(file, kind, 1)

    return do


def resealed(file):
    with unguarded(file) as db:
        sql("UPDATE entry SET points = 50 WHERE id = 2")(db)
        db.commit()
        reseal(file, EntryRow, STATIONS)


def without_the_officers(file):
    with unguarded(file) as db:
        sql("DELETE FROM officer_entry")(db)


TAMPERINGS = {
    "01 entry changed": (deed("UPDATE entry SET points = 50 WHERE id = 2"), f"{CHAIN}从编号 2 起与校验码不符"),
    "02 entry deleted": (deed("DELETE FROM entry WHERE id = 3"), f"{CHAIN}少了记录：从第 3 条起"),
    "03 tail cut": (deed("DELETE FROM entry WHERE id = (SELECT max(id) FROM entry)"), f"{CHAIN}少了记录"),
    "04 audit tail cut": (deed("DELETE FROM audit WHERE id = (SELECT max(id) FROM audit)"), "操作留痕少了记录"),
    "05 audit row deleted": (deed("DELETE FROM audit WHERE id = 4"), "操作留痕少了记录：从第 4 条起"),
    "06 resealed": (resealed, f"{CHAIN}的校验码被重新算过"),
    "07 confirmations forgotten": (forget_confirmations, f"2027年第一季度{STATIONS}的审定成绩，与审定时"),
    "08 tally": (deed("UPDATE tally SET points = 50 WHERE unit_code = 'dongmen'"), "2027年第一季度"),
    "09 result total": (deed("UPDATE result SET total = total + 100 WHERE id = 2"), "审定成绩编号 2 被改动过（总分）"),
    "09b result items": (
        deed("UPDATE result SET items = replace(items, '1.5', '0.5') WHERE unit_code = 'dongmen'"),
        "被改动过（各项得分）",
    ),
    "09c result sequence": (deed("UPDATE result SET sequence = '别的' WHERE id = 2"), "审定成绩编号 2 被改动过（序列）"),
    "09d result flags": (deed("UPDATE result SET inspected = 1 - inspected WHERE id = 2"), "被改动过（是否检查）"),
    "10 month return": (deed("UPDATE month_return SET content = '[1]'"), "民警成绩报送编号 1 被改动过（内容）"),
    "11 post": (deed("UPDATE post SET role = '考评办' WHERE id = 1"), "职务编号 1 被改动过（职务）"),
    "12 person": (deed("UPDATE person SET telegram_id = 55555 WHERE id = 1"), "人员编号 1 被改动过（账号）"),
    "13 step": (deed("UPDATE step SET late = 9 WHERE id = 1"), "提交、审定和公布编号 1 被改动过（逾期天数）"),
    "14 appeal": (deed("UPDATE appeal SET state = 'reversed'"), "申诉编号 1 被改动过（状态）"),
    "15 acknowledgement": (deed("UPDATE acknowledgement SET person_id = 2"), "签收编号 1 被改动过（人员）"),
    "16 officer entry": (deed("UPDATE officer_entry SET points = 50 WHERE id = 1"), "民警台账从编号 1 起与校验码不符"),
    "17 officers' ledger": (without_the_officers, "民警台账少了记录：从第 1 条起"),
    "18 whole chain": (
        deed("DELETE FROM attachment", f"DELETE FROM entry WHERE chain = '{STATIONS}'"), f"{CHAIN}少了记录：从第 1 条起"
    ),
    "20 method": (deed("UPDATE method SET items = '[]'"), "民警考核办法编号 1 被改动过"),
    "21 inspection": (
        deed("INSERT INTO inspection (quarter, unit_code, person_id, at) VALUES ('2027Q1', 'dongmen', 1, '2027-03-01 00:00:00.000000')"),
        "检查完毕标记编号 1 不是程序写进去的",
    ),
    "22 forged entry": (append_forged, f"{CHAIN}多了记录"),
    "23 post taken away": (deed("DELETE FROM post WHERE id = 2"), "职务编号 2 登记过，现在没有了"),
    "24 binding": (deed("UPDATE binding SET chat_id = -200"), "群绑定编号 -100 登记过，现在没有了"),
    "25 names swapped": (
        deed("UPDATE officer SET name = '别人' WHERE id = 1"), "民警编号 1 被改动过（姓名、警号或职务）"
    ),
    "26 service": (deed("UPDATE service SET since = '2021-05-05' WHERE id = 1"), "民警任职编号 1 被改动过（开始）"),
    "27 register": (deed("UPDATE register SET content = '{}' WHERE id = 2"), "办理登记从编号 2 起与校验码不符"),
    "28 result, all of it": (
        lambda file: rewrite_a_result(file, STATIONS), f"2027年第一季度{STATIONS}的审定成绩，与审定时"
    ),
    "29 entry without a number": (lambda file: slip_in(file, 0), f"{CHAIN}多了记录：程序写到第 6 条，现在有 7 条"),
    "30 entry below all numbers": (lambda file: slip_in(file, -7), f"{CHAIN}多了记录：程序写到第 6 条，现在有 7 条"),
    "31 half a hundredth": (
        deed("UPDATE entry SET points = points + 0.5 WHERE id = 3", "UPDATE tally SET points = points + 0.5 WHERE unit_code = 'xijie'"),
        f"{CHAIN}从编号 3 起与校验码不符",
    ),
    "32 half a hundredth of a result": (deed("UPDATE result SET total = total + 0.9 WHERE id = 2"), "审定成绩编号 2 被改动过（总分）"),
    "33 half a hundredth of a sum": (deed("UPDATE tally SET points = points + 0.5 WHERE unit_code = 'xijie'"), "2027年第一季度"),
    "34 another spelling of a moment": (deed("UPDATE step SET at = replace(at, ' ', 'T') WHERE id = 1"), "编号 1 被改动过（时间）"),
    "35 another truth": (deed("UPDATE method_verdict SET accepted = 2"), "考核办法结论编号 1 被改动过（结论）"),
    "36 bytes for text": (deed("UPDATE audit SET detail = CAST(detail AS BLOB) WHERE id = 3"), "操作留痕从编号 3 起与校验码不符"),
    "37 step registered anew": (registered_anew(StepRow, "UPDATE step SET late = 9 WHERE id = 1"), "提交、审定和公布编号 1 被改动过（逾期天数）"),
    "38 return registered anew": (registered_anew(MonthReturnRow, "UPDATE month_return SET content = '[1]'"), "民警成绩报送编号 1 被改动过（内容）"),
    "39 post registered anew": (registered_anew(PostRow, "UPDATE post SET role = '考评办' WHERE id = 1"), "职务编号 1 被改动过（职务）"),
    "40 decided appeal registered anew": (registered_anew(AppealRow, "UPDATE appeal SET state = 'reversed'"), "申诉编号 1 被改动过（状态）"),
}  # fmt: skip


UNREADABLE = {
    "entry kind": ("PRAGMA ignore_check_constraints = 1", "UPDATE entry SET kind = 'x' WHERE id = 2"),
    "entry moment": ("UPDATE entry SET at = 'x' WHERE id = 2",),
    "entry quarter": ("UPDATE entry SET quarter = '2027Q9' WHERE id = 2",),
    "entry points": ("UPDATE entry SET points = 'x' WHERE id = 2",),
    "no text": ("UPDATE audit SET detail = CAST(x'ff80' AS TEXT) WHERE id = 3",),
    "audit moment": ("UPDATE audit SET at = '' WHERE id = 3",),
    "role": ("UPDATE post SET role = '皇帝' WHERE id = 1",),
    "result": ("UPDATE result SET items = '[1]' WHERE id = 2",),
    "result quarter": ("UPDATE result SET quarter = 'x' WHERE id = 2",),
    "register": ("UPDATE register SET content = 'x' WHERE id = 3",),
    "chain end": ("UPDATE chain_end SET count = 'x'",),
    "sum": ("UPDATE tally SET points = 'x' WHERE unit_code = 'xijie'",),
    "sum's quarter": ("UPDATE tally SET quarter = 'x' WHERE unit_code = 'xijie'",),
    "service": ("UPDATE service SET since = 'x' WHERE id = 1",),
    "no column": ("ALTER TABLE result DROP COLUMN inspected",),
    "no table": ("DROP TABLE signature",),
    "no register": ("DROP TABLE register",),
}


FOUND_BESIDE = {"no register": "人员里有程序读不出来的内容，或者缺了表"}
"""What is found of the person's account; where nothing knows it any more, that."""


@pytest.mark.parametrize("name", UNREADABLE)
async def test_what_cannot_be_read_keeps_nothing_else_from_being_found(lived, tmp_path, capsys, name):
    town = await sound_copy(lived, tmp_path / "bureau")
    await town.open()
    file = tmp_path / "bureau" / "kaoping.db"
    with unguarded(file) as db:
        for statement in (*UNREADABLE[name], "UPDATE person SET telegram_id = 55555 WHERE id = 1"):
            db.execute(statement)
    town.clock.move(days=1)
    await town.app.watch.look()
    told = "\n".join(text for _, text in alarms(town))
    assert FOUND_BESIDE.get(name, "人员编号 1 被改动过（账号）") in told
    await town.close()
    assert await verify_seals(town.config) == 1
    assert "请停用程序" in capsys.readouterr().out


async def test_remembered_ends_that_are_gone_are_told(lived, tmp_path):
    town = await sound_copy(lived, tmp_path / "bureau")
    shutil.rmtree(tmp_path / "bureau" / "backups" / "seals")
    await town.open()
    await town.app.watch.look()
    found = alarms(town)
    assert {chat for chat, _ in found} >= {(await people_of(town, Role.OFFICE))[0]}
    assert all("数据库以外记下的校验码不见了" in text for _, text in found)
    await town.close()


async def sound_copy(lived, folder):
    """A town on a copy of the bureau, looked over once and found sound."""
    shutil.copytree(lived, folder, dirs_exist_ok=True)
    town = await town_at(folder, now=LATER)
    await town.app.watch.look()
    assert alarms(town) == []
    await town.close()
    return town


@pytest.mark.parametrize("name", TAMPERINGS)
async def test_what_is_changed_below_the_program_is_found_named_and_left(lived, tmp_path, capsys, name):
    do, said = TAMPERINGS[name]
    town = await sound_copy(lived, tmp_path / "bureau")
    file = tmp_path / "bureau" / "kaoping.db"
    do(file)
    before = dumped(file)
    since = "2027年3月10日 09:00 还是对的，改动在那以后"

    assert await verify_seals(town.config) == 1
    shown = capsys.readouterr().out
    assert said in shown and since in shown and "台账没有问题" not in shown

    assert await back_up(town.config, tmp_path / "backups", now=LATER + timedelta(hours=1)) == 1
    shown = capsys.readouterr().err
    assert said in shown and since in shown and "核对过，有不符" in shown
    assert dumped(file) == before, "nothing was mended"

    town.clock.move(hours=2)
    await town.open()
    await town.app.watch.look()
    found = alarms(town)
    assert {chat for chat, _ in found} >= {(await people_of(town, Role.OFFICE))[0]}
    text = "\n".join(text for _, text in found)
    assert NAMED_OTHERWISE.get(name, said) in text.replace("<b>", "").replace("</b>", "")
    await town.close()


NAMED_OTHERWISE = {
    "01 entry changed": "的校验码对不上：从编号 2 起",
    "31 half a hundredth": "的校验码对不上：从编号 3 起",
    "36 bytes for text": "操作留痕的校验码对不上：从编号 3 起",
    "16 officer entry": "民警台账的校验码对不上：从编号 1 起",
    "27 register": "办理登记的校验码对不上：从编号 2 起",
}
"""Where the alarm has a headline of its own."""


async def people_of(town, role):
    from storage import people

    async with town.app.database.reading() as session:
        return [person.telegram_id for person in await people.holding(session, {role})]
