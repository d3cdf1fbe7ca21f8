"""scrubber."""
