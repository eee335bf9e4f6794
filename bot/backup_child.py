"""The process that makes a backup by the clock: the config comes by its standard input, where nobody else reads it."""

import asyncio
import os
import pickle
import sys

from bot.backups import back_up


def main() -> int:
    """The exit code of the backup."""
    config, folder, now = pickle.load(sys.stdin.buffer)  # noqa: S301  written by the bot that started us
    os.chdir(folder)
    # On a small machine whoever waits for an answer goes first.
    os.nice(10)
    return asyncio.run(back_up(config, config.backup_folder, now=now, keep=config.backup.keep))


if __name__ == "__main__":
    sys.exit(main())
