"""R9, R11: dates of service are only added, whatever was known once can be told again, and an erasure touches one officer."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from conversation import ON_SERVER, new_database
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from postgres import cluster
from sqlalchemy.exc import DBAPIError

from rules.draft import BatchDraft, BatchLine, DeductionDraft, RosterDraft
from rules.mentions import mark
from rules.officers import Officer, Service
from rules.people import Post, Role
from rules.roster import Entered, Kind, Plan
from rules.services import Member
from storage import drafts, mentions, people, pushes, roster
from storage.audit import Act
from storage.database import Database
from storage.migrate import migrate
from storage.tables import OfficerRow

NOW = datetime(2026, 11, 10, 1, tzinfo=UTC)
CAME, LATER = date(2026, 1, 1), date(2026, 10, 31)


@pytest.fixture
async def database(tmp_path):
    base = Database(await new_database(tmp_path))
    yield base
    await base.close()


async def somebody(session, *posts, telegram_id=1, name="周联络"):
    row = await people.meet(session, telegram_id=telegram_id, name=name, now=NOW)
    for post in posts:
        await people.appoint(session, person_id=row.id, post=post, granted_by=None, now=NOW)
    return row.id


async def enlisted(session, name="张伟", number="", unit="chengguan", by=None):
    by = by or await somebody(session)
    plan = Plan(Kind.NEW, Officer(0, name, number), (Service(0, unit, CAME),))
    (id_,) = await roster.write(session, [plan], key=f"k:{name}:{number}:{unit}", unit=unit, by=by, now=NOW)
    return id_


async def read(session, sql):
    return [tuple(row) for row in (await session.exec(sa.text(sql))).all()]


async def test_other_dates_supersede_and_the_former_ones_can_be_told_as_of_any_moment(database):
    async with database.transaction() as session:
        by = await somebody(session)
        id_ = await enlisted(session)
        for days, services in (
            (1, [Service(id_, "chengguan", LATER)]),
            (
                2,
                [
                    Service(id_, "chengguan", LATER, date(2026, 11, 5)),
                    Service(id_, "dongmen", date(2026, 11, 6)),
                ],
            ),
            (3, [Service(id_, "chengguan", LATER, date(2026, 11, 5))]),
        ):
            await roster.serve(
                session,
                id_,
                services,
                act=Act.ROSTER_LEFT,
                key=f"d{days}",
                by=by,
                now=NOW + timedelta(days=days),
            )

    async def spans(at=None):
        async with database.reading() as session:
            return [(s.unit, s.since, s.until) for s in (await roster.services_of(session, [id_], at=at))[id_]]

    out = ("chengguan", LATER, date(2026, 11, 5))
    assert await spans(NOW - timedelta(hours=1)) == []
    assert await spans(NOW) == [("chengguan", CAME, None)]
    assert await spans(NOW + timedelta(days=1)) == [("chengguan", LATER, None)]
    assert await spans(NOW + timedelta(days=2)) == [out, ("dongmen", date(2026, 11, 6), None)]
    assert await spans() == [out]
    async with database.reading() as session:
        told = await read(
            session, "SELECT unit_code, detail FROM audit WHERE act IN ('roster', 'roster_left') ORDER BY id"
        )
        history = await roster.history(session, id_)
    assert told == [
        ("chengguan", f"民警 {id_}：无 → 2026-01-01 起"),
        ("chengguan", f"民警 {id_}：2026-01-01 起 → 2026-10-31 起"),
        ("chengguan", f"民警 {id_}：2026-10-31 起 → 2026-10-31 至 2026-11-05"),
        ("dongmen", f"民警 {id_}：无 → 2026-11-06 起"),
        ("dongmen", f"民警 {id_}：2026-11-06 起 → 撤销"),
    ]
    assert [(v.supersedes is not None, v.removed, v.who) for v in history] == [
        (False, False, "周联络"), (True, False, "周联络"), (True, False, "周联络"), (False, False, "周联络"),
        (True, True, "周联络"),
    ]  # fmt: skip


@pytest.mark.parametrize("sql", ["UPDATE service SET since = '2026-02-01'", "DELETE FROM service"])
async def test_the_database_refuses_to_change_or_to_delete_a_service(database, sql):
    async with database.transaction() as session:
        await enlisted(session)
    with pytest.raises(DBAPIError, match="append-only"):
        async with database.transaction() as session:
            await session.exec(sa.text(sql))


async def test_who_was_never_assessed_is_taken_out_with_a_trace(database):
    async with database.transaction() as session:
        by = await somebody(session)
        id_ = await enlisted(session)
        assert await roster.erase(
            session, id_, unit="chengguan", key="e", by=by, today=NOW.date(), now=NOW + timedelta(hours=1)
        )
        assert await roster.members(session, "chengguan") == []
        assert len(await read(session, "SELECT * FROM service")) == 2
        assert (await roster.services_of(session, [id_], at=NOW))[id_] == [Service(id_, "chengguan", CAME)]
        told = await read(session, "SELECT detail FROM audit WHERE act = 'roster_erased'")
    assert told == [(f"民警 {id_}：2026-01-01 起 → 撤销",)]


async def test_a_message_waits_with_ids_and_goes_out_with_todays_names(database):
    async with database.transaction() as session:
        await somebody(session, Post(Role.LIAISON, unit="chengguan"))
        await somebody(session, Post(Role.LIAISON, unit="dongmen"), telegram_id=2, name="钱联络")
        id_ = await enlisted(session)
        for chat in (1, 2):
            await pushes.plan(session, key=f"p{chat}", chat_id=chat, text="<b>张伟</b>脱岗", due_at=NOW)
        await pushes.plan(
            session, key="about", chat_id=2, text=f"{mark(id_)}{mark(99)}调动", due_at=NOW, about=[id_]
        )
        lines = [("x", "张伟", None), ("y", "李强", None)]
        await pushes.plan_digest(session, chat_id=1, lines=lines, due_at=NOW)
        texts = await read(session, "SELECT text FROM push ORDER BY id")
        await session.exec(sa.text("UPDATE officer SET name = '张维'"))
        sent = await pushes.claim(session, now=NOW, today=NOW.date())
    assert texts == [
        (f"<b>{mark(id_)}</b>脱岗",), ("<b>张伟</b>脱岗",), (f"{mark(id_)}调动",), (mark(id_),), ("李强",),
    ]  # fmt: skip
    assert [push.text for push in sent] == ["<b>张维</b>脱岗", "<b>张伟</b>脱岗", "张维调动", "张维", "李强"]


async def test_a_name_that_somebody_else_bears_stays_as_it_was_written(database):
    async with database.transaction() as session:
        by = await somebody(session, Post(Role.LIAISON, unit="chengguan"), name="王伟")
        await enlisted(session, "王伟", by=by)
        assert await mentions.mark(session, "王伟误记") == "王伟误记"
        assert await mentions.names(session, ["王伟误记", None]) == {}


NAMES = st.sampled_from(
    ["code", "unit", "b", "派出所", "扣分", "东门", "王伟", "张伟", "text", "lines", "钱联络", "李强", "程序"]
)
TEXTS = st.lists(
    st.sampled_from(["<b>东门派出所</b>", "被扣分", "code", "unit", "王伟登记", "张伟脱岗", "李强", "程序不当", "&amp;"]),
    min_size=1, max_size=6,
).map("".join)  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=NAMES, texts=st.lists(TEXTS, min_size=1, max_size=4))
async def test_erasing_changes_no_row_and_no_message_that_is_not_about_the_officer(database, name, texts):
    async with database.transaction() as session:
        for table in ("push", "draft"):
            await session.exec(sa.text(f"DELETE FROM {table}"))
        await somebody(session, Post(Role.LIAISON, unit="chengguan"))
        wang = await somebody(session, Post(Role.ASSESSOR, group="派出所考核小组"), telegram_id=3, name="王伟")
        qian = await somebody(session, Post(Role.LIAISON, unit="dongmen"), telegram_id=2, name="钱联络")
        row = OfficerRow(name=name)
        session.add(row)
        await session.flush()
        await roster.serve(
            session,
            row.id,
            [Service(row.id, "chengguan", CAME)],
            act=Act.ROSTER,
            key=f"n{row.id}",
            by=wang,
            now=NOW,
        )
        for number, text in enumerate(texts):
            await pushes.plan(session, key=f"n{number}", chat_id=2, text=text, due_at=NOW)
            entry = DeductionDraft(NOW, units=("dongmen",), reason=text)
            for kept in (
                entry,
                BatchDraft(NOW, (BatchLine(1, text, entry),)),
                RosterDraft("dongmen", (Entered(name), Entered("code"))),
            ):
                await drafts.open_(
                    session, kept, key=f"d{number}:{type(kept).__name__}", person_id=qian, chat_id=2, now=NOW
                )
        before = await read(session, "SELECT * FROM push"), await read(session, "SELECT * FROM draft")
        member = await roster.member(session, row.id)
        await drafts.forget(session, member)
        await roster.erase(
            session, row.id, unit="chengguan", key=f"e{row.id}", by=wang, today=NOW.date(), now=NOW
        )
        after = await read(session, "SELECT * FROM push"), await read(session, "SELECT * FROM draft")
        sent = [push.text for push in await pushes.claim(session, now=NOW, today=NOW.date())]
    assert after == before
    assert sent == texts


async def test_a_database_of_before_is_migrated_with_its_services_drafts_and_messages(tmp_path):
    url = cluster().url(cluster().new()) if ON_SERVER else f"sqlite+aiosqlite:///{tmp_path / 'old.db'}"
    database = Database(url)
    await migrate(database, "0006")
    officers = [(1, "张伟"), (2, "李强"), (3, "张伟"), (4, "分")]
    content = json.dumps([{"officer": id_} for id_, _ in officers])
    text = "<b>请签字</b>：张伟报送\n\n1. 张伟　<b>99</b> 分　台账 −1\n1. 分　<b>99</b> 分\n不计入：李强（休假）、张伟（借调）"
    async with database.transaction() as session:
        run = (await session.connection()).execute
        await run(
            sa.text(
                "INSERT INTO person (id, telegram_id, name, joined_at) VALUES (1, 1, '周', '2026-11-01 00:00:00+00:00')"
            )
        )
        for id_, name in officers:
            await run(
                sa.text("INSERT INTO officer (id, name, number, duty) VALUES (:i, :n, '', '')"),
                {"i": id_, "n": name},
            )
            await run(
                sa.text(
                    "INSERT INTO service (officer_id, unit_code, since) VALUES (:i, 'chengguan', '2026-01-01')"
                ),
                {"i": id_},
            )
        await run(
            sa.text(
                'INSERT INTO month_return (id, key, unit_code, month, version, content, needs_signature, "by", at)'
                " VALUES (5, 'r', 'chengguan', '2026-10', 1, :c, true, 1, '2026-11-01 00:00:00+00:00')"
            ),
            {"c": content},
        )
        push = sa.text(
            "INSERT INTO push (id, key, chat_id, text, buttons, together, kind, state, due_at, tries)"
            " VALUES (:i, :k, 1, :t, '[]', false, 'step', 'planned', '2026-11-10 01:00:00+00:00', 0)"
        )
        for id_, key, what in (
            (1, "mrs5:1", text),
            (2, "mrs9:1", "1. 张伟　无"),
            (3, "mrsx", "1. 张伟　x"),
            (4, "n:1", "张伟"),
        ):
            await run(push, {"i": id_, "k": key, "t": what})
        await run(
            sa.text(
                "INSERT INTO draft (id, key, person_id, chat_id, kind, content, revision, state, made_at)"
                " VALUES (1, 'd', 1, 1, 'roster', :c, 0, 'open', '2026-11-10 01:00:00+00:00')"
            ),
            {"c": '{"unit": "chengguan", "lines": [{"name": "李强", "number": "077"}]}'},
        )
    await migrate(database)
    async with database.transaction() as session:
        both = mark(1, 3)
        assert [row[0] for row in await read(session, "SELECT text FROM push ORDER BY id")] == [
            f"<b>请签字</b>：张伟报送\n\n1. {both}　<b>99</b> 分　台账 −1\n1. {mark(4)}　<b>99</b> 分\n"
            f"不计入：{mark(2)}（休假）、{both}（借调）",
            "1. 张伟　无", "1. 张伟　x", "张伟",
        ]  # fmt: skip
        assert await roster.member(session, 2) == Member(Officer(2, "李强"), (Service(2, "chengguan", CAME),))
        (version,) = await roster.history(session, 2)
        assert (version.who, version.at) == ("", None)
        await drafts.forget(session, await roster.member(session, 2))
        assert await read(session, "SELECT state, content FROM draft") == [("dropped", "")]
        await roster.serve(session, 2, [Service(2, "xijie", CAME)], act=Act.ROSTER, key="k", by=1, now=NOW)
        assert await roster.members(session, "xijie") == [
            Member(Officer(2, "李强"), (Service(2, "xijie", CAME),))
        ]
        claimed = await pushes.claim(session, now=NOW, today=NOW.date())
        assert "1. 张伟　<b>99" in claimed[0].text
    await database.close()
