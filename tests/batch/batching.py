"""A loopback web site whose misbehaviour tests choose, and pages to read."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from scrubber.batch import BatchOptions
from scrubber.batch.engine import Summary, run_batch
from scrubber.fetch import FetchOptions
from scrubber.options import Options


def page_html(number: int) -> str:
    """A small article; its title names its number."""
    paragraph = f"Paragraph of page {number} about rivers, bridges and the people who mend them. "
    body = "".join(f"<p>{paragraph * 3}</p>" for _ in range(4))
    return (
        f"<!doctype html><html lang='en'><head><title>Page {number}</title></head>"
        f"<body><article><h1>Page {number}</h1>{body}</article></body></html>"
    )


class Site:
    """A server on all of 127.0.0.0/8; `answers[path]` is called for that path.

    visits: how often each path was asked for.
    """

    def __init__(self) -> None:
        self.visits: Counter[str] = Counter()
        self.answers: dict[str, Callable[[BaseHTTPRequestHandler, int], None]] = {}
        self.pause_s = 0.0
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.visits[self.path] += 1
                if site.pause_s:
                    time.sleep(site.pause_s)
                answer = site.answers.get(self.path)
                if answer is not None:
                    answer(self, site.visits[self.path])
                elif self.path.startswith("/page/"):
                    send_page(self, int(self.path.removeprefix("/page/")))
                else:
                    send_status(self, 404)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("0.0.0.0", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True
        )
        self._thread.start()

    def url(self, path: str, host: int = 1) -> str:
        return f"http://127.0.0.{host}:{self.port}{path}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def send_page(request: BaseHTTPRequestHandler, number: int) -> None:
    body = page_html(number).encode()
    send_body(request, body, Content_Type="text/html; charset=utf-8")


def send_body(request: BaseHTTPRequestHandler, body: bytes, **headers: str) -> None:
    request.send_response(200)
    for name, value in headers.items():
        request.send_header(name.replace("_", "-"), value)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)


def send_status(request: BaseHTTPRequestHandler, status: int, **headers: str) -> None:
    request.send_response(status)
    for name, value in headers.items():
        request.send_header(name.replace("_", "-"), value)
    request.send_header("Content-Length", "0")
    request.end_headers()


LOCAL = Options(
    fetch=FetchOptions(
        allow_private=True, allow_networks=("127.0.0.0/8",), delay_s=0, backoff_s=0.05
    )
)


def run(inputs: list[str], output: Path, options: Options = LOCAL, **batch: Any) -> Summary:
    """A batch with one worker, without delays."""
    batch.setdefault("workers", 1)
    return run_batch(inputs, output, options, BatchOptions(**batch))
