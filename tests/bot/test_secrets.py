"""The token is in no log, no error and no repr."""

import io
import logging
import subprocess
import sys

import pytest
from conversation import EXAMPLE
from made_up import TOKEN, WRONG_TOKEN

from bot import redaction
from bot.config.load import load
from bot.trial import trial

SECRET = "1234567890:AAabcdefghijklmnopqrstuvwxyz0123456"


@pytest.fixture
def lines():
    root = logging.getLogger()
    before = (root.handlers[:], root.level, sys.excepthook)
    redaction.set_up("DEBUG")
    stream = io.StringIO()
    root.handlers[0].setStream(stream)
    yield stream
    root.handlers[:], root.level, sys.excepthook = before


def test_a_token_is_struck_out_wherever_it_stands_in_a_line(lines):
    log = logging.getLogger("test")
    log.info("POST https://api.telegram.org/bot%s/getMe", SECRET)
    log.info("Bot[token=%s]", SECRET, extra={"more": SECRET})
    try:
        raise RuntimeError(f"InvalidToken: {SECRET}")
    except RuntimeError:
        log.exception("failed")
    written = lines.getvalue()
    assert SECRET not in written
    assert SECRET.split(":")[1] not in written
    assert written.count(redaction.STRUCK_OUT) >= 3
    assert "RuntimeError" in written


def test_what_somebody_wrote_is_neither_obeyed_by_a_terminal_nor_taken_for_a_line_of_ours(lines):
    forged = "\x1b[2J\x9b1m\r\u202e\n2026-11-30T01:00:00Z info    bot.run: serving as @other"
    try:
        raise ValueError(forged)
    except ValueError:
        logging.getLogger("test").exception("update 5 failed: %s", forged)
    written = lines.getvalue()
    assert not set(written) & set("\x1b\x9b\r\u202e")
    assert r"\x1b[2J" in written
    assert [line for line in written.splitlines() if not line.startswith("    ")] == written.splitlines()[:1]


def test_httpx_names_no_address(lines):
    logging.getLogger("httpx").info("HTTP Request: POST https://example/bot%s/x", "1:2")
    assert lines.getvalue() == ""


def test_the_library_of_telegram_names_nothing_that_was_said(lines):
    logging.getLogger("telegram.Bot").debug(
        "Parameters: %s", {"text": "城关所 扣 2 分", "secret_token": "geheim"}
    )
    assert lines.getvalue() == ""


def test_the_configs_repr_does_not_show_it(monkeypatch):
    monkeypatch.setenv("KAOPING_TELEGRAM__TOKEN", SECRET)
    config = load(EXAMPLE)
    assert config.telegram.token.get_secret_value() == SECRET
    assert SECRET not in repr(config) + str(config) + repr(config.telegram)


def test_a_traceback_that_ends_the_process_does_not_show_it():
    code = f"from bot import redaction; redaction.set_up('INFO'); raise RuntimeError('bot{TOKEN}/getMe')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert TOKEN not in done.stderr
    assert redaction.STRUCK_OUT in done.stderr


def test_a_refused_token_is_said_without_being_shown(tmp_path):
    code = (
        "import asyncio\n"
        "from sandbox.world import World; from sandbox.botapi import BotApi; from sandbox.server import SandboxServer\n"
        "from bot.config.load import load; from bot.run import run_forever; from bot import redaction\n"
        "from pathlib import Path\nimport os\n"
        "async def main():\n"
        f"    world = World(token={TOKEN!r}); server = SandboxServer(world, BotApi(world)); address = await server.start()\n"
        "    os.environ['KAOPING_TELEGRAM__BASE_URL'] = address + '/bot'\n"
        f"    os.environ['KAOPING_TELEGRAM__TOKEN'] = {WRONG_TOKEN!r}\n"
        f"    os.environ['KAOPING_DATABASE__URL'] = 'sqlite+aiosqlite:///{tmp_path}/k.db'\n"
        "    redaction.set_up('DEBUG')\n"
        f"    code = await run_forever(load(Path({str(EXAMPLE)!r}))); await server.stop(); return code\n"
        "raise SystemExit(asyncio.run(main()))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2, done.stderr
    assert "不认这个令牌" in done.stderr
    assert WRONG_TOKEN not in done.stderr + done.stdout


async def test_each_start_of_the_trial_has_a_token_of_its_own(tmp_path):
    tokens = []
    for _ in range(2):
        async with trial(load(EXAMPLE, {}), tmp_path) as (_, world, _):
            tokens.append(world.token)
    assert tokens[0] != tokens[1]
    assert redaction.strike_out(tokens[0]) == redaction.STRUCK_OUT
