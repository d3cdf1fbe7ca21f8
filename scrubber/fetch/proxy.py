"""A proxy, where one was named: https goes through a tunnel, http is asked of the proxy itself.

No environment variable is read, because one that a stranger's shell left behind would undo the
guard. With a proxy it is the proxy that resolves names and connects, so its rules decide where they
lead. What is written is still judged here: literal addresses, ports, and names that can only be of
the inside.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from scrubber.errors import AddressRefused, ConnectFailed, InputError
from scrubber.fetch.guard import Guard
from scrubber.fetch.identity import Identities
from scrubber.fetch.urls import parse_url
from scrubber.fetch.wire import Stream

MAX_ANSWER_BYTES: Final = 16 * 1024
# Names that no public name server knows (RFC 6761, 6762, 8375; ICANN's `internal`; common habit).
_INSIDE: Final = frozenset(
    {"localhost", "local", "internal", "arpa", "lan", "intranet", "corp", "home", "private"}
)


@dataclass(frozen=True, slots=True)
class Proxy:
    """Where it is, and what it is told beside the request."""

    host: str
    port: int
    headers: tuple[tuple[bytes, bytes], ...] = field(default=(), repr=False)

    async def tunnel(self, stream: Stream, host: str, port: int) -> None:
        """Have a fresh connection to the proxy lead on to `host`. Raises ConnectFailed."""
        shown = f"[{host}]" if ":" in host else host
        target = f"{shown}:{port}".encode("ascii")
        lines = [b"CONNECT " + target + b" HTTP/1.1", b"Host: " + target]
        lines += [name + b": " + value for name, value in self.headers]
        await stream.write(b"\r\n".join(lines) + b"\r\n\r\n")
        answer = bytearray()
        while b"\r\n\r\n" not in answer:
            piece = await stream.read(MAX_ANSWER_BYTES)
            answer += piece
            if not piece or len(answer) > MAX_ANSWER_BYTES:
                raise self._refusal("it gives no answer")
        head, _, rest = bytes(answer).partition(b"\r\n\r\n")
        status = head.partition(b"\r\n")[0].split(b" ")[1:2]
        if status != [b"200"] or rest:
            shown_status = status[0][:3].decode("latin-1") if status else "none"
            raise self._refusal(f"it answers with status {shown_status}")

    def _refusal(self, why: str) -> ConnectFailed:
        return ConnectFailed(f"the proxy {self.host} opens no way: {why}", kind="proxy_refused")


def read_proxy(text: str, identities: Identities) -> Proxy:
    """The proxy that an option names, such as `http://user:password@proxy.example:3128`.

    Its password may also stand in the hosts file, where others do not see it. Raises InputError.
    """
    try:
        url = parse_url(text)
    except (InputError, AddressRefused) as exc:
        raise InputError("the proxy is given as http://host:port") from exc
    if url.scheme != "http":
        raise InputError("the proxy is given as http://host:port; others are not spoken")
    secret = identities.headers_for(url).get("authorization")
    headers = ((b"proxy-authorization", secret.encode("ascii")),) if secret else ()
    return Proxy(url.host, url.port, headers)


def check_name(guard: Guard, host: str) -> None:
    """Refuse a name of the inside that the guard does not open. Raises AddressRefused."""
    last = host.rpartition(".")[2]
    if ":" in host or last.isdigit():
        return  # a literal: judged by the guard already
    if ("." not in host or last in _INSIDE) and not guard.opens_names(host):
        raise AddressRefused(f"{host} is not a name on the public internet")
