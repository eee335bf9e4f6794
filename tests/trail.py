"""What is kept of what happened, as it stands in the file: who did it, of which unit and entry, and who was told."""

import json

from tests.conversation import Town

Line = tuple[str, str | None, str | None, int | None, str]
"""Act, who, unit, entry, detail."""


async def handled_again(town: Town) -> None:
    """The last update is handled once more, as after a crash before it was marked done."""
    with town.beside() as db:
        db.execute("UPDATE inbox SET state = 'waiting', tries = 1 WHERE id = (SELECT max(id) FROM inbox)")
    await town.app.intake.resume()
    await town.app.intake.idle()
    await town.settle()


def trail(town: Town, *acts: str) -> list[Line]:
    """The lines of these acts, the oldest first; of every act where none is named."""
    with town.beside() as db:
        lines = db.execute(
            "SELECT act, person.name, unit_code, entry_id, detail FROM audit"
            " LEFT JOIN person ON person.id = person_id ORDER BY audit.id"
        ).fetchall()
    return [line for line in lines if not acts or line[0] in acts]


def told(town: Town, words: str) -> dict[str, list[str]]:
    """Everybody for whom a message with these words was planned, with the buttons under it; each must be told once."""
    with town.beside() as db:
        planned = db.execute(
            "SELECT person.name, text, buttons FROM push JOIN person ON telegram_id = chat_id ORDER BY push.id"
        ).fetchall()
    found = [(name, json.loads(buttons)) for name, text, buttons in planned if words in text]
    assert len(dict(found)) == len(found), f"told twice: {[name for name, _ in found]}"
    return {name: [label for row in rows for label, _ in row] for name, rows in found}
