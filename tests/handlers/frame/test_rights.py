"""Rights are asked at every press: every role walks every command and every button, with what is its own, another's and nobody's (R8, R9)."""

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from bot.commands import COMMANDS, PRESSES
from handlers.frame import names
from handlers.frame.routes import Command, Press, is_open_to
from rules.people import Person
from storage import people
from tests import officers, rights
from tests.conversation import OFFICES, STATIONS, Player, Post, Role, Town, entries
from tests.rights import WALKERS, Scene, Watch

ABOUT = (
    "",
    "城关所",
    "东门所",
    "法制科",
    "城关所 东门所",
    "1",
    "2",
    "3",
    "1 撤销",
    "2 撤销",
    "撤销 2 误记",
    "-1",
    "99999999999999999999999",
    "城关所 2027-02",
    "东门所 2027-02",
    "年度",
    "派出所一序列",
    "某人 某事",
)
"""What a command is given: everything, one's own, another's, by number and by name, and what does not exist."""

NAMED = ("城关所 欧阳甲", "东门所 司徒乙", "欧阳甲", "司徒乙")
"""Officers by their names."""

FORGED = (
    (),
    ("",),
    ("-1",),
    ("9" * 18,),
    ("9" * 40,),
    ("x", "y", "z", "u", "v", "w"),
    *((str(number), end) for number, end in ((1, ""), (2, "y"), (3, ""))),
    *((unit, end) for unit in ("chengguan", "dongmen", "fazhi") for end in ("2027Q1", "2027-02")),
    ("nowhere",),
    ("OFFICER", "dongmen"),
    ("LIAISON", "dongmen"),
    ("1", "dongmen"),
    ("2", "chengguan"),
    ("CONFIRM", names.short(STATIONS), "2027Q1"),
    ("SUBMIT", names.short(OFFICES), "2027Q1"),
)
"""What a button carries that was never offered."""


def data_of(press: Press, buttons: Iterable[str]) -> list[str]:
    """What is pressed of a verb: what was offered to anybody, the same with other numbers, and what was forged."""
    known = [data for data in buttons if data.partition(":")[0] == press.verb]
    changed = [other for data in known[:1] for other in _with_other_numbers(data)]
    forged = [":".join((press.verb, *words)) for words in FORGED]
    return [data for data in dict.fromkeys((*known[:MOST], *changed, *forged)) if len(data.encode()) <= 64]


MOST = 4
"""Buttons of a verb that are pressed as they were offered."""


def _with_other_numbers(data: str) -> Iterator[str]:
    verb, *words = data.split(":")
    for index, word in enumerate(words):
        if word.isdecimal():
            for number in ("1", "2", "3"):
                yield ":".join((verb, *words[:index], number, *words[index + 1 :]))


def _abouts(command: Command, *, is_open: bool) -> Iterator[tuple[str, ...]]:
    """What is said of a command at once; names of officers apart, for an answer may repeat them."""
    if command.name == "start":
        return
    yield ABOUT if is_open else ABOUT[:2]
    if is_open and command.name != "roster":
        # What a liaison types after /roster it enters: the name is its own then.
        yield NAMED


def without_echo(text: str, lines: Iterable[str]) -> str:
    """What an answer says beyond what was asked."""
    for word in {word for line in lines for word in line.split()}:
        text = text.replace(word, "")
    return text


@dataclass
class Walk:
    """What one role came to see and to write."""

    here: Scene
    who: str
    posts: tuple[Post, ...]
    may_see: set[str]
    seen: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    @property
    def person(self) -> Person:
        """Whose posts decide."""
        return Person(0, 0, self.who, self.posts)

    async def player(self) -> Player:
        """Somebody new in the role, who has opened the bot; the administrator is the config's."""
        is_admin = self.posts == (Post(Role.ADMIN),)
        player = (
            self.here.cast["admin"] if is_admin else await self.here.town.person(f"甲{self.who}", *self.posts)
        )
        await player.says("/help")
        return player

    async def commands(self) -> None:
        """Every command, about what is its own, another's and nobody's."""
        async with self._watched() as watch:
            for command in COMMANDS:
                for abouts in _abouts(command, is_open=is_open_to(command, self.person)):
                    lines = [f"/{command.name} {about}".strip() for about in abouts]
                    answers = await watch.say(lines)
                    # An answer may repeat the names that were asked for, and nothing else that is secret.
                    answers = without_echo(answers, lines) if abouts is NAMED else answers
                    self._look(answers, command, f"/{command.name}")
        self.faults += [f"{self.who} never came to see {name}" for name in self.may_see - self.seen]

    async def buttons(self) -> None:
        """Every button, as it was offered to others and as nobody offered it."""
        async with self._watched() as watch:
            for press in PRESSES:
                datas = data_of(press, self.here.buttons)
                datas = datas if is_open_to(press, self.person) else [*datas[:1], *datas[-1:]]
                self._look(await watch.press(datas), press, f"the button {press.verb}")

    @asynccontextmanager
    async def _watched(self) -> AsyncIterator[Watch]:
        player = await self.player()
        watch, before = Watch.over(self.here.town, player), rights.tables(self.here.town)
        yield watch
        watch.close()
        written = rights.faults_of_writing(self.here.town, player, self.posts, before)
        self.faults += [f"{self.who} wrote {what}" for what in written]

    def _look(self, text: str, route: Command | Press, what: str) -> None:
        given = rights.secrets_in(text)
        self.seen |= given
        if given - self.may_see:
            self.faults.append(f"{self.who} learnt {given - self.may_see} by {what}")
        refused = "没有这项权限" in text or "不在本系统" in text
        # A stranger is answered once a minute, and otherwise not at all.
        if text.strip(" :\n") and not refused and not is_open_to(route, self.person):
            self.faults.append(f"{self.who} was not refused {what}: {text[:200]}")


async def test_everybody_sees_and_writes_what_is_theirs_and_no_more(tmp_path):
    here = await rights.scene(tmp_path)
    walks = [Walk(here, who, posts, may_see) for who, (posts, may_see) in WALKERS.items()]
    for walk in walks:
        await walk.commands()
    for walk in walks:
        await walk.buttons()
    assert [fault for walk in walks for fault in walk.faults] == []
    assert given_up(here.town) == []
    await here.town.close()


def given_up(town: Town) -> list[tuple]:
    """The updates at which a handler failed."""
    with town.beside() as db:
        return db.execute(
            "SELECT error, payload FROM inbox WHERE state = 'dead' OR error IS NOT NULL"
        ).fetchall()


async def become(town: Town, player: Player, *posts: Post) -> None:
    """The person's posts end, and it is appointed to others."""
    async with town.app.database.transaction() as session:
        person = await people.find(session, player.id)
        await people.remove(session, person_id=person.id, by=person.id, now=town.clock())
        for post in posts:
            await people.appoint(session, person_id=person.id, post=post, granted_by=None, now=town.clock())


CHANGES = (
    ("office", Post(Role.LIAISON, unit="chengguan"), rights.OF_CHENGGUAN),
    ("head", Post(Role.ASSESSOR, group=STATIONS), rights.STATION),
    ("wang", Post(Role.ASSESSOR, group=OFFICES), {"entry of fazhi", "score of fazhi"}),
    ("two", Post(Role.LIAISON, unit="xijie"), set()),
    ("leader", *WALKERS["officer"][0], WALKERS["officer"][1]),
)
"""Who of the cast becomes what, and what of the secrets it may see from then on."""


async def test_no_button_gives_more_than_the_posts_of_today(tmp_path):
    here = await rights.scene(tmp_path)
    for who, post, may_see in CHANGES:
        player, buttons = here.cast[who], here.offered_to(who)
        await become(here.town, player, post)
        watch, before = Watch.over(here.town, player), rights.tables(here.town)
        seen = await watch.press(buttons)
        watch.close()
        assert rights.secrets_in(seen) - may_see == set(), who
        assert rights.faults_of_writing(here.town, player, (post,), before) == [], who
    assert given_up(here.town) == []
    await here.town.close()


def test_every_role_walks():
    assert {post.role for posts, _ in WALKERS.values() for post in posts} | {Role.DEPUTY} == set(Role)


# Each kind of it, told


@pytest.mark.parametrize(
    "post", [Post(Role.LIAISON, unit="chengguan"), Post(Role.ASSESSOR, group=STATIONS, own_unit="xijie")]
)
async def test_what_was_asked_before_a_post_changed_is_over_and_says_so(town, post):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 1 原因在此")
    await wang.says("/deduct 东门所")
    await wang.says("/deduct\n城关所 治安管理 1 甲\n东门所 治安管理 1 乙")
    await wang.says("/correct 1")
    question = wang.answers()[-1]
    assert states(town) == ["open", "open", "open"]
    async with town.app.database.transaction() as session:
        person = await people.find(session, wang.id)
        await people.appoint(session, person_id=person.id, post=post, granted_by=None, now=town.clock())
    assert states(town) == ["ended", "ended", "ended"]
    assert "您的职务有变动" in await wang.presses("撤销这一笔", on=question)
    await wang.says("某某原因", reply_to=question["message_id"])
    assert "您的职务有变动" in wang.sees()
    assert len(entries(town)) == 1


def states(town: Town) -> list[str]:
    with town.beside() as db:
        return [state for (state,) in db.execute("SELECT state FROM draft ORDER BY id").fetchall()]


@pytest.fixture
async def ready(tmp_path):
    """Two groups whose last quarter waits for its publication, in February 2027."""
    town = await Town(tmp_path, now=datetime(2026, 12, 1, 2, tzinfo=UTC)).open()
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 1.37 巡查不到位")
    town.with_now(datetime(2027, 2, 1, 2, tzinfo=UTC))
    yield town
    await town.close()


async def test_the_ranking_is_not_previewed_by_an_old_question(ready):
    office = await ready.person("李办", Post(Role.OFFICE))
    for group in (STATIONS, OFFICES):
        head = await ready.person(f"{group}长", Post(Role.HEAD, group=group))
        await head.says("/submit 四季度")
        await head.presses("全部放过")
        await head.presses("✔ 提交")
    await office.says("/confirm 四季度")
    question = office.answers()[-1]
    await become(ready, office, Post(Role.LIAISON, unit="chengguan"))
    answer = await office.presses("派出所考核小组", on=question)
    assert "您的职务有变动" in answer
    assert "98.63" not in office.screen()


async def test_a_former_head_does_not_see_the_table_through_its_old_submission(ready):
    head = await ready.person("李组长", Post(Role.HEAD, group=STATIONS))
    await head.says("/submit 四季度")
    question = head.answers()[-1]
    await become(ready, head, Post(Role.LIAISON, unit="dongmen"))
    assert "您的职务有变动" in await head.presses("放过", on=question)
    assert "98.63" not in head.sees()


async def test_a_head_of_another_group_is_asked_for_its_right_at_the_press(ready):
    head = await ready.person("李组长", Post(Role.HEAD, group=STATIONS))
    await head.says("/submit 四季度")
    question = head.answers()[-1]
    await become(ready, head, Post(Role.HEAD, group=OFFICES))
    assert "您的职务有变动" in await head.presses("全部放过", on=question)
    assert "98.63" not in head.sees()


async def test_a_reason_typed_after_the_post_ended_returns_nothing(ready):
    office = await ready.person("李办", Post(Role.OFFICE))
    head = await ready.person("李组长", Post(Role.HEAD, group=STATIONS))
    await head.says("/submit 四季度")
    await head.presses("全部放过")
    await head.presses("✔ 提交")
    await office.says("/return")
    assert "为什么退回" in office.sees()
    await become(ready, office, Post(Role.LEADER))
    await office.says("台账没有附上")
    assert "您的职务有变动" in office.sees()
    with ready.beside() as db:
        assert db.execute("SELECT move FROM step").fetchall() == [("SUBMIT",)]


async def test_a_reason_is_not_taken_from_who_logs_no_more(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 1")
    await become(town, wang, Post(Role.LIAISON, unit="chengguan"))
    await wang.says("巡查不到位")
    assert "没有看懂" in wang.sees()
    assert entries(town)[0][5] is None


@pytest.mark.parametrize("verb", ["undo", "why", "evm"])
async def test_a_record_of_another_group_is_as_unknown_as_none(town, verb):
    wang, zheng = await town.assessor(), await town.assessor("郑明", OFFICES)
    await zheng.says("/deduct 法制科 本职业务 1")
    await wang.says("/help")
    message = wang.answers()[-1]
    foreign = await wang.presses_data(message, f"{verb}:1", forged=True)
    nobodys = await wang.presses_data(message, f"{verb}:99", forged=True)
    assert foreign == nobodys.replace("99", "1")


async def test_a_proposal_of_another_group_is_as_unknown_as_none(town):
    wang = await town.assessor()
    await town.person("李组长", Post(Role.HEAD, group=STATIONS))
    await wang.says("/deduct 城关所 执法质量 6 卷宗")
    await wang.says("/correct 1 2 多扣了")
    third = await town.person("外组长", Post(Role.HEAD, group=OFFICES))
    await third.says("/help")
    message = third.answers()[-1]
    foreign = await third.presses_data(message, "pa:1:y", forged=True)
    assert foreign == await third.presses_data(message, "pa:99:y", forged=True)


async def test_an_author_who_moved_on_finds_its_old_records_no_more(town):
    wang = await town.assessor()
    await wang.says("/deduct 城关所 治安管理 1 原因在此")
    card = wang.answers()[-1]
    await become(town, wang, Post(Role.ASSESSOR, group=OFFICES))
    assert "没有找到记录 1" in await wang.presses("撤销", on=card)
    for line in ("/undo", "/correct 1 撤销 误记", "/evidence 1", "/mine"):
        await wang.says(line)
        assert "城关" not in wang.sees(), line
    assert len(entries(town)) == 1


async def test_whoever_has_no_right_to_a_roster_learns_no_name(town):
    await officers.enlist(town, "dongmen", "司徒乙", "司徒丙")
    zhou = await town.person("周联络", Post(Role.LIAISON, unit="chengguan"))
    await zhou.says("/help")
    message = zhou.answers()[-1]
    answers = {await zhou.presses_data(message, f"roe:{n}:chengguan", forged=True) for n in (1, 2, 3, 99)}
    assert len(answers) == 1 and "失效" in answers.pop()
    admin = await town.person("陈管理", Post(Role.ADMIN))
    await admin.says("/invite")
    assert "民警" not in admin.buttons()
    answer = await admin.presses_data(admin.answers()[-1], "invu:OFFICER:dongmen", forged=True)
    assert "没有生成邀请" in answer
    for line in ("/invite 民警 东门所", "/invite 民警 东门所 司徒乙"):
        await admin.says(line)
        assert "没有生成邀请" in admin.sees() and "司徒" not in without_echo(admin.sees(), [line])


async def test_what_is_shown_in_private_is_not_shown_in_a_group_by_a_press(town):
    wang, office = await town.assessor(), await town.person("林主任", Post(Role.OFFICE))
    group = await town.bound("派出所群", [wang, office])
    await wang.says("/deduct 城关所 治安管理 1 原因在此", chat=group)
    card = wang.answers(group)[-1]
    await wang.uploads(rights.evidence_file("证据密语"), reply_to=card["message_id"], chat=group)
    assert "请私聊我" in await wang.presses("证据", chat=group)
    assert wang.answers(group) == []
    shown = town.world.store.messages(group, limit=1000)
    watch = Watch.over(town, office)
    for press in PRESSES:
        if press.private:
            await watch.press((f"{press.verb}:1", f"{press.verb}:chengguan:2026Q4"), chat=group)
    assert town.world.store.messages(group, limit=1000) == shown


def test_only_these_buttons_are_answered_in_a_group():
    in_groups = {press.verb for press in PRESSES if not press.private}
    assert in_groups == {"d", "b", "ev", "evm", "undo", "why", "done", "undone", "prog", "progd", "bind"}


def test_there_is_no_button_without_a_permission():
    with pytest.raises(TypeError):
        Press("x", PRESSES[0].handle)  # type: ignore[call-arg]
