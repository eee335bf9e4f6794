"""Who hears of something: what everybody of a bureau, and every group chat, is sent while it is done."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.conversation import Player, Town, text_of


@dataclass(frozen=True, slots=True)
class Told:
    """A message of the bot: its text and the labels of its buttons."""

    text: str
    buttons: tuple[str, ...]


class Ears:
    """What was heard, by the name of the person or the title of the chat; who was sent nothing is not in it."""

    def __init__(self) -> None:
        self.by_name: dict[str, list[Told]] = {}

    @property
    def buttons(self) -> dict[str, list[tuple[str, ...]]]:
        """The buttons under each message that somebody was sent."""
        return {name: [told.buttons for told in heard] for name, heard in self.by_name.items()}

    @property
    def counts(self) -> dict[str, int]:
        """How many messages each was sent."""
        return {name: len(heard) for name, heard in self.by_name.items()}

    def texts(self, *names: str) -> set[str]:
        """The different texts that these persons were sent, each of their messages; of everybody without names."""
        return {told.text for name in names or self.by_name for told in self.by_name[name]}


@contextmanager
def listening(town: Town, actor: Player, *, chats: dict[str, int] | None = None) -> Iterator[Ears]:
    """Hear what is sent to everybody, and to these group chats by their titles; of who acts, what is no answer to it."""
    places = {player.name: player.id for player in town._players.values() if player is not actor}
    places |= chats or {}
    store, ears = town.world.store, Ears()
    before = {name: store.last_message_id(chat) for name, chat in places.items()}
    planned = _planned(town, actor)
    yield ears
    if told := _planned(town, actor)[len(planned) :]:
        ears.by_name[actor.name] = told
    for name, chat in places.items():
        messages = store.messages(chat, after=before[name], limit=1000)
        heard = [Told(text_of(m), _labels(m)) for m in messages if m["from"]["id"] == town.world.bot["id"]]
        if heard:
            ears.by_name[name] = heard


def _planned(town: Town, player: Player) -> list[Told]:
    """The notices that were planned for a person, which are no answers."""
    with town.beside() as db:
        rows = db.execute(
            "SELECT text, buttons FROM push WHERE chat_id = ? ORDER BY id", (player.id,)
        ).fetchall()
    return [
        Told(text, tuple(label for row in json.loads(buttons) for label, _ in row)) for text, buttons in rows
    ]


def _labels(message: dict) -> tuple[str, ...]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return tuple(button["text"] for row in rows for button in row)
