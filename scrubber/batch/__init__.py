"""The batch job: many inputs in, one record or one failure each, exactly once, whatever happens.

    sources ──> journal ──> frontier ──> fetch ──> workers ──> ledger ──> writer + failures file
    (inputs)    (SQLite)    (whose turn)  (async)  (processes)  (records and journal together)

`run_batch` is the whole of it; `scrubber run` is its command line. Begin with `engine`, the main
path, which opens everything and runs the four steps side by side; `dryrun` only says what it would
do. `options` is what can be set, `entries` the values that flow: Entry in, Outcome out.

    steps/      1. in     feeder reads the inputs in a thread (remote: lists on servers), intake
                          puts them into the journal
                2. turn   dispatcher starts visits as places and lanes become free
                3. visit  visitor: claim, fetch (net), read in a worker, outcome
                4. out    settler gathers outcomes for the ledger
                stopping: signals, and other reasons to end early
    telling/    tally (counts), progress (the terminal), report, log
    workers/    pool (the parent's side), jobs (what is said), nurse and spawn (their start),
                nursery and worker (what runs in them)
    books/      ledger settles outcomes: journal, output and failures as one thing; lock: one run
                at a time; desk: the one thread on which they are used
    sources/    one file a kind of input; urls: one key for all spellings of a URL
    writers/    one file a format of output
    turns/      frontier: whose turn it is; domains: which hosts are one site; pace: how long they
                rest; breakers: when they are given up

Imports run down this list.
"""

from scrubber.batch.options import BatchOptions

__all__ = ["BatchOptions"]
