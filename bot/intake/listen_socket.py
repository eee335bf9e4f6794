"""The webhook's port: kept for this process from the start on, before there is a server that answers."""

import asyncio
import errno
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager


class CannotListen(Exception):
    """The address of `telegram.webhook_listen` cannot be had; `in_use` where another program has it."""

    def __init__(self, address: str, *, in_use: bool) -> None:
        super().__init__(address)
        self.address, self.in_use = address, in_use


@asynccontextmanager
async def reserved(address: str) -> AsyncIterator[socket.socket]:
    """The port of host:port, kept for this process; it does not answer yet. CannotListen where it cannot be had."""
    host, _, port = address.rpartition(":")
    host = host.strip("[]")
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as door:
        # Connections of an earlier process that are not quite gone do not stand in the way.
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with told(address):
            await asyncio.to_thread(
                door.bind, (host, int(port))
            )  # a name is looked up, which may take its time
        yield door


@contextmanager
def told(address: str) -> Iterator[None]:
    """CannotListen for what the machine says of this address."""
    try:
        yield
    except OSError as error:
        raise CannotListen(address, in_use=error.errno == errno.EADDRINUSE) from error
