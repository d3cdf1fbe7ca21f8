"""The lane of a host: whose politeness its URLs fall under.

Hosts of one registered domain (`example.co.uk`, after the public suffix list) are one site behind
one set of servers more often than not, so they share a lane. Sites on shared platforms
(`name.blogspot.com`) are domains of their own; what they share is an address, and addresses have
lines of their own in the frontier.
"""

from __future__ import annotations

import re
from functools import lru_cache

_ADDRESS = re.compile(r"\[|\d+\.\d+\.\d+\.\d+(?::|\Z)")


@lru_cache(maxsize=1 << 16)
def lane_of(host: str) -> str:
    """The registered domain of a host as `urls.host_of` gives it, with its unusual port.

    An address or a name without a public suffix is its own lane.
    """
    if not host or _ADDRESS.match(host):
        return host
    name, colon, port = host.partition(":")
    labels = name.split(".")
    if len(labels) == 3 and labels[0] == "www":
        name = name.removeprefix("www.")
    elif len(labels) > 2:
        name = _registered(name)
    return name + colon + port


def _registered(name: str) -> str:
    from tld import get_tld  # reads the whole list: not at import time

    found = get_tld(f"http://{name}", as_object=True, fail_silently=True, search_private=True)
    return getattr(found, "fld", None) or name
