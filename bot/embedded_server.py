"""A web server inside the bot's own event loop: it comes and goes with a block, and leaves signals to the program."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from socket import socket

import uvicorn

from bot.seldom import seldom


class Server(uvicorn.Server):
    """uvicorn that takes no signals."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are the program's business."""
        yield


@asynccontextmanager
async def running(config: uvicorn.Config, name: str, *, door: socket | None = None) -> AsyncIterator[Server]:
    """Serve meanwhile, on a port that is reserved where one is given; `started` is False where there is none to be had."""
    server = Server(config)
    with seldom("uvicorn.error"):
        task = asyncio.create_task(_serve(server, door), name=name)
        try:
            while not server.started and not task.done():  # noqa: ASYNC110  uvicorn tells it in no other way
                await asyncio.sleep(0.01)
            yield server
        finally:
            server.should_exit = True
            await asyncio.wait([task])


async def _serve(server: Server, door: socket | None) -> None:
    # It leaves the program where its port is taken.
    with suppress(SystemExit):
        await server.serve(sockets=None if door is None else [door])
