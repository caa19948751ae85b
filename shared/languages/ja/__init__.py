"""What is special about Japanese: its numbers, which it writes as Chinese does."""

from dataclasses import replace

from shared.languages.pack import Pack
from shared.languages.zh import SCALES

PACK = Pack(quantities=replace(SCALES, out_of="分の").quantities)
