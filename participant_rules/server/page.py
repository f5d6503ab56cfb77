"""The page at `/`: an introduction, the contents, the latest requests, and a reference to try."""

from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files
from itertools import groupby
from string import Template
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

from participant_rules.openapi import titles
from participant_rules.server import viewer
from participant_rules.server.log import Line
from participant_rules.server.stores import Held

__all__ = ["is_wanted", "part", "show"]

_OWN: Final = {"page.css": "text/css", "page.js": "text/javascript"}
_MOST: Final = 20  # surveys or projects that are listed
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:",
}
_NOTHING: Final = '<p class="soft">{}</p>'


def is_wanted(accept: str | None, *, by_name: bool) -> bool:
    """Whether a client takes a page; with `by_name` only one that names HTML, as browsers do, does so."""
    taken = [each.partition(";")[0].strip().lower() for each in (accept or "*/*").split(",")]
    return "text/html" in taken or (not by_name and "*/*" in taken)


def show(
    held: Sequence[Held], last: Iterable[Line], address: str, root: str, *, resettable: bool
) -> HTMLResponse:
    """The page of the sandbox at this address, whose path is `root`."""
    reference = _text("reference.html") if viewer.find("swagger-ui-bundle.js") else ""
    body = Template(_text("page.html")).substitute(
        root=escape(root),
        calls="".join(f"<h3>{escape(name)}</h3>{_calls(calls)}" for name, calls in titles().items()),
        held="".join(_family(family, list(some)) for family, some in groupby(held, lambda each: each.family))
        or _NOTHING.format(
            "There is nothing in it yet: start it with <code>--survey</code> or <code>--project</code>."
        ),
        reset=Template(_text("reset.html" if resettable else "restart.html")).substitute(
            address=escape(address)
        ),
        last=_requests(list(last)),
        reference=Template(reference).substitute(root=escape(root)),
    )
    return HTMLResponse(body, headers=_HEADERS)


async def part(asked: Request) -> Response:
    """A file that the page needs."""
    name = asked.path_params["name"]
    if name in _OWN:
        return Response(_text(name), media_type=_OWN[name])
    found = viewer.find(name) if name in viewer.FILES else None
    if found is None:
        return Response(status_code=404)
    return FileResponse(found, media_type=viewer.FILES[name], headers={"Cache-Control": "max-age=3600"})


def _text(name: str) -> str:
    return files("participant_rules.server").joinpath(name).read_text("utf-8")


def _calls(calls: Iterable[tuple[str, str, str]]) -> str:
    rows = (
        f"<tr><th>{escape(method)}</th><td><code>{escape(path)}</code></td><td>{escape(title)}</td></tr>"
        for method, path, title in calls
    )
    return f"<table>{''.join(rows)}</table>"


def _family(family: str, held: Sequence[Held]) -> str:
    more = len(held) - _MOST
    rows = "".join(map(_held, held[:_MOST]))
    rest = _NOTHING.format(f"and {more} more") if more > 0 else ""
    heads = "<tr><th>id</th><th>participants</th><th>some of them</th></tr>"
    return f"<h3>{family.capitalize()}s</h3><table>{heads}{rows}</table>{rest}"


def _held(each: Held) -> str:
    some = ", ".join(f"<code>{escape(name)}</code>" for name in each.some) or "–"
    more = ", …" if each.participants > len(each.some) else ""
    return (
        f"<tr><td><code>{escape(each.id)}</code></td><td>{each.participants:,}</td><td>{some}{more}</td></tr>"
    )


def _requests(last: Sequence[Line]) -> str:
    if not last:
        return _NOTHING.format("none yet")
    heads = "<tr><th>time</th><th>method</th><th>route</th><th>status</th><th>ms</th><th></th></tr>"
    return f"<table>{heads}{''.join(map(_request, reversed(last)))}</table>"


def _request(line: Line) -> str:
    cells: tuple[Any, ...] = (
        line.time[11:19],
        line.method,
        line.route,
        line.status or "–",
        line.milliseconds,
        line.note or "",
    )
    return f"<tr>{''.join(f'<td>{escape(str(each))}</td>' for each in cells)}</tr>"
