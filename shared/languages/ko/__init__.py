"""What is special about Korean: its style, particles, numerals and words."""

from shared.languages.ko.errors_in_korean import KOREAN_ERRORS
from shared.languages.ko.numerals import quantities, worded
from shared.languages.ko.particles import PARTICLE, repair_particles
from shared.languages.ko.style import formal, polish
from shared.languages.ko.words import WORDS
from shared.languages.pack import Pack

ERRORS = KOREAN_ERRORS
PACK = Pack(
    polish=polish,
    phrase=formal,
    agree=repair_particles,
    attached=PARTICLE,
    quantities=quantities,
    worded=worded,
    words=WORDS,
    register="Write the formal Korean of a research abstract: every sentence ends in 합니다체, never in 한다체"
    " or 해요체; a title ends in a noun.",
)
