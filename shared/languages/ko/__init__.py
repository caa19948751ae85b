"""What is special about Korean: its style, its particles, and how it ends a sentence."""

from shared.languages.ko.particles import PARTICLE, repair_particles
from shared.languages.ko.style import formal, polish
from shared.languages.pack import Pack
from shared.text.sentences import SentenceEnds

SENTENCE_ENDS = SentenceEnds("ko", sure="[가-힣]다")
PACK = Pack(polish=polish, phrase=formal, agree=repair_particles, attached=PARTICLE)
