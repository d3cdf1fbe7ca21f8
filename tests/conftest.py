"""Fixtures that more than one room needs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# Nothing here is timed against the clock: a busy machine is no failure. The same examples every
# time, so that a verdict is about the change; `pytest --hypothesis-profile wandering` seeks others.
UNTIMED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("steady", derandomize=True, **UNTIMED)
settings.register_profile("wandering", max_examples=1000, **UNTIMED)
settings.load_profile("steady")

SAMPLES = Path(__file__).resolve().parents[1] / "samples"


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="session")
def sample_site() -> Iterator[str]:
    """The base URL, ending in `/`, of a real server on loopback that serves `samples/pages`."""
    handler = partial(_QuietHandler, directory=str(SAMPLES / "pages"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()
