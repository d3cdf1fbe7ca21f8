"""From the inputs into the journal, while the job already runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from scrubber.batch.books.desk import Desk
from scrubber.batch.options import BatchOptions
from scrubber.batch.sources.files import shown
from scrubber.batch.steps.feeder import Feeder, Fingerprint, Stream, fingerprint
from scrubber.batch.telling.tally import Tally


class Intake:
    """Adds what the inputs hold to the journal. added: called after every batch, and at the end."""

    def __init__(
        self, desk: Desk, options: BatchOptions, tally: Tally, added: Callable[[], None]
    ) -> None:
        self._desk = desk
        self._options = options
        self._tally = tally
        self._added = added

    async def unread(self, streams: Sequence[Stream]) -> list[Stream]:
        """The inputs without the lists that earlier runs have read, unchanged since."""
        note = self._desk.ledger.journal.note
        return [
            (name, stream)
            for name, stream in streams
            if (mark := fingerprint(name)) is None
            or await self._desk.do(note, self._note_name(name)) != mark
        ]

    async def take_all(self, feeder: Feeder) -> None:
        """Take batch after batch until the inputs end."""
        feeder.start()
        while (item := await feeder.next()) is not None:
            if isinstance(item, tuple):
                await self._desk.do(self._keep_fingerprint, *item)
                continue
            added = await self._desk.do(self._desk.ledger.add, item)
            self._tally.lines += len(item)
            self._tally.duplicates += len(item) - added
            self._tally.total += added
            self._added()
        self._tally.complete = True
        self._added()

    def _keep_fingerprint(self, name: str, mark: Fingerprint) -> None:
        if mark is not None:
            journal = self._desk.ledger.journal
            with journal.transaction():
                journal.keep(self._note_name(name), mark)

    def _note_name(self, name: str) -> str:
        """The note that a list has been read, under the options that shaped the reading."""
        options = self._options
        path = shown(str(Path(name).resolve()))
        return f"read:{path}:{options.column}:{options.input_type}:{options.since}"
