"""scrubber turns URLs, HTML pages or already-extracted text into clean, typed `Article` records.

    scrub(url)  scrub_html(html)  scrub_text(text)      Scrubber(options).run(urls)
        │             │                 │                     │
        └──────┬──────┴────────┬────────┘                     └─ the same for many, one by one
               ▼               ▼
    fetch ── Page ── extract ── Draft ── clean ── Article     what was removed: article.removed
    (network)        (content, metadata) (boilerplate)        why a field has its value: .evidence

`scrubber.pipeline` is this diagram as code; the errors are drawn in `scrubber.errors`, the values
in `scrubber.models`. For a million URLs see `scrubber run` on the command line.
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
from scrubber.pipeline import (
    AsyncScrubber,
    Options,
    Scrubber,
    scrub,
    scrub_html,
    scrub_text,
    strip_templates,
)

__version__ = "0.1.0"

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
    "__version__",
    "scrub",
    "scrub_html",
    "scrub_text",
    "strip_templates",
]
