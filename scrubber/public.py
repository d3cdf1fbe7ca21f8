"""All that `import scrubber` gives: the list of public names.

It stands apart from the package itself, so that the command line starts without loading what it
does not need; the package loads it when one of the names is asked for.
"""

from scrubber.clean import CleanOptions
from scrubber.errors import (
    AddressRefused,
    BadResponse,
    BadStatus,
    ConnectFailed,
    ExtractError,
    ExtractTimeout,
    FetchError,
    FetchTimeout,
    HostPaused,
    InputError,
    NoContent,
    NotAnArticle,
    OutputError,
    RobotsDisallowed,
    ScrubberError,
    TooLarge,
    TooManyRedirects,
    UnsupportedContent,
    WorkerDied,
)
from scrubber.extract import ExtractOptions
from scrubber.fetch import FetchOptions
from scrubber.models import (
    Article,
    Author,
    Block,
    Cell,
    DateValue,
    Evidence,
    Failure,
    ListItem,
    RejectedClaim,
    Removal,
)
from scrubber.options import Options
from scrubber.pipeline import (
    AsyncScrubber,
    Scrubber,
    scrub,
    scrub_html,
    scrub_text,
    strip_templates,
)

__all__ = [
    "AddressRefused",
    "Article",
    "AsyncScrubber",
    "Author",
    "BadResponse",
    "BadStatus",
    "Block",
    "Cell",
    "CleanOptions",
    "ConnectFailed",
    "DateValue",
    "Evidence",
    "ExtractError",
    "ExtractOptions",
    "ExtractTimeout",
    "Failure",
    "FetchError",
    "FetchOptions",
    "FetchTimeout",
    "HostPaused",
    "InputError",
    "ListItem",
    "NoContent",
    "NotAnArticle",
    "Options",
    "OutputError",
    "RejectedClaim",
    "Removal",
    "RobotsDisallowed",
    "Scrubber",
    "ScrubberError",
    "TooLarge",
    "TooManyRedirects",
    "UnsupportedContent",
    "WorkerDied",
    "scrub",
    "scrub_html",
    "scrub_text",
    "strip_templates",
]
