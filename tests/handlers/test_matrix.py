"""Every role says every command, about what is its own and about what is not: it sees what is its own, and no more (R8, R9)."""

import pytest

from bot.commands import COMMANDS
from rules.access import ROLES_FOR
from sandbox.world import Message
from tests import officers
from tests.conversation import ADMIN, OFFICES, STATIONS, Player, Post, Role, Town, text_of

SECRETS = {
    "entry of chengguan": "城关台账密语",
    "entry of dongmen": "东门台账密语",
    "entry of fazhi": "法制台账密语",
    "officer of chengguan": "欧阳甲",
    "officer of dongmen": "司徒乙",
    "officer's entry of chengguan": "城关民警密语",
    "officer's entry of dongmen": "东门民警密语",
}
STATION_ENTRIES = {"entry of chengguan", "entry of dongmen"}
CHENGGUAN = {"entry of chengguan", "officer of chengguan", "officer's entry of chengguan"}

WHO = {
    "stranger": (None, set()),
    "administrator": (Post(Role.ADMIN), set()),
    "office": (Post(Role.OFFICE), set(SECRETS)),
    "leader": (Post(Role.LEADER), set(SECRETS)),
    "head of the stations' group": (Post(Role.HEAD, group=STATIONS), STATION_ENTRIES),
    "assessor of stations": (Post(Role.ASSESSOR, group=STATIONS), STATION_ENTRIES),
    "assessor of offices": (Post(Role.ASSESSOR, group=OFFICES), {"entry of fazhi"}),
    "liaison of chengguan": (Post(Role.LIAISON, unit="chengguan"), CHENGGUAN),
    "head of chengguan": (Post(Role.UNIT_HEAD, unit="chengguan"), CHENGGUAN),
    "officer of chengguan": (
        Post(Role.OFFICER, unit="chengguan", officer=1),
        {"officer of chengguan", "officer's entry of chengguan"},
    ),
}
"""Each role, and what of the secrets it may come to see."""

ABOUT = (
    "",
    "城关所",
    "东门所",
    "法制科",
    "城关所 东门所",
    "城关所 欧阳甲",
    "东门所 司徒乙",
    "欧阳甲",
    "司徒乙",
    "1",
    "2",
    "3",
    "城关所 2026-11",
    "年度",
    "派出所一序列",
)
"""What is asked for: everything, one's own, another's, by number and by name."""


async def scene(town: Town) -> None:
    """Entries on three units, officers of two with entries, all with words that nobody else uses."""
    for unit in ("chengguan", "dongmen"):
        await officers.rule(town, unit, 2026)
        await officers.enlist(town, unit, SECRETS[f"officer of {unit}"])
    wang, zheng = await town.assessor(), await town.assessor("郑明", OFFICES)
    await wang.says(f"/deduct 城关所 治安管理 1 {SECRETS['entry of chengguan']}")
    await wang.says(f"/deduct 东门所 治安管理 1 {SECRETS['entry of dongmen']}")
    await zheng.says(f"/deduct 法制科 本职业务 1 {SECRETS['entry of fazhi']}")
    for unit, name in (("chengguan", "一联络"), ("dongmen", "二联络")):
        liaison = await town.person(name, Post(Role.LIAISON, unit=unit))
        who = SECRETS[f"officer of {unit}"]
        await liaison.says(f"/officer {who} 考勤 1 {SECRETS[f'officer{chr(39)}s entry of {unit}']}")


def shown(town: Town, player: Player, charts: int) -> str:
    """Everything that came to the person: texts, labels of buttons, names of files, and what is on the pictures."""
    return "\n".join([*(_words(m) for m in player.answers()), *map(repr, town.studio.charts[charts:])])


def _words(message: Message) -> str:
    labels = [b["text"] for row in message.get("reply_markup", {}).get("inline_keyboard", []) for b in row]
    return "\n".join([text_of(message), *labels, message.get("document", {}).get("file_name", "")])


def without_echo(text: str, said: str) -> str:
    """An answer may repeat what was asked."""
    for word in said.split():
        text = text.replace(word, "")
    return text


@pytest.mark.parametrize("who", WHO)
async def test_everybody_sees_what_is_theirs_and_no_more(town, who):
    await scene(town)
    post, allowed = WHO[who]
    player = await town.person(f"某{len(who)}", *([post] if post else []))
    roles = {post.role} if post else set()
    seen: set[str] = set()
    for command in COMMANDS:
        if command.name in {"start"}:
            continue
        for about in ABOUT:
            said = f"/{command.name} {about}".strip()
            charts = len(town.studio.charts)
            await player.says(said)
            answer = shown(town, player, charts)
            known = without_echo(answer, said)
            seen |= {name for name, secret in SECRETS.items() if secret in known}
            forbidden = {name for name in SECRETS if SECRETS[name] in known} - allowed
            assert not forbidden, f"{who} said {said}: {answer[:400]}"
            may = command.deed is None or roles & ROLES_FOR[command.deed]
            refused = "没有这项权限" in answer or "您还不在本系统的人员名单中" in answer
            if not may or (not post and not command.for_strangers):
                assert refused, f"{who} said {said}: {answer[:200]}"
    assert seen == allowed, f"{who} never came to see {allowed - seen}"


def test_every_role_walks_through_the_matrix():
    assert {post.role for post, _ in WHO.values() if post} | {Role.DEPUTY} == set(Role)
    assert ADMIN
