"""What messages said is forgotten so many days after they went out; that they went out is not."""

from datetime import UTC, datetime

import pytest

from bot.clock import by_the_clock
from tests.conversation import STATIONS, Post, Role, Town


@pytest.fixture
async def march(tmp_path):
    """A bureau on 2027-03-01, 08:00 in Shanghai: two weeks before a deadline."""
    town = await Town(tmp_path, now=datetime(2027, 3, 1, 0, tzinfo=UTC)).open()
    yield town
    await town.close()


async def strike(town):
    """The clock strikes: what is due is planned and goes out."""
    services = town.app.services
    await by_the_clock(services, services.clock())
    await town.app.pusher.send_due()


async def forget(town):
    """The hourly job that forgets."""
    (round_,) = [round_ for round_ in town.app.rounds.all if round_.name == "forget_sent"]
    await round_.work()


def texts(town, chat_id):
    """State, text, buttons and picture of what was planned for a chat."""
    with town.beside() as base:
        return base.execute(
            "SELECT state, text, buttons, chart FROM push WHERE chat_id = ? ORDER BY id", (chat_id,)
        ).fetchall()


async def test_a_text_is_forgotten_ninety_days_after_it_went_out_and_nothing_goes_out_again(march):
    head = await march.person("李组长", Post(Role.HEAD, group=STATIONS))
    office = await march.person("林主任", Post(Role.OFFICE))
    await head.says("/start")
    march.clock.move(hours=2)
    await strike(march)
    seen = len(march.world.store.messages(head.id, limit=1000))
    ((state, text, *_),) = texts(march, head.id)
    assert state == "sent" and "派出所考核小组" in text
    march.clock.move(days=90, seconds=-1)
    await forget(march)
    assert texts(march, head.id)[0][1] == text
    march.clock.move(seconds=2)
    await forget(march)
    assert texts(march, head.id) == [("sent", "", "[]", None)]
    march.clock.move(days=-90)
    await strike(march)
    assert len(march.world.store.messages(head.id, limit=1000)) == seen
    await office.says("/pushes")
    assert "李组长　提醒　已发" in office.sees()


async def test_what_waits_is_kept_however_long_it_waits(march):
    head = await march.person("李组长", Post(Role.HEAD, group=STATIONS))
    await head.says("/start")
    march.clock.move(hours=2)
    services = march.app.services
    await by_the_clock(services, services.clock())
    march.clock.move(days=400)
    await forget(march)
    assert texts(march, head.id)[0][0] == "planned"
    assert texts(march, head.id)[0][1]


async def test_who_wants_a_forgotten_message_sent_again_is_told_why_not(march):
    wang = await march.assessor("王伟")
    office = await march.person("林主任", Post(Role.OFFICE))
    await wang.says("/start")
    await office.says("/start")
    march.world.block(wang.id)
    march.clock.move(hours=2)
    await strike(march)
    await office.says("/pushes 失败")
    (button,) = [label for label in office.buttons() if label.startswith("重发")]
    march.world.block(wang.id, blocked=False)
    march.clock.move(days=91)
    await forget(march)
    assert "文字已经清除，不能重发" in await office.presses(button)
    assert texts(march, wang.id)[0][:2] == ("dropped", "")
    await office.says("/pushes 失败")
    assert not [label for label in office.buttons() if label.startswith("重发")]
