"""The monitoring address, on loopback: /healthz says whether the bot does its work, /metrics how well."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from time import perf_counter

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.app import App
from bot.embedded_server import running
from bot.intake.patience import Patient
from bot.ops.health import Health
from bot.ops.metrics import CONTENT_TYPE, Metrics, Readings

log = logging.getLogger(__name__)

SAMPLE_EVERY = 0.25
"""Seconds between two looks at whether the event loop is held."""


class Ops:
    """What is served at the monitoring address."""

    def __init__(self, app: App, health: Health, readings: Readings) -> None:
        self._app, self._health, self._readings = app, health, readings

    async def healthz(self, request: Request) -> Response:
        """200, or 503 with what is wrong."""
        troubles = await self._health.troubles()
        body = {"healthy": not troubles, "problems": [{"name": t.name, "text": t.text} for t in troubles]}
        return JSONResponse(body, 503 if troubles else 200)

    async def metrics(self, request: Request) -> Response:
        """Prometheus' text; without the database's numbers where it does not answer."""
        self._readings.vitals = await self._health.read()
        # Of several processes only the one that leads hears from Telegram; the age of what another heard would only grow.
        self._readings.last_poll = self._app.intake.last_poll if self._app.crew.leads else None
        # Some hundred series with their buckets take a while to write down.
        text = await asyncio.to_thread(self._readings.text)
        return Response(text, media_type=CONTENT_TYPE)

    def site(self) -> Starlette:
        """The two pages."""
        return Starlette(routes=[Route("/healthz", self.healthz), Route("/metrics", self.metrics)])


@contextlib.asynccontextmanager
async def watched(app: App, listen: str) -> AsyncIterator[str | None]:
    """Serve at a loopback address such as 127.0.0.1:9464 meanwhile; the address, None where it cannot be had.

    One that is taken costs the monitoring, not the bot: the administrators are told.
    """
    services = app.services
    health = Health(app.database, app.intake, app.crew, clock=services.clock)
    ops = Ops(app, health, Readings(app.metrics, clock=services.clock))
    host, _, port = listen.rpartition(":")
    config = uvicorn.Config(
        ops.site(), http=Patient, host=host.strip("[]"), port=int(port), log_config=None, access_log=False,
        timeout_graceful_shutdown=1, lifespan="off",
    )  # fmt: skip
    sampling = asyncio.create_task(sample(app.metrics), name="sampling")
    try:
        async with running(config, "monitoring") as server:
            if not server.started:
                log.error("the monitoring address %s cannot be opened", listen)
                await app.alarms.unwatched(listen)
            yield f"http://{host}:{server.servers[0].sockets[0].getsockname()[1]}" if server.started else None
    finally:
        sampling.cancel()
        await asyncio.wait([sampling])
        await health.close()


async def sample(
    metrics: Metrics,
    *,
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    timer: Callable[[], float] = perf_counter,
) -> None:
    """Time until cancelled how late the event loop wakes who asked for it: so long somebody held it."""
    while True:
        began = timer()
        await pause(SAMPLE_EVERY)
        metrics.loop_held(timer() - began - SAMPLE_EVERY)
