"""Chosen segments -> typed blocks; `assemble` is the way in, one file per kind of content."""
