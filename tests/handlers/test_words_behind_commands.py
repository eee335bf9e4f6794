"""Every word behind a command is used or told: what a command does not understand it names, and does nothing."""

import pytest
from conversation import STATIONS, Post, Role
from rights import tables

from bot.commands import COMMANDS
from rules.access import ROLES_FOR

POSTS = {
    Role.ADMIN: Post(Role.ADMIN),
    Role.OFFICE: Post(Role.OFFICE),
    Role.LEADER: Post(Role.LEADER),
    Role.HEAD: Post(Role.HEAD, group=STATIONS),
    Role.DEPUTY: Post(Role.DEPUTY, group=STATIONS),
    Role.ASSESSOR: Post(Role.ASSESSOR, group=STATIONS),
    Role.LIAISON: Post(Role.LIAISON, unit="chengguan"),
    Role.UNIT_HEAD: Post(Role.UNIT_HEAD, unit="chengguan"),
}
NONSENSE = "乱码词"
TAKES_ANY_WORDS = {
    "start": "what follows is a secret link, which is not repeated",
    "return": "what follows is the reason",
    "monthly": "what follows is the reason",
}


def roles_of(command):
    return [role for role in POSTS if command.deed is None or role in ROLES_FOR[command.deed]]


WALKS = [
    pytest.param(command, role, id=f"{command.name}-{role.name.lower()}")
    for command in COMMANDS
    if command.name not in TAKES_ANY_WORDS
    for role in roles_of(command)
]


@pytest.mark.parametrize(("command", "role"), WALKS)
async def test_a_word_that_no_command_understands_is_named_and_nothing_is_done(town, command, role):
    person = await town.person("某人", POSTS[role])
    chat = None
    if command.name == "bind":
        chat = town.world.group(person.id, "考核群") if hasattr(town.world, "group") else None
    await person.says("/whoami")
    before = tables(town)
    before.pop("draft")
    await person.says(f"/{command.name} {NONSENSE}", chat=chat)
    assert NONSENSE in person.sees(chat)
    after = tables(town)
    after.pop("draft")
    assert after == before
