"""An edition: a run in one language. It is what is requested, dispatched, published and announced."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Edition:
    """A run, by its name, in one language, by its code.

    What is stored and what is sent hold the two as fields of their own.
    """

    run: str
    language: str

    def __str__(self) -> str:
        return f"{self.run} {self.language}"
