"""What options ask for, looked at before a job begins: a job must not fail URL by URL for them."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from scrubber.errors import InputError, OutputError
from scrubber.fetch.chromium import find_browser
from scrubber.fetch.guard import Guard
from scrubber.fetch.identity import Identities, read_identities
from scrubber.fetch.options import FetchOptions


def check_ready(options: FetchOptions) -> None:
    """Raises InputError, OutputError where `options` cannot be followed on this machine."""
    Guard(options)
    identities = read_identities(options.hosts_file) if options.hosts_file else Identities()
    if options.proxy:
        from scrubber.fetch.proxy import read_proxy  # loads httpcore

        read_proxy(options.proxy, identities)
    if options.render != "never":
        find_browser(options.browser)
    if options.warc is not None:
        check_warc(Path(options.warc))


def check_warc(path: Path) -> None:
    """Raises InputError, OutputError where no WARC file can be written there."""
    if not path.name.endswith(".warc.gz"):
        raise InputError(f"{path}: a WARC file's name ends in .warc.gz")
    if find_spec("warcio") is None:
        raise InputError("writing WARC files needs `pip install scrubber[warc]`")
    if not path.parent.is_dir():
        raise OutputError(f"{path} cannot be written: there is no folder {path.parent}")
