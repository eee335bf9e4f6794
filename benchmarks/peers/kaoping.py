"""Ours as `run` starts it, but for Telegram's 30 messages a second: the local server has no such limit."""

import asyncio
from pathlib import Path

from bot import redaction
from bot.config.load import load
from bot.loading import loading

with loading():
    from bot.serve import forever, serving, until_stopped

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"


async def _run() -> int:
    async with serving(load(EXAMPLE), limited=False):
        await forever()
    return 0


if __name__ == "__main__":
    redaction.set_up("INFO")
    asyncio.run(until_stopped(_run()))
