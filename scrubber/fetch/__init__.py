"""Fetching: a URL in, a decoded `Page` out, safely and politely.

    urls        text -> Url: split, cleaned, canonical; what is no http(s) URL is refused
    guard       which hosts, addresses and ports may be connected to
    lookup      host name -> addresses with their TTL, from name servers or the system
    resolver    the same, cached, and the raced connection to an address that was checked
    robots      may we fetch this? (RFC 9309; rules: what a robots.txt says)
    politeness  one request at a time per host, a pause between them, back-off on demand
    transport   the only door to httpx and httpcore: pooled connections to checked addresses
    body        raw chunks -> bytes, within bounds of size, ratio, rate and time
    decoding    gzip, deflate, br, zstd in bounded steps
    charset     bytes -> text
    decision    what an answer means: accept, redirect, retry, reject
    identity    per-host headers, cookies and passwords from a private file
    validators  what is stored already: requests for what has changed only
    proxy       a proxy, where one was named
    client      one request: guard, turn, GET, deadline
    recording   a copy of every request and answer, for a WARC file (warc_writing)
    reading     an answer to a page, a redirect or an error
    fetcher     the main path: attempts, hops, robots.txt
    rendering   a page after its scripts, in a browser without a network (chromium, jail)
    tab         one page in the browser, waited for and read (snapshot: what it shows)
    gate        what such a page asks for, and what it is given
    visits      what became of each URL, as an archive of ours notes it
    archive     a capture in a web archive to a page, as if it had just come
                (warc_listing: which there are; warc_reading; warc_records)
    local       a file here to a page
    ready       what options ask for, looked at before a job begins

Importing this package loads none of the network libraries; `scrubber.fetch.fetcher` does.
"""

from scrubber.fetch.options import FetchOptions

__all__ = ["FetchOptions"]
