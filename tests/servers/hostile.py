"""A catalogue of hostile and broken answers, with the kind of failure that each must become.

    HOSTILE   name -> (behaviour, the kinds that are right)
    CRIPPLED  name -> behaviour whose page can and should still be read

What must become one of TIMEOUTS never ends by itself, and nothing else needs a clock to end.
"""

from __future__ import annotations

import asyncio
import gzip
import zlib

import brotli
import zstandard
from servers.raw import Behaviour, Exchange, redirect, respond, send

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
ZEROS = b"\0" * (32 * 1024 * 1024)
WORDS = b"<p>Words that anyone can read, again and again.</p>\n"
PAGE = b"<!doctype html><html><body>" + WORDS * 100 + b"</body></html>"


# A frame header that asks for a window of 2 GiB, a stream that asks for a preset dictionary, and a
# member whose header announces a file name.
ZSTD_WINDOW = b"\x28\xb5\x2f\xfd\x00\xa8\x01\x00\x00"
DEFLATE_DICTIONARY = b"\x78\xbb\x0e\x36\x03\x25" + b"\x00" * 64
GZIP_NAMED = b"\x1f\x8b\x08\x08" + b"\x00" * 6


def packed(encoding: str, body: bytes) -> Behaviour:
    return respond(body, headers={"Content-Encoding": encoding})


def gzip_of_zeros(times: int) -> bytes:
    body = ZEROS
    for _ in range(times):
        body = gzip.compress(body, 9)
    return body


def endless(head: bytes, piece: bytes) -> Behaviour:
    async def behave(exchange: Exchange) -> None:
        await exchange.send(head)
        while True:
            await exchange.send(piece)

    return behave


def drip(head: bytes, piece: bytes, every_s: float) -> Behaviour:
    async def behave(exchange: Exchange) -> None:
        await exchange.send(head)
        while True:
            await exchange.send(piece)
            await asyncio.sleep(every_s)

    return behave


def silence_after(head: bytes) -> Behaviour:
    async def behave(exchange: Exchange) -> None:
        await exchange.send(head)
        await exchange.reader.read()

    return behave


def reset_after(head: bytes) -> Behaviour:
    async def behave(exchange: Exchange) -> None:
        await exchange.send(head)
        await asyncio.sleep(0.05)
        exchange.reset()

    return behave


def chunked(*chunks: bytes) -> bytes:
    return OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"".join(chunks)


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


TIMEOUTS = {"timeout", "idle_timeout", "too_slow"}
BROKEN = {"bad_response", "truncated", "connection_reset"}

HOSTILE: dict[str, tuple[Behaviour, set[str]]] = {
    # bombs
    "gzip bomb": (packed("gzip", gzip_of_zeros(1)), {"too_large"}),
    "gzip in gzip bomb": (packed("gzip, gzip", gzip_of_zeros(2)), {"too_large"}),
    "deflate bomb": (packed("deflate", zlib.compress(ZEROS, 9)), {"too_large"}),
    "br bomb": (packed("br", brotli.compress(ZEROS, quality=5)), {"too_large"}),
    "zstd bomb": (packed("zstd", zstandard.compress(ZEROS)), {"too_large"}),
    "br in gzip bomb": (
        packed("br, gzip", gzip.compress(brotli.compress(ZEROS, quality=5))),
        {"too_large"},
    ),
    "five encodings": (packed("gzip, gzip, gzip, gzip, gzip", gzip_of_zeros(5)), {"bad_response"}),
    "unknown encoding": (packed("x-rot13", PAGE), {"bad_response"}),
    "plain text called gzip": (packed("gzip", PAGE), {"bad_response"}),
    "plain text called br": (packed("br", PAGE), {"bad_response"}),
    "plain text called zstd": (packed("zstd", PAGE), {"bad_response"}),
    "zstd that wants two gibibytes": (packed("zstd", ZSTD_WINDOW), {"bad_response"}),
    "deflate with a dictionary": (packed("deflate", DEFLATE_DICTIONARY), {"bad_response"}),
    "gzip whose file name does not end": (
        endless(OK + b"Content-Encoding: gzip\r\n\r\n" + GZIP_NAMED, b"n" * 8192),
        {"too_large"},
    ),
    # too much, too slow
    "endless body": (endless(OK + b"\r\n", WORDS * 1000), {"too_large"}),
    "endless chunks": (endless(chunked(), chunk(WORDS * 1000)), {"too_large"}),
    "length of a terabyte": (respond(PAGE, length=10**12), {"too_large"}),
    "one byte at a time": (drip(OK + b"\r\n", b"x", 0.05), TIMEOUTS),
    "one header byte at a time": (drip(b"HTTP/1.1 200 OK\r\nX: ", b"x", 0.05), TIMEOUTS),
    "endless headers": (endless(b"HTTP/1.1 200 OK\r\n", b"X-Filler: y\r\n" * 100), {"too_large"}),
    "header without end": (endless(b"HTTP/1.1 200 OK\r\nX: ", b"y" * 4096), {"too_large"}),
    "status line without end": (endless(b"HTTP/1.1 200 ", b"O" * 4096), {"too_large"}),
    "headers just over the bound": (
        send(OK + b"X: " + b"y" * 70_000 + b"\r\nContent-Length: 0\r\n\r\n"),
        {"too_large"},
    ),
    "endless interim answers": (
        endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 50),
        {"too_large"},
    ),
    "chunk size without end": (endless(chunked(), b"0" * 4096), {"too_large", "bad_response"}),
    "chunk extension without end": (
        endless(chunked(b"3;"), b"x=y;" * 1000),
        {"too_large", "bad_response"},
    ),
    "trailers without end": (endless(chunked(b"0\r\n"), b"X: y\r\n" * 500), {"too_large"}),
    "silence at once": (silence_after(b""), TIMEOUTS),
    "silence after the status": (silence_after(b"HTTP/1.1 200 OK\r\n"), TIMEOUTS),
    "silence after the headers": (silence_after(OK + b"Content-Length: 9\r\n\r\n"), TIMEOUTS),
    "silence within the body": (silence_after(OK + b"Content-Length: 9999\r\n\r\nabc"), TIMEOUTS),
    # broken connections
    "close at once": (send(b""), BROKEN),
    "close within the status": (send(b"HTTP/1."), BROKEN),
    "close within the headers": (send(b"HTTP/1.1 200 OK\r\nContent-"), BROKEN),
    "close before the body": (send(OK + b"Content-Length: 5000\r\n\r\n"), BROKEN),
    "close early in the body": (send(OK + b"Content-Length: 90000\r\n\r\n" + WORDS * 9), BROKEN),
    "reset at once": (reset_after(b""), BROKEN),
    "reset within the headers": (reset_after(b"HTTP/1.1 200 OK\r\nConte"), BROKEN),
    "reset early in the body": (reset_after(OK + b"Content-Length: 99999\r\n\r\nx"), BROKEN),
    # HTTP that is none
    "HTTP/0.9": (send(PAGE), {"bad_response"}),
    "another protocol": (send(b"SSH-2.0-OpenSSH_9.6\r\n"), {"bad_response"}),
    "zeros": (send(b"\0" * 5000), {"bad_response"}),
    "status 000": (respond(PAGE, status="000 Nothing"), {"bad_response", "http_status"}),
    "status 999": (respond(PAGE, status="999 No"), {"http_status", "bad_response"}),
    "status 12345": (respond(PAGE, status="12345 Much"), {"bad_response"}),
    "status of letters": (respond(PAGE, status="abc OK"), {"bad_response"}),
    "HTTP/7": (send(b"HTTP/7 200 OK\r\n\r\n"), {"bad_response"}),
    "chunk size of letters": (send(chunked(b"zz\r\nabc\r\n0\r\n\r\n")), {"bad_response"}),
    "negative chunk size": (send(chunked(b"-5\r\nabc\r\n0\r\n\r\n")), {"bad_response"}),
    "absurd chunk size": (send(chunked(b"4" + b"0" * 17 + b"\r\nabc")), BROKEN | {"too_large"}),
    "two lengths": (
        send(OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef"),
        {"bad_response"},
    ),
    "negative length": (send(OK + b"Content-Length: -5\r\n\r\nabc"), {"bad_response"}),
    "NUL in a header": (send(OK + b"X: a\0b\r\n\r\n"), {"bad_response"}),
    "switching protocols unasked": (
        send(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"),
        {"http_status", "bad_response"},
    ),
    # redirects
    "redirect to itself": (redirect("/redirect-to-itself"), {"redirect_loop"}),
    "redirect to a file": (redirect("file:///etc/passwd"), {"address_refused"}),
    "redirect to data": (redirect("data:text/html,<p>x"), {"address_refused"}),
    "redirect to cloud metadata": (redirect("http://169.254.169.254/"), {"address_refused"}),
    "redirect to nowhere": (redirect("http://"), {"bad_response", "redirect_loop"}),
    "redirect of 100 KB": (
        redirect("/" + "a" * 60_000),
        {"bad_response", "too_large"},
    ),
    "redirect to two places": (
        send(b"HTTP/1.1 302 Found\r\nLocation: /a\r\nLocation: //10.0.0.1/\r\n\r\n"),
        {"bad_response"},
    ),
    "redirect to digits of another script": (
        redirect("http://%E2%91%A0%E2%91%A5%E2%91%A8.254.169.254/"),
        {"bad_response", "address_refused"},
    ),
    "redirect that hides metadata behind a login": (
        redirect("http://example.com@169.254.169.254/"),
        {"address_refused"},
    ),
    "redirect with tabs in its scheme": (
        redirect("ht\ttp://169.254.169.254/"),
        {"address_refused"},
    ),
    "redirect with a dot behind its address": (
        redirect("http://169.254.169.254./"),
        {"address_refused"},
    ),
    "redirect to port 0": (redirect("http://127.0.0.1:0/"), {"bad_response"}),
    "redirect without location": (respond(status="302 Found"), {"bad_response"}),
    # not a page
    "PDF called HTML": (respond(b"%PDF-1.7\n..."), {"unsupported_content"}),
    "image called HTML": (respond(b"\x89PNG\r\n\x1a\n" + b"\0" * 99), {"unsupported_content"}),
    "binary called HTML": (respond(bytes(range(32)) * 200), {"unsupported_content"}),
    "304 unasked": (send(b"HTTP/1.1 304 Not Modified\r\n\r\n"), {"http_status"}),
    "JSON": (respond(b'{"a": 1}', content_type="application/json"), {"unsupported_content"}),
}

CRIPPLED: dict[str, Behaviour] = {
    "length too short": respond(PAGE, length=len(PAGE) - 8),
    "length a little too long": respond(PAGE, length=len(PAGE) + 50),
    "no length, no chunks": respond(PAGE, length=None),
    "no content type": respond(PAGE, content_type=None),
    "rubbish as content type": respond(PAGE, content_type=";;;=,"),
    "wrong case everywhere": send(
        b"HTTP/1.1 200 ok\r\nCONTENT-type:TEXT/HTML\r\ncontent-LENGTH:%d\r\n\r\n" % len(PAGE) + PAGE
    ),
    "no reason phrase": send(b"HTTP/1.1 200\r\nContent-Type: text/html\r\n\r\n" + PAGE),
    "HTTP/1.0": send(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE),
    "bare line feeds": send(b"HTTP/1.1 200 OK\nContent-Type: text/html\n\n" + PAGE),
    "last chunk missing": send(chunked(chunk(PAGE))),
    "chunk of one byte each": send(
        chunked(*(chunk(PAGE[i : i + 1]) for i in range(len(PAGE))), b"0\r\n\r\n")
    ),
    "interim answers first": send(
        b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 3 + OK + b"\r\n" + PAGE
    ),
    "thousands of gzip members": packed(
        "gzip", b"".join(gzip.compress(WORDS) for _ in range(5000)) + gzip.compress(PAGE)
    ),
    "empty zstd frames by the thousand": packed(
        "zstd", zstandard.compress(b"") * 50_000 + zstandard.compress(PAGE)
    ),
    "length and chunks": send(
        OK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk(PAGE) + b"0\r\n\r\n"
    ),
    "refresh to a script": respond(PAGE, headers={"Refresh": "0; url=javascript:alert(1)"}),
    "UTF-7": respond(PAGE, content_type="text/html; charset=utf-7"),
    "two types": respond(PAGE, headers={"content-type": "text/html"}),
    "gzip cut off near its end": packed("gzip", gzip.compress(PAGE * 50)[:-9]),
    "gzip twice named once": packed("gzip", gzip.compress(PAGE)),
    "identity named": packed("identity", PAGE),
    "raw deflate": packed("deflate", zlib.compress(PAGE)[2:-4]),
    "NUL bytes in the page": respond(PAGE.replace(b"again", b"ag\0ain", 3)),
    "100,000 nested tags": respond(b"<div>" * 100_000 + PAGE),
    "10 MB of attributes": respond(b"<p " + b"a=1 " * 2_600_000 + b">" + PAGE),
    "a flood of entities": respond(b"&amp;lt;&#x41;&bogus;" * 100_000 + PAGE),
    "unknown charset": respond(PAGE, content_type="text/html; charset=klingon"),
    "charset of the wrong kind": respond(PAGE, content_type="text/html; charset=utf-16"),
    "empty header value": respond(PAGE, headers={"X-Empty": ""}),
    "a thousand short headers": respond(PAGE, headers={f"X-{n}": "y" for n in range(1000)}),
}
