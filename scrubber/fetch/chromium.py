"""One headless Chromium, driven by the DevTools protocol over a pipe.

A pipe and no port: nobody else on the machine can reach the browser, and it ends when the pipe
closes, however this process ended. It is started with bounded memory and without a network (see
`jail`), with a proxy that refuses everything and names that resolve to nothing, so what it shows
can only come from us.

All tabs speak through the one pipe. A message that is longer than we take is dropped as it comes in
and costs only those whom it was for: the call that it answers, or the session that it tells of.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Self

from scrubber.errors import InputError, TooLarge

NAMES: Final = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
)
START_S: Final = 60.0
CALL_S: Final = 60.0
# The ends of a message, as Chromium writes it; strings in it hold no bare quote.
_END_BYTES: Final = 200
_ANSWER: Final = re.compile(rb'\{"id":(\d+),')
_SESSION: Final = re.compile(rb'"sessionId":"(\w+)"\}$')
TOO_LONG: Final = "scrubber.tooLong"  # told to a session in place of an event that was dropped

_JAIL: Final = Path(__file__).with_name("jail.py")
_FLAGS: Final = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--no-first-run",
    "--no-default-browser-check",
    # no way out
    "--proxy-server=http://127.0.0.1:1",
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--disable-quic",
    "--dns-prefetch-disable",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-client-side-phishing-detection",
    "--disable-sync",
    "--disable-breakpad",
    "--metrics-recording-only",
    "--disable-features=OptimizationHints,MediaRouter,DialMediaRouteProvider,Translate,"
    "AutofillServerCommunication,CertificateTransparencyComponentUpdater,InterestFeedContentSuggestions",
    # nothing that a text does not need
    "--disable-gpu",
    "--disable-extensions",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-notifications",
    "--block-new-web-contents",
    "--deny-permission-prompts",
    "--mute-audio",
    "--hide-scrollbars",
    "--blink-settings=imagesEnabled=false",
    "--js-flags=--max-old-space-size=512",
    "--password-store=basic",
    "--use-mock-keychain",
    # frames of other sites are not loaded, so a tab is one process and one place to watch
    "--disable-site-isolation-trials",
)


class BrowserGone(Exception):
    """The browser ended or broke off in the middle of something."""


class CallFailed(Exception):
    """The browser understood a call and refused it."""


def find_browser(wanted: str | None) -> str:
    """The path of the system's Chromium. Raises InputError where there is none."""
    names = (wanted,) if wanted else NAMES
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        looked = wanted or ", ".join(NAMES)
        raise InputError(f"rendering needs Chromium, but there is none here (looked for: {looked})")
    return found


class Frames(asyncio.Protocol):
    """Messages that end in a zero byte; of one that is over `max_bytes` only both its ends."""

    def __init__(
        self,
        max_bytes: int,
        take: Callable[[bytes], None],
        take_ends: Callable[[bytes, bytes], None],
        lost: Callable[[], None],
    ) -> None:
        self._max_bytes = max_bytes
        self._take, self._take_ends, self._lost = take, take_ends, lost
        self._parts: list[bytes] = []
        self._size = 0
        self._start = self._end = b""

    def data_received(self, data: bytes) -> None:
        *ended, rest = data.split(b"\0")
        for part in ended:
            self._add(part)
            self._finish()
        self._add(rest)

    def connection_lost(self, _: Exception | None) -> None:
        self._lost()

    def _add(self, part: bytes) -> None:
        self._size += len(part)
        self._start += part[: _END_BYTES - len(self._start)]
        self._end = (self._end + part[-_END_BYTES:])[-_END_BYTES:]
        if self._size <= self._max_bytes:
            self._parts.append(part)
        else:
            self._parts.clear()

    def _finish(self) -> None:
        if self._size <= self._max_bytes:
            self._take(b"".join(self._parts))
        else:
            self._take_ends(self._start, self._end)
        self._parts.clear()
        self._size, self._start, self._end = 0, b"", b""


class Browser:
    """A running browser. `await Browser.launch(path, max_message_bytes, max_memory)`."""

    def __init__(self, process: subprocess.Popen[bytes], profile: str) -> None:
        self._process = process
        self._profile = profile
        self._calls: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._hearers: dict[str, Callable[[str, dict[str, Any]], None]] = {}
        self._count = 0
        self._writer: asyncio.WriteTransport | None = None
        self._read_end: asyncio.ReadTransport | None = None
        self.gone = asyncio.Event()

    @classmethod
    async def launch(cls, path: str, max_message_bytes: int, max_memory: int) -> Self:
        """Start a browser. Raises InputError where it does not come up.

        max_memory: bytes, of each of its processes.
        """
        ours_in, its_out = os.pipe()
        its_in, ours_out = os.pipe()
        profile = tempfile.mkdtemp(prefix="scrubber-browser-")
        command = [sys.executable, "-IS", str(_JAIL), str(its_in), str(its_out), str(max_memory)]
        command += [path, *_FLAGS, f"--user-data-dir={profile}"]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command += ["--no-sandbox"]  # Chromium does not sandbox for root
        process = subprocess.Popen(
            [*command, "about:blank"],
            pass_fds=(its_in, its_out),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # so that all its processes can be ended together
        )
        os.close(its_in)
        os.close(its_out)
        browser = cls(process, profile)
        try:
            await browser._connect(ours_in, ours_out, max_message_bytes)
            await browser.call("Browser.getVersion", timeout_s=START_S)
        except (BrowserGone, TimeoutError, OSError) as exc:
            await browser.close()
            raise InputError(f"{path} does not start as a browser") from exc
        except BaseException:
            await browser.close()
            raise
        return browser

    async def call(
        self,
        method: str,
        params: dict[str, Any] | None = None,
        *,
        session: str | None = None,
        timeout_s: float = CALL_S,
    ) -> dict[str, Any]:
        """What the browser answers. Raises BrowserGone, CallFailed, TimeoutError, and TooLarge
        for an answer that is longer than we take."""
        if self.gone.is_set() or self._writer is None:
            raise BrowserGone(method)
        self._count += 1
        number = self._count
        message = {"id": number, "method": method, "params": params or {}}
        if session is not None:
            message["sessionId"] = session
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._calls[number] = answer
        try:
            self._writer.write(json.dumps(message).encode() + b"\0")
            async with asyncio.timeout(timeout_s):
                return await answer
        finally:
            self._calls.pop(number, None)

    def hear(self, session: str, hearer: Callable[[str, dict[str, Any]], None] | None) -> None:
        """Have a session's events told to `hearer(method, params)`; `None` ends that."""
        if hearer is None:
            self._hearers.pop(session, None)
        else:
            self._hearers[session] = hearer

    async def close(self) -> None:
        """End the browser and all its processes, and forget what it stored."""
        self._leave(BrowserGone("closed"))
        if self._writer is not None and not self._writer.is_closing():
            self._writer.abort()
        if self._read_end is not None:
            self._read_end.close()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        await asyncio.get_running_loop().run_in_executor(None, self._bury)

    def _bury(self) -> None:
        self._process.wait()
        shutil.rmtree(self._profile, ignore_errors=True)

    # -- the pipe

    async def _connect(self, read: int, write: int, max_message_bytes: int) -> None:
        loop = asyncio.get_running_loop()
        frames = Frames(max_message_bytes, self._read, self._drop, self._end)
        self._read_end, _ = await loop.connect_read_pipe(
            lambda: frames, os.fdopen(read, "rb", buffering=0)
        )
        self._writer, _ = await loop.connect_write_pipe(
            asyncio.BaseProtocol, os.fdopen(write, "wb", buffering=0)
        )

    def _read(self, data: bytes) -> None:
        try:
            message = json.loads(data)
        except ValueError:
            self._end()
        else:
            self._take(message)

    def _drop(self, start: bytes, end: bytes) -> None:
        """Tell whom a message was for that it was too long."""
        number, session = _ANSWER.match(start), _SESSION.search(end)
        if number is not None:
            answer = self._calls.get(int(number[1]))
            if answer is not None and not answer.done():
                answer.set_exception(TooLarge("grows without end in the browser"))
        elif session is not None:
            self._take({"method": TOO_LONG, "sessionId": session[1].decode()})

    def _end(self) -> None:
        self._leave(BrowserGone("the browser ended"))

    def _take(self, message: dict[str, Any]) -> None:
        answer = self._calls.get(message.get("id", 0))
        if answer is not None:
            if answer.done():
                return
            if "error" in message:
                answer.set_exception(CallFailed(str(message["error"].get("message"))))
            else:
                answer.set_result(message.get("result", {}))
        elif "method" in message:
            hearer = self._hearers.get(message.get("sessionId", ""))
            if hearer is not None:
                hearer(message["method"], message.get("params", {}))

    def _leave(self, error: Exception) -> None:
        self.gone.set()
        for answer in self._calls.values():
            if not answer.done():
                answer.set_exception(error)
