"""What makes a result: a judge, and the engines that are set. Where either changes, doubtful papers are asked again."""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Makers:
    """The version of the judge, and the engines that are asked, joined by "+"; "" for what is not known."""

    judge: str
    engines: str

    @property
    def fingerprint(self) -> str:
        """Their name in a key of the ledger: 16 hexadecimal digits."""
        return hashlib.sha256(f"{self.judge}\n{self.engines}".encode()).hexdigest()[:16]
