"""What is remembered: one object a paper and language, with its title, abstract and summary as each was translated.

So a delivery reads the memory once and writes it once, and a paper costs the same whatever run it is in. Every write is
over what was read: what a person brings in meanwhile is kept.

A text that no paper has, such as a person's translation of a paper to come, is remembered loose, by its key alone. So
was every text until version 0.2, and such a memory is used as it is: what is found there is remembered of its paper.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from shared.ledger import keys
from shared.ledger.file import record_file
from shared.ledger.records import Memory, PaperMemory, decode
from shared.ledger.store import Listed, Reader, Store, until_written

MOST_OF_ENGINES = 12
"""So many of engines' texts are remembered of a paper, the newest: three texts each for four sets of engines or
glossaries. What a person wrote or accepted always stays; of that there is one for each text."""
_READERS = 8


@dataclass(frozen=True)
class Remembered:
    """The texts that are remembered of a paper, by their keys, and the ETag with which they were read."""

    texts: Mapping[str, Memory]
    etag: str | None

    def knows(self, source: str) -> bool:
        """Whether any text of the cleaned `source` is among them."""
        return any(text.source == source for text in self.texts.values())


def read_memory(store: Reader, language: str, paper: str) -> Remembered:
    """What is remembered of a paper."""
    key = keys.memory(language, paper)
    stored = store.read(key)
    return (
        Remembered({}, None) if stored is None else Remembered(decode(stored.body, PaperMemory, key).texts, stored.etag)
    )


def revise_memory(
    store: Store,
    language: str,
    paper: str,
    revise: Callable[[Mapping[str, Memory]], Mapping[str, Memory]],
    seen: Remembered | None = None,
) -> None:
    """Write what `revise` makes of the texts that are remembered of a paper, unless that is what they are.

    Where somebody else has written since they were `seen`, they are read again, and `revise` is called again. Raises
    LedgerContention.
    """
    key = keys.memory(language, paper)

    def attempt() -> bool | None:
        nonlocal seen
        held, seen = seen or read_memory(store, language, paper), None
        texts = _bounded(revise(held.texts))
        if texts == held.texts:
            return True
        written = store.replace(key, record_file(PaperMemory(language, paper, texts)), held.etag)
        return None if written is None else True

    until_written(attempt, key)


def loose_text(store: Reader, language: str, key: str) -> Memory | None:
    """The text that is remembered of no paper under this key."""
    return store.record(keys.loose_text(language, key), Memory)


def has_loose_texts(store: Reader, language: str) -> bool:
    """Whether any text is remembered of no paper."""
    return any(store.list(keys.loose_texts(language)))


def remembered_texts(store: Reader, languages: Collection[str] = ()) -> tuple[Memory, ...]:
    """All texts that are remembered in `languages`, or in all; of a source, the newest last."""
    prefixes = [prefix for language in languages for prefix in (keys.loose_texts(language), keys.memories(language))]
    listed = [entry for prefix in prefixes or [keys.MEMORY] for entry in store.list(prefix)]
    with ThreadPoolExecutor(_READERS) as readers:
        read = readers.map(
            lambda entry: tuple(_texts_at(store, entry)), sorted(listed, key=lambda entry: entry.modified)
        )
        return tuple(text for texts in read for text in texts)


def _texts_at(store: Reader, entry: Listed) -> Iterator[Memory]:
    if keys.is_memory(entry.key):
        held = store.record(entry.key, PaperMemory)
        yield from held.texts.values() if held else ()
    else:
        text = store.record(entry.key, Memory)
        yield from [text] if text else ()


def _bounded(texts: Mapping[str, Memory]) -> dict[str, Memory]:
    """The texts without the oldest of engines' that are too many."""
    of_engines = [key for key, text in texts.items() if text.origin == "engine"]
    gone = of_engines[:-MOST_OF_ENGINES]
    return {key: text for key, text in texts.items() if key not in gone}
