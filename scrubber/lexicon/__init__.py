"""What scrubber knows of languages: labels and notices that are no content, as data.

`xx.toml` holds one language (README.md explains the format), `compiled.json` all of them as the
package loads them. `match` says what a line may be; `detect_language` names a text's language.
"""

from __future__ import annotations

from scrubber.lexicon.evidence import Match
from scrubber.lexicon.families import FAMILIES
from scrubber.lexicon.language import detect_language
from scrubber.lexicon.matcher import Matcher, matcher

__all__ = ["FAMILIES", "Match", "Matcher", "detect_language", "matcher"]
