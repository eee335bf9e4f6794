"""HTTP to Telegram: over aiohttp, which takes a third of httpx's time; over httpx where a SOCKS proxy is in the way."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx
from telegram._utils.defaultvalue import DefaultValue
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, HTTPXRequest, RequestData

CONNECTIONS = 32
CONNECT_WITHIN = READ_WITHIN = WRITE_WITHIN = 5.0
"""Seconds, as python-telegram-bot has them."""
PLACE_WITHIN = 1.0
"""Seconds for a connection of the pool to be free."""
UPLOAD_WITHIN = 300.0
"""Seconds for a request that brings a file: slow lines get through, dead ones come to an end."""
KEPT_FOR = 5.0
"""Seconds for which an idle connection is used again."""

NO_LINE = (
    aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError,
    httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout,
)  # fmt: skip
"""What either client says where nothing was sent, as no connection was had."""

FORM = {"User-Agent": BaseRequest.USER_AGENT, "Content-Type": "application/x-www-form-urlencoded"}
PARTS = {"User-Agent": BaseRequest.USER_AGENT}


def request_by(proxy: str, *, base_url: str = "", counted: Callable[[], bool] = lambda: True) -> BaseRequest:
    """What sends requests to Telegram: through this proxy, without one as the environment says.

    `counted` tells whether the others still count on this process: it is asked as a request is written.
    """
    if _by_socks(proxy):
        return HTTPXRequest(connection_pool_size=CONNECTIONS, proxy=proxy or None)
    return AiohttpRequest(proxy or None, secure=not base_url.startswith("http://"), counted=counted)


def _by_socks(proxy: str) -> bool:
    """Whether what aiohttp cannot do is asked for: a SOCKS proxy, or one for every protocol."""
    if proxy:
        return proxy.startswith("socks")
    found = getproxies()
    return "all" in found or any(address.startswith("socks") for address in found.values())


class AiohttpRequest(BaseRequest):
    """python-telegram-bot's way out, on aiohttp. The same limits of time, the same errors."""

    def __init__(
        self, proxy: str | None = None, *, secure: bool = True, counted: Callable[[], bool] = lambda: True
    ) -> None:
        self._proxy = proxy
        self._secure = secure
        self._request_class = _written_if(counted)
        self._session: aiohttp.ClientSession | None = None
        self._proxies: dict[tuple[str, str], str | None] = {}
        """By scheme and host, what the environment says."""

    @property
    def read_timeout(self) -> float:
        """Seconds."""
        return READ_WITHIN

    async def initialize(self) -> None:
        """Open the pool; once, however often it is asked for."""
        if self._session is not None:
            return
        connector = aiohttp.TCPConnector(
            limit=CONNECTIONS,
            keepalive_timeout=KEPT_FOR,
            # The same authorities as python-telegram-bot's own client trusts, and `check` with it.
            ssl=httpx.create_ssl_context() if self._secure else True,
        )
        self._session = aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar(), request_class=self._request_class
        )

    async def shutdown(self) -> None:
        """Close every connection."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _in_the_way(self, url: str) -> str | None:
        """The proxy that the environment names for an address."""
        # Looked for once a host: aiohttp would do so in a thread with every request, and read ~/.netrc in another.
        parts = urlsplit(url)
        scheme, host = parts.scheme, parts.hostname or ""
        if (scheme, host) not in self._proxies:
            self._proxies[scheme, host] = None if proxy_bypass(host) else getproxies().get(scheme)
        return self._proxies[scheme, host]

    async def do_request(  # noqa: PLR0917  python-telegram-bot's own signature
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Send a request; status and body. TimedOut, NetworkError."""
        if self._session is None:
            raise RuntimeError("the request is not initialised")
        body, headers = _body(request_data)
        timeout = _timeout(
            read=_or(read_timeout, READ_WITHIN),
            write=_or(write_timeout, WRITE_WITHIN if headers is FORM else UPLOAD_WITHIN),
            connect=_or(connect_timeout, CONNECT_WITHIN),
            place=_or(pool_timeout, PLACE_WITHIN),
        )
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, timeout=timeout, proxy=self._proxy or self._in_the_way(url),
                allow_redirects=False,
            ) as response:  # fmt: skip
                return response.status, await response.read()
        except TimeoutError as error:
            raise TimedOut from error
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(f"aiohttp.{type(error).__name__}{_told(error)}") from error


def _written_if(counted: Callable[[], bool]) -> type[aiohttp.ClientRequest]:
    """Requests that are written only while the others count on this process.

    A process that was frozen may wake at any line. What it is about to write then was done by another: the later it
    looks, the less goes out twice. Between this look and the system's own buffer lies no waiting.
    """

    class Written(aiohttp.ClientRequest):
        async def write_bytes(self, writer: Any, conn: Any, content_length: int | None = None) -> None:
            if counted():
                await super().write_bytes(writer, conn, content_length)
                return
            conn.protocol.set_exception(aiohttp.ClientConnectionError("others do the work of this process"))
            conn.close()

    return Written


def _body(data: RequestData | None) -> tuple[bytes | aiohttp.FormData | None, dict[str, str]]:
    """What is sent, and the headers that go with it."""
    if data is None:
        return None, PARTS
    files: Any = data.multipart_data
    if not files:
        return data.url_encoded_parameters().encode(), FORM
    # Quoted, a Chinese file name would arrive as percent signs.
    form = aiohttp.FormData(quote_fields=False)
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (file_name, content, media) in files.items():
        form.add_field(name, content, filename=file_name, content_type=media)
    return form, PARTS


def _timeout(
    *, read: float | None, write: float | None, connect: float | None, place: float | None
) -> aiohttp.ClientTimeout:
    spans = [span for span in (read, write, connect, place) if span is not None]
    waiting = [span for span in (connect, place) if span is not None]
    return aiohttp.ClientTimeout(
        total=sum(spans) if len(spans) == 4 else None,
        connect=sum(waiting) if len(waiting) == 2 else None,
        sock_connect=connect,
        sock_read=read,
    )


def _or(value: Any, otherwise: float) -> float | None:
    """A limit as the caller gave it, None for none; by default ours."""
    return otherwise if isinstance(value, DefaultValue) else value


def _told(error: Exception) -> str:
    """What the system said; anything else might name an address with a token or a password in it."""
    return f": {error.strerror}" if isinstance(error, OSError) and error.strerror else ""
