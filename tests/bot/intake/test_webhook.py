"""The bot's end of the webhook, asked over a real socket: who is turned away, what is kept, and what is never lost."""

import asyncio
import json
import logging
from contextlib import AsyncExitStack

import httpx
import pytest
from conversation import ON_SERVER, entries

from bot.intake import patience
from bot.intake.listen_socket import CannotListen, reserved
from bot.intake.webhook import LARGEST, SECRET, Webhook, answering

OURS = "geheim-_0123456789-0123456789_0123"
PATH = "/hook/口"


class Door:
    """The webhook of a town, open on a free port."""

    def __init__(self, town, **how):
        self.town = town
        self.webhook = Webhook(town.app.intake, url=f"https://kaoping.example{PATH}", secret=OURS, **how)
        self.stack = AsyncExitStack()

    async def open(self):
        socket = await self.stack.enter_async_context(reserved("127.0.0.1:0"))
        self.port = socket.getsockname()[1]
        await self.stack.enter_async_context(answering(self.webhook, socket))
        self.client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}", trust_env=False)
        return self

    async def close(self):
        await self.client.aclose()
        await self.stack.aclose()

    async def brings(self, update, secret=OURS):
        """Telegram brings an update; the status that it is answered by."""
        body = update if isinstance(update, bytes) else json.dumps(update).encode()
        return (await self.client.post(PATH, content=body, headers={SECRET: secret})).status_code

    async def says(self, person, text):
        """Telegram brings what a person says; the status that it is answered by."""
        status = await self.brings(said(self.town, person, text))
        await self.town.app.intake.idle()
        return status


def said(town, person, text):
    """The update of what a person says, taken out of the local Telegram's hands."""
    town.world.send(person.id, person.id, text)
    update = town.world.pending[-1]
    town.world.confirm(update["update_id"] + 1)
    return update


@pytest.fixture
async def door(town):
    here = await Door(town).open()
    yield here
    await here.close()


def kept(town):
    with town.beside() as db:
        return db.execute("SELECT count(*) FROM inbox").fetchone()[0]


def take_away(town):
    """Whatever comes in cannot be kept: the disk is full."""
    with town.beside() as db:
        if ON_SERVER:
            db.execute(
                "CREATE FUNCTION away() RETURNS trigger LANGUAGE plpgsql AS"
                " $$ BEGIN RAISE EXCEPTION 'the disk is full' USING ERRCODE = 'disk_full'; END $$"
            )
            db.execute("CREATE TRIGGER away BEFORE INSERT ON inbox EXECUTE FUNCTION away()")
        else:
            full = "BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
            db.execute(f"CREATE TRIGGER away BEFORE INSERT ON inbox {full}")


def bring_back(town):
    """The database takes everything again."""
    with town.beside() as db:
        db.execute("DROP TRIGGER away ON inbox" if ON_SERVER else "DROP TRIGGER away")


def head(*lines):
    first = (f"POST {httpx.URL(PATH).raw_path.decode()} HTTP/1.1", "Host: kaoping.example", f"{SECRET}: {OURS}")
    return ("\r\n".join([*first, *lines]) + "\r\n\r\n").encode()


async def refused(port):
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except ConnectionError:
        return True
    writer.close()
    return False


async def test_what_is_brought_is_kept_and_handled_and_acknowledged_without_a_word(town, door):
    wang = await town.assessor()
    answer = await door.client.post(
        PATH, json=said(town, wang, "/deduct 城关所 治安管理 2 原因"), headers={SECRET: OURS}
    )
    assert (answer.status_code, answer.content) == (200, b"")
    assert "server" not in answer.headers
    await town.app.intake.idle()
    assert len(entries(town)) == 1
    assert "已登记" in wang.screen()
    assert door.webhook.taken == 1
    assert town.app.intake.last_poll == town.clock()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", PATH),
        ("PUT", PATH),
        ("POST", "/"),
        ("POST", f"{PATH}/"),
        ("POST", "/hook"),
        ("POST", f"{PATH}x"),
    ],
)
async def test_only_a_post_to_the_path_is_there_at_all(town, door, method, path):
    answer = await door.client.request(method, path, content=b'{"update_id":1}', headers={SECRET: OURS})
    assert (answer.status_code, answer.content) == (404, b"")
    assert kept(town) == 0


@pytest.mark.parametrize("secret", [None, "", OURS[:-1], f"{OURS}x", OURS.upper(), "密语".encode(), b"\xff"])
async def test_without_the_secret_nothing_is_taken(town, door, secret):
    headers = {} if secret is None else {SECRET: secret}
    answer = await door.client.post(PATH, content=b'{"update_id":1}', headers=headers)
    assert (answer.status_code, answer.content) == (403, b"")
    assert kept(town) == 0
    assert town.app.intake.last_poll is None


async def test_a_stranger_is_turned_away_before_the_body_is_read(door):
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    writer.write(head("Content-Length: 1000").replace(OURS.encode(), b"guess"))
    assert (await reader.readline()).startswith(b"HTTP/1.1 403 ")
    writer.close()


async def test_a_request_of_a_mebibyte_is_read_and_a_byte_more_is_not(town, door):
    update = b'{"update_id":1}'
    assert await door.brings(update.ljust(LARGEST)) == 200
    assert await door.brings(update.ljust(LARGEST + 1)) == 413

    async def in_pieces(size):
        for start in range(0, size, 2**16):
            yield update.ljust(size)[start : start + 2**16]

    for size, status in ((LARGEST, 200), (LARGEST + 1, 413)):
        answer = await door.client.post(PATH, content=in_pieces(size), headers={SECRET: OURS})
        assert "content-length" not in answer.request.headers
        assert answer.status_code == status


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"\xff", b"7", b"null", b'"x"', b"[]", b'[{"update_id":1}]', b"{}", b'{"update_id":"1"}',
        b'{"update_id":true}', b'{"update_id":1.5}', b'{"update_id":null}', b"[" * 100_000, b'{"update_id":' + b"1" * 5000 + b"}",
    ],
)  # fmt: skip
async def test_what_is_no_update_is_turned_away(town, door, body):
    assert await door.brings(body) == 400
    assert kept(town) == 0


async def test_what_comes_too_slowly_is_cut_off(town):
    door = await Door(town, slowest=0.01).open()
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    writer.write(head("Content-Length: 15") + b'{"update_')
    assert (await asyncio.wait_for(reader.readline(), 30)).startswith(b"HTTP/1.1 408 ")
    writer.close()
    await door.close()
    assert kept(town) == 0


async def test_who_hangs_up_in_the_middle_leaves_nothing_behind(town, door):
    _, writer = await asyncio.open_connection("127.0.0.1", door.port)
    writer.write(head("Content-Length: 15") + b'{"update_')
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    wang = await town.assessor()
    assert await door.says(wang, "/deduct 城关所 治安管理 2 原因") == 200
    assert kept(town) == 1


async def test_while_the_database_is_away_telegram_has_to_bring_it_again_and_it_counts_once(town, door):
    wang = await town.assessor()
    update = said(town, wang, "/deduct 城关所 治安管理 2 原因")
    take_away(town)
    assert await door.brings(update) == 503
    assert await door.brings(update) == 503
    assert (kept(town), door.webhook.taken, town.app.intake.last_poll) == (0, 0, None)
    bring_back(town)
    assert await door.brings(update) == 200
    await town.app.intake.idle()
    assert len(entries(town)) == 1
    assert wang.screen().count("已登记") == 1


async def test_the_same_update_twice_is_handled_once(town, door):
    wang = await town.assessor()
    update = said(town, wang, "/deduct 城关所 治安管理 2 原因")
    assert await asyncio.gather(door.brings(update), door.brings(update)) == [200, 200]
    await town.app.intake.idle()
    assert await door.brings(update) == 200
    await town.app.intake.idle()
    assert len(entries(town)) == 1
    assert wang.screen().count("已登记") == 1


async def test_a_chat_keeps_its_order_while_others_come_in_between(town, door):
    people = [await town.assessor(name) for name in ("王伟", "李娜", "赵强")]

    async def chat(person):
        for number in range(8):
            update = said(town, person, f"/deduct 城关所 打击 0.01 {person.name}第{number}笔")
            assert await door.brings(update) == 200

    await asyncio.gather(*map(chat, people))
    await town.app.intake.idle()
    reasons = [row[5] for row in entries(town)]
    assert len(reasons) == 24
    for person in people:
        assert [r for r in reasons if r.startswith(person.name)] == [f"{person.name}第{n}笔" for n in range(8)]


async def test_a_request_in_hand_is_finished_when_the_server_stops_and_no_new_one_is_taken(town, door):
    wang = await town.assessor()
    body = json.dumps(said(town, wang, "/deduct 城关所 治安管理 2 原因")).encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    writer.write(head(f"Content-Length: {len(body)}", "Expect: 100-continue") + body[:10])
    assert (await reader.readline()).startswith(b"HTTP/1.1 100 ")  # it is in hand
    stopping = asyncio.create_task(door.stack.aclose())
    while not await refused(door.port):
        await asyncio.sleep(0.01)
    writer.write(body[10:])
    await reader.readline()
    assert (await reader.readline()).startswith(b"HTTP/1.1 200 ")
    writer.close()
    await stopping
    await town.app.intake.idle()
    assert len(entries(town)) == 1


async def test_neither_the_secret_nor_what_was_said_is_logged(town, door, caplog):
    caplog.set_level(logging.DEBUG)
    update = json.dumps(said(town, await town.assessor(), "words")).encode()
    take_away(town)
    for body, status in (
        (update, 503),
        (b'"words"', 400),
        (b"words".ljust(2**21), 413),
    ):
        assert await door.brings(body) == status
    assert await door.brings(b"words", secret="guess") == 403
    others = (
        "httpx",
        "httpcore",
        "aiosqlite",
        "uvicorn.access",
    )  # the test's own client, and what `set_up` silences
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith(others)]
    assert any("the disk is full" in line for line in ours)
    assert not any(word in line for line in ours for word in (OURS, "words", "guess", "hook"))


async def test_a_port_that_another_program_has_is_told_of(town, door):
    address = f"127.0.0.1:{door.port}"
    with pytest.raises(CannotListen) as refused:
        async with reserved(address):
            pass
    assert (refused.value.address, refused.value.in_use) == (address, True)
    with pytest.raises(CannotListen) as refused:
        async with reserved("203.0.113.1:8080"):
            pass
    assert not refused.value.in_use


async def test_a_port_that_another_program_took_meanwhile_is_told_of(town, door):
    async with reserved("127.0.0.1:0") as socket:
        port = socket.getsockname()[1]
        other = await asyncio.start_server(lambda r, w: None, "127.0.0.1", port, reuse_address=True)
        with pytest.raises(CannotListen, match=str(port)):
            async with answering(door.webhook, socket):
                pass
        other.close()


async def asks_for_nothing(port, count):
    """So many connections on which somebody begins to ask for something and never gets any further."""
    held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(count)]
    for _, writer in held:
        writer.write(b"POST /hook HTTP/1.1\r\nHost: x\r\nX-Slow: ")
    return held


async def still_open(held):
    await asyncio.sleep(0.1)
    return sum(not reader.at_eof() for reader, _ in held)


async def test_connections_that_ask_for_nothing_keep_no_update_out(town, door):
    wang = await town.assessor()
    held = await asks_for_nothing(door.port, 400)
    assert await door.says(wang, "/deduct 城关所 治安管理 2 原因") == 200
    assert len(entries(town)) == 1
    assert await still_open(held) <= patience.SILENT_AT_MOST
    for _, writer in held:
        writer.close()


async def test_headers_have_to_be_here_within_seconds(door, monkeypatch):
    monkeypatch.setattr(patience, "HEADERS_WITHIN", 0.2)
    held = await asks_for_nothing(door.port, 3)
    async with asyncio.timeout(5):
        while await still_open(held):
            held[0][1].write(b"x")
    for _, writer in held:
        writer.close()


async def test_headers_in_pieces_are_headers(town, door):
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    for byte in head("Content-Length: 15") + b'{"update_id":1}':
        writer.write(bytes([byte]))
        await writer.drain()
    assert (await reader.readline()).startswith(b"HTTP/1.1 200 ")
    writer.close()


async def test_only_who_has_the_secret_may_keep_a_connection(door):
    for secret, closed in ((OURS, None), ("guess", "close")):
        answer = await door.client.post(PATH, content=b'{"update_id":1}', headers={SECRET: secret})
        assert answer.headers.get("connection") == closed


async def test_a_flood_that_is_no_http_is_logged_once_and_then_counted(town, caplog):
    """A line for every stranger would push out of the log what matters."""
    door = Door(town)
    await door.open()
    for _ in range(20):
        reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
        writer.write(b"\x16\x03\x01 no http\r\n\r\n")
        await reader.read()
        writer.close()
    await door.close()
    told = [record.getMessage() for record in caplog.records if "Invalid HTTP request" in record.getMessage()]
    assert told[0] == "Invalid HTTP request received."
    assert told[1:] == ["19 more times within a minute: Invalid HTTP request received."]
