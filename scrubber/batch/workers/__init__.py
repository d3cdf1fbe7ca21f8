"""Processes that read pages and may be killed: the parent's side, what is said, and theirs."""
