"""The process that makes a backup by the clock: config in by its standard input, what became of it out by the other."""

import asyncio
import os
import pickle
import sys
from collections import Counter
from contextlib import suppress
from datetime import datetime

from bot import redaction
from bot.config.load import Config
from bot.ops.backup_text import not_made
from bot.ops.backups import NotMade, Outcome, make


async def _outcome(config: Config, now: datetime) -> Outcome:
    try:
        _, manifest = await make(config, config.backup_folder, now=now, keep=config.backup.keep)
    except NotMade as error:
        return Outcome(not_made(str(error)))
    return Outcome("", dict(Counter(fault.kind for fault in manifest.faults)), len(manifest.lacking))


def main() -> None:
    """Make the backup, and write its outcome."""
    config, folder, now = pickle.load(sys.stdin.buffer)  # noqa: S301  written by the bot that started us
    # Its faults go where the bot logs, and like the bot's without tokens.
    redaction.set_up(config.logging.level)
    os.chdir(folder)
    # On a small machine whoever waits for an answer goes first. A hardened service may not let us step back.
    with suppress(OSError):
        os.nice(10)
    sys.stdout.buffer.write(pickle.dumps(asyncio.run(_outcome(config, now))))


if __name__ == "__main__":
    main()
