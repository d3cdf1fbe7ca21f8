"""The batch job: many inputs in, one record or one failure each, exactly once, whatever happens.

    sources ──> journal ──> frontier ──> fetch ──> workers ──> ledger ──> writer + failures file
    (inputs)    (SQLite)    (whose turn)  (async)  (processes)  (records and journal together)

`run_batch` is the whole of it; `scrubber run` is its command line.
"""

from scrubber.batch.options import BatchOptions

__all__ = ["BatchOptions"]
