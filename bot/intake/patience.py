"""A connection to our web servers that has to ask for something soon: who only holds it open is cut off."""

import asyncio
from collections import OrderedDict
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

HEADERS_WITHIN = 5.0
"""Seconds from connecting to the end of the first request's headers."""

SILENT_AT_MOST = 64
"""Connections that have not asked for anything yet; of more the oldest is cut off. Who means it asks at once."""

END = b"\r\n\r\n"

_silent: "OrderedDict[Patient, None]" = OrderedDict()
"""The connections of this process that have asked for nothing yet, the oldest first."""


class Patient(H11Protocol):
    """uvicorn's own, which of itself waits for a request for ever."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._last = b""
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait, but not for ever, and not with too many others."""
        super().connection_made(transport)
        _silent[self] = None
        self._deadline = asyncio.get_running_loop().call_later(HEADERS_WITHIN, self._cut_off)
        if len(_silent) > SILENT_AT_MOST:
            next(iter(_silent))._cut_off()

    def data_received(self, data: bytes) -> None:
        """The headers have ended once an empty line came."""
        if self in _silent:
            self._last = self._last[-len(END) + 1 :] + data
            if END in self._last:
                self._heard()
        super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over."""
        self._heard()
        super().connection_lost(exc)

    def _heard(self) -> None:
        self._last = b""
        _silent.pop(self, None)
        if self._deadline is not None:
            self._deadline.cancel()

    def _cut_off(self) -> None:
        self._heard()
        self.transport.abort()
