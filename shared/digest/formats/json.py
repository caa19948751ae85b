"""`digest.json`: the digest as data, which all other files follow from. Its schema is `docs/digest.schema.json`."""

from shared.digest.formats.format import Format
from shared.ledger.records import encode

FORMAT = Format("json", "application/json", "JSON", lambda view: encode(view.digest))
