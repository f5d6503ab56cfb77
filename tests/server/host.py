"""Serves the `app` of an example, with a test's object in the place of its `api`.

    python host.py example.py uvicorn | gunicorn | wsgiref [/a/prefix]

With a prefix the example is mounted there in another application, as its framework does it.
The example's own lines do everything else. Prints the address once it is ready.
"""

import importlib.util
import json
import logging
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from attrs import frozen

from participant_rules import project, survey
from participant_rules.http import Request, Response, from_asgi
from participant_rules.memory import Loopback, MemoryProjects, MemorySurveys

Json = Any


@frozen
class Both:
    """The Apis of both families as one."""

    apis: Loopback

    def handle(self, request: Request) -> Response:
        """The answer of the one that has the path."""
        caller = next(
            (value for name, value in request.headers.items() if name.lower() == "sandbox-caller"), None
        )
        api: Any = self.apis.api(request)
        if caller and isinstance(api, survey.Api):
            api = survey.Api(api.register, caller=_caller(json.loads(caller)))
        answer: Response = api.handle(request)
        return answer

    async def ahandle(self, request: Request) -> Response:
        """The same, for an async server."""
        return self.handle(request)


def _caller(data: Json) -> survey.Caller:
    return survey.Caller(manages_interviewers=data.get("managesInterviewers", True))


def _given(data: Json) -> Both:
    now = datetime.fromisoformat(data["now"]) if "now" in data else None
    options = {"now": lambda: now} if now else {}
    surveys = MemorySurveys.from_json(data.get("surveys", ()))
    projects = MemoryProjects.from_json(data.get("projects", ()), **options)
    by = _caller(data.get("caller", {}))
    return Both(Loopback({"": survey.Api(surveys, caller=by), "/api/v1/": project.Api(projects)}))


def _load(file: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location("example", file)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["example"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def asgi(module: ModuleType) -> Any:
    """The example behind the address that resets it."""

    async def application(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or from_asgi(scope, b"").path != "/sandbox/given":
            await module.app(scope, receive, send)
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message["body"], message["more_body"]
        module.api = _given(json.loads(body))  # type: ignore[attr-defined]  # the example has it
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    return application


def wsgi(module: ModuleType) -> Any:
    """The example behind the address that resets it."""

    def application(environ: Any, start_response: Callable[..., Any]) -> Any:
        if environ["PATH_INFO"] != "/sandbox/given":
            return module.app(environ, start_response)
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        module.api = _given(json.loads(body))  # type: ignore[attr-defined]  # the example has it
        start_response("204 No Content", [])
        return []

    return application


def mounted(app: Any, module: ModuleType) -> Any:
    """The application below the prefix of the command line, if there is one."""
    if len(sys.argv) <= _PREFIX:
        return app
    prefix = sys.argv[_PREFIX]
    if "fastapi" in module.app.__class__.__module__:
        from fastapi import FastAPI  # noqa: PLC0415  one of four

        outer = FastAPI()
        outer.mount(prefix, app)
        return outer
    if module.app.__class__.__name__ == "Litestar":
        from litestar import Litestar, asgi  # noqa: PLC0415  one of four

        return Litestar([asgi(prefix, is_mount=True, copy_scope=True)(app)])
    if sys.argv[2] == "uvicorn":
        from starlette.applications import Starlette  # noqa: PLC0415  one of four
        from starlette.routing import Mount  # noqa: PLC0415

        return Starlette(routes=[Mount(prefix, app)])
    from werkzeug.middleware.dispatcher import DispatcherMiddleware  # noqa: PLC0415  one of four
    from werkzeug.wrappers import Response as Answer  # noqa: PLC0415

    return DispatcherMiddleware(Answer(status=404), {prefix: app})


_PREFIX = 3  # its place on the command line


def _announce(address: str) -> None:
    print(address, flush=True)  # noqa: T201  the test reads it


def serve_uvicorn(module: ModuleType) -> None:
    """Serve an ASGI application."""
    from participant_rules.server import serve  # noqa: PLC0415  one of three

    serve(mounted(asgi(module), module), "127.0.0.1", 0, _announce)


def serve_gunicorn(module: ModuleType) -> None:
    """Serve a WSGI application in one worker of gunicorn."""
    from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # noqa: PLC0415  one of three

    class Gunicorn(BaseApplication):  # type: ignore[misc]  # it is untyped
        def load_config(self) -> None:
            self.cfg.set("bind", "127.0.0.1:0")
            self.cfg.set("threads", 1)
            self.cfg.set("when_ready", self.announce)

        def load(self) -> Any:
            return mounted(wsgi(module), module)

        @staticmethod
        def announce(server: Any) -> None:
            host, port = server.LISTENERS[0].getsockname()
            _announce(f"http://{host}:{port}")

    Gunicorn().run()


def serve_wsgiref(module: ModuleType) -> None:
    """Serve a WSGI application with the standard library."""
    from wsgiref.simple_server import WSGIRequestHandler, make_server  # noqa: PLC0415  one of three

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with make_server("127.0.0.1", 0, mounted(wsgi(module), module), handler_class=Quiet) as server:
        _announce(f"http://127.0.0.1:{server.server_port}")
        server.serve_forever()


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    logging.getLogger("django.request").setLevel(logging.ERROR)  # it warns of each 404
    file, server = sys.argv[1:_PREFIX]
    globals()[f"serve_{server}"](_load(str(Path(file).resolve())))
