"""The local server: the Bot API for the bot, the chat page and its API for the person, all on loopback."""

import asyncio
import contextlib
import hmac
import json
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from sandbox.botapi import BotApi, dumped
from sandbox.strict import Refused
from sandbox.webhook import Deliveries
from sandbox.world import Upload, World

HERE = Path(__file__).parent
PAGE = {"page.html": "text/html", "page.css": "text/css", "page.js": "text/javascript"}
"""The parts of the page and their types."""
LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}
LARGEST = 50 * 1024 * 1024
NO_FONTS: Mapping[int, Path] = MappingProxyType({})


class Site:
    """The requests of the bot and of the page."""

    def __init__(self, world: World, api: BotApi, fonts: Mapping[int, Path]) -> None:
        self.world, self.api, self._fonts = world, api, fonts

    # The Bot API

    async def bot(self, request: Request) -> Response:
        """One method of the Bot API, however its parameters come."""
        if not hmac.compare_digest(request.path_params["token"], self.world.token):
            return Response(dumped({"ok": False, "error_code": 401, "description": "Unauthorized"}), 401)
        params, files = await _parameters(request)
        reply = await self.api.call(request.path_params["method"], params, files)
        return Response(dumped(reply.body), reply.status, media_type="application/json")

    async def bot_file(self, request: Request) -> Response:
        """A file for the bot."""
        if not hmac.compare_digest(request.path_params["token"], self.world.token):
            return Response("Unauthorized", 401)
        return self._file(request.path_params["file_id"])

    # The page

    async def page(self, request: Request) -> Response:
        """The chat page, or a part of it."""
        part = request.path_params.get("part", "html")
        headers = {
            "Cache-Control": "no-store", "Content-Security-Policy": "frame-ancestors 'none'",
            "X-Content-Type-Options": "nosniff",
        }  # fmt: skip
        name = f"page.{part}"
        if name not in PAGE:
            return Response(status_code=404)
        return FileResponse(HERE / name, media_type=PAGE[name], headers=headers)

    async def font(self, request: Request) -> Response:
        """A Chinese font of this weight, for a computer that has none."""
        path = self._fonts.get(request.path_params["weight"])
        if path is None:
            return Response(status_code=404)
        return FileResponse(path, media_type="font/otf", headers={"Cache-Control": "max-age=86400"})

    async def state(self, request: Request) -> Response:
        """Who there is."""
        people = [
            {
                "id": p.id,
                "first_name": p.first_name,
                "last_name": p.last_name,
                "username": p.username,
                "note": p.note,
            }
            for p in self.world.people()
        ]
        groups = [
            {"id": g.id, "title": g.title, "members": list(g.members), "left": g.left}
            for g in self.world.groups()
        ]
        return JSONResponse(
            {
                "bot": self.world.bot,
                "people": people,
                "groups": groups,
                "now": self.world.now().isoformat(),
                "clock": self.world.clock.state(),
            }
        )

    async def clock(self, request: Request) -> Response:
        """The clock is set, runs fast, or stops doing so; how it stands."""
        body, clock = await request.json(), self.world.clock
        if body.get("stop"):
            clock.stop()
        elif body.get("fast"):
            clock.hurry(clock.read(str(body["at"])))
        else:
            await clock.jump(clock.read(str(body["at"])))
        return JSONResponse(clock.state())

    async def commands(self, request: Request) -> Response:
        """The command menu in a chat."""
        return JSONResponse(self.world.commands_in(int(request.query_params["chat"])))

    async def messages(self, request: Request) -> Response:
        """The newest messages of a chat, or those before one."""
        before = request.query_params.get("before")
        chat_id = self._seen_by(int(request.path_params["chat"]), int(request.query_params["as"]))
        return JSONResponse(self.world.store.messages(chat_id, before=int(before) if before else None))

    async def send(self, request: Request) -> Response:
        """A person says something."""
        body = await request.json()
        message = self.world.send(
            int(body["as"]), int(request.path_params["chat"]), str(body["text"]), reply_to=body.get("reply_to"),
            forward=bool(body.get("forward")),
        )  # fmt: skip
        return JSONResponse(message)

    async def edit(self, request: Request) -> Response:
        """A person edits an own message."""
        body = await request.json()
        return JSONResponse(
            self.world.edit(
                int(body["as"]), int(request.path_params["chat"]), int(body["message_id"]), str(body["text"])
            )
        )

    async def upload(self, request: Request) -> Response:
        """A person sends pictures or files."""
        async with request.form(max_part_size=LARGEST) as form:
            files = [
                Upload(
                    part.filename or "file", await part.read(), part.content_type or "application/octet-stream"
                )
                for part in form.getlist("file")
                if isinstance(part, UploadFile)
            ]
            sent = self.world.upload(
                int(str(form["as"])),
                int(request.path_params["chat"]),
                files,
                kind=str(form.get("kind", "document")),
                caption=str(form.get("caption", "")),
                reply_to=int(str(form["reply_to"])) if form.get("reply_to") else None,
            )
        return JSONResponse(sent)

    async def press(self, request: Request) -> Response:
        """A person presses a button; what the bot answers."""
        body = await request.json()
        query = self.world.press(int(body["as"]), int(body["chat"]), int(body["message_id"]), str(body["data"]))
        return JSONResponse({"answer": await self.world.answered(query)})

    async def inline(self, request: Request) -> Response:
        """A person looks for something through the bot; the query's id and what the bot found."""
        body = await request.json()
        query = self.world.inline(int(body["as"]), int(body["chat"]), str(body["query"]))
        return JSONResponse({"query": query, "results": await self.world.inline_answered(query)})

    async def pick(self, request: Request) -> Response:
        """A person sends one of the results."""
        body = await request.json()
        message = self.world.pick(
            int(body["as"]), int(body["chat"]), str(body["query"]), str(body["result"]),
            reply_to=body.get("reply_to"),
        )  # fmt: skip
        return JSONResponse(message)

    async def add_person(self, request: Request) -> Response:
        """Somebody new."""
        body = await request.json()
        person = self.world.add_person(str(body["first_name"])[:64] or "新的人")
        return JSONResponse({"id": person.id, "first_name": person.first_name, "note": person.note})

    async def add_group(self, request: Request) -> Response:
        """A new group."""
        body = await request.json()
        group = self.world.add_group(str(body["title"])[:128] or "新群", [int(m) for m in body["members"]])
        return JSONResponse({"id": group.id, "title": group.title, "members": list(group.members)})

    async def file(self, request: Request) -> Response:
        """A file for the page."""
        return self._file(request.path_params["file_id"])

    async def events(self, request: Request) -> Response:
        """What happens, as it happens, in the chats a person sees."""
        person_id = int(request.query_params["as"])
        return StreamingResponse(self._events(person_id), media_type="text/event-stream")

    async def _events(self, person_id: int) -> AsyncIterator[str]:
        queue = self.world.subscribe()
        try:
            yield ": here\n\n"
            while True:
                event = await queue.get()
                if event.kind == "closing":
                    return
                if event.chat and person_id not in self.world.members(event.chat):
                    continue
                body = {
                    "kind": event.kind,
                    "chat": event.chat,
                    "message": event.message,
                    "action": event.action,
                }
                if event.kind == "clock":
                    body["clock"] = self.world.clock.state()
                yield f"data: {json.dumps(body)}\n\n"
        finally:
            self.world.unsubscribe(queue)

    def _seen_by(self, chat_id: int, person_id: int) -> int:
        if person_id not in self.world.members(chat_id):
            raise Refused(403, "not a member of this chat")
        return chat_id

    def _file(self, file_id: str) -> Response:
        found = self.world.store.file(file_id)
        if found is None:
            return Response("not found", 404)
        safe = (
            found[1]
            if found[1] in ("image/png", "image/jpeg", "application/pdf")
            else "application/octet-stream"
        )
        return Response(found[2], media_type=safe, headers={"X-Content-Type-Options": "nosniff"})


async def _parameters(request: Request) -> tuple[dict[str, Any], dict[str, Upload]]:
    params: dict[str, Any] = dict(request.query_params)
    files: dict[str, Upload] = {}
    if request.method != "POST":
        return params, files
    if "json" in request.headers.get("content-type", ""):
        return params | dict(await request.json()), files
    async with request.form(max_part_size=LARGEST) as form:
        for name, value in form.items():
            if isinstance(value, UploadFile):
                files[name] = Upload(value.filename or name, await value.read(), value.content_type or "")
            else:
                params[name] = value
    return params, files


def create_app(world: World, api: BotApi, fonts: Mapping[int, Path]) -> Starlette:
    """The site."""
    site = Site(world, api, fonts)

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, Refused)
        return JSONResponse({"error": error.description}, error.code)

    async def malformed(request: Request, error: Exception) -> Response:
        return JSONResponse({"error": "the request is not well-formed"}, 400)

    app = Starlette(
        routes=[
            Route("/", site.page),
            Route("/page.{part}", site.page),
            Route("/fonts/{weight:int}", site.font),
            Route("/bot{token}/{method}", site.bot, methods=["GET", "POST"]),
            Route("/file/bot{token}/files/{file_id}", site.bot_file),
            Route("/api/state", site.state),
            Route("/api/clock", site.clock, methods=["POST"]),
            Route("/api/commands", site.commands),
            Route("/api/events", site.events),
            Route("/api/chats/{chat}/messages", site.messages),
            Route("/api/chats/{chat}/send", site.send, methods=["POST"]),
            Route("/api/chats/{chat}/edit", site.edit, methods=["POST"]),
            Route("/api/chats/{chat}/upload", site.upload, methods=["POST"]),
            Route("/api/press", site.press, methods=["POST"]),
            Route("/api/inline", site.inline, methods=["POST"]),
            Route("/api/pick", site.pick, methods=["POST"]),
            Route("/api/people", site.add_person, methods=["POST"]),
            Route("/api/groups", site.add_group, methods=["POST"]),
            Route("/api/files/{file_id}", site.file),
        ],
        exception_handlers={Refused: refused, KeyError: malformed, ValueError: malformed, TypeError: malformed},
    )
    app.add_middleware(OnlyFromHere)
    return app


class OnlyFromHere:
    """Lets only this page and programs of this computer in.

    A foreign site's name for this address, its forms, scripts, pictures and frames are turned away; a link to the page is not.
    """

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and not self._ours(Request(scope)):
            await JSONResponse({"error": "only from this computer"}, 403)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    @staticmethod
    def _ours(request: Request) -> bool:
        host = request.headers.get("host", "")
        if host.rsplit(":", 1)[0] not in LOOPBACK:
            return False
        if request.url.path == "/" and request.method == "GET":
            return True
        # Browsers say where a request comes from, and no page can make them say otherwise; programs say nothing.
        if request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
            return False
        if request.headers.get("origin", f"http://{host}") != f"http://{host}":
            return False
        return (
            request.method == "GET"
            or not request.url.path.startswith("/api/")
            or "x-sandbox" in request.headers
        )


class _Quiet(uvicorn.Server):
    """uvicorn inside our own loop: signals are the program's business."""

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield


class SandboxServer:
    """Starts and stops the site, and the deliveries to the bot's webhook, in the running loop."""

    def __init__(
        self,
        world: World,
        api: BotApi,
        *,
        first_wait: float = 1.0,
        around: Callable[[ASGIApp], ASGIApp] = lambda app: app,
        fonts: Mapping[int, Path] = NO_FONTS,
    ) -> None:
        """`around` is what may stand between the line and the site; `fonts`, by weight, are the page's where it has none."""
        self._world, self._api, self._around, self._fonts = world, api, around, fonts
        self._deliveries = Deliveries(api.webhook, first_wait=first_wait)
        self._delivering: asyncio.Task[None] | None = None
        self._server: _Quiet | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Serve; the address. A port that is taken gives way to a free one."""
        door = _opened(host, port)
        # No levels nor handlers of its own: the bot's web servers in this process log through the same loggers.
        config = uvicorn.Config(
            self._around(create_app(self._world, self._api, self._fonts)), log_config=None, access_log=False,
            timeout_graceful_shutdown=1, lifespan="off",
        )  # fmt: skip
        self._server = server = _Quiet(config)
        self._task = asyncio.create_task(server.serve(sockets=[door]), name="sandbox server")
        while not server.started and not self._task.done():  # noqa: ASYNC110  uvicorn tells it in no other way
            await asyncio.sleep(0.01)
        self._delivering = asyncio.create_task(self._deliveries.run(), name="sandbox deliveries")
        return f"http://{host}:{door.getsockname()[1]}"

    async def stop(self) -> None:
        """End what waits, then the server."""
        if self._delivering is not None:
            self._delivering.cancel()
            await asyncio.wait([self._delivering])
        self._api.close()
        self._world.tell_closing()
        if self._server is not None and self._task is not None:
            self._server.should_exit = True
            await self._task


def _opened(host: str, port: int) -> socket.socket:
    """The port, or a free one where it is taken."""
    try:
        return socket.create_server((host, port))
    except OSError:
        return socket.create_server((host, 0))
