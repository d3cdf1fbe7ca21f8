"""The batch job: many inputs in, one record or one failure each, exactly once, whatever happens.

    sources ──> journal ──> frontier ──> fetch ──> workers ──> ledger ──> writer + failures file
    (inputs)    (SQLite)    (whose turn)  (async)  (processes)  (records and journal together)

`run_batch` is the whole of it; `scrubber run` is its command line. To read it, follow one input:

    engine      the main path: opens everything, runs the four steps below side by side
    1. in       feeder reads the inputs (sources: lists, tables, sitemaps, folders, archives) in a
                thread, intake puts them into the journal; urls: one key for all spellings of a URL
    2. turn     dispatcher starts visits; frontier says whose turn it is (domains: which hosts are
                one site; pace, hosts: how long they rest, and when they are given up)
    3. visit    visitor: claim, fetch (net, remote; local: files), read in a worker, outcome
    4. out      settler gathers outcomes, ledger makes them durable: journal, writers, lock

    entries     the values that flow: Entry in, Outcome out; options: what can be set
    desk        the one thread on which ledger and journal are used
    stopping    signals, and other reasons to end early
    workers     processes that read pages: workers (the parent's side), jobs (what is said), nurse
                and spawn (their start), nursery and worker (what runs in them)
    told        tally (counts), progress (the terminal), report, log; dryrun: what would be done
"""

from scrubber.batch.options import BatchOptions

__all__ = ["BatchOptions"]
