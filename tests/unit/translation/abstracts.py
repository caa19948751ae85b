"""Abstracts that no one wrote, out of what real ones hold: words, names, numbers, URLs, code, tags, math."""

from hypothesis import strategies as st

_WORDS = ["We", "propose", "a", "model", "that", "improves", "reasoning,", "and", "(training)", "R&D", "while", "x < y"]
_NAMES = ["DeepSeek-R1-Zero", "pi_0", "OpenVLA-OFT", "RoboTwin 1.0&2.0", "pass@1", "GPT-4o,", "PH1", "LLMs"]
_NUMBERS = ["4.5%", "1,040", "40–60%", "2.3 million", "12:00", "8B", "$5", "3.30 -> 3.03", "2024."]
_MASKS = [
    "https://github.com/a/b",
    "http://a.io/x?y=1&z=2#q",
    "www.example.org/~me",
    "project.github.io",
    "me.you@uni-a.edu",
    "`pip install x`",
    "<think>",
    "</think>",
    '<span translate="no">',
    "$x_0 + y$",
    r"\alpha",
    "x_0",
    "O(N^2)",
    "theta_{GRPO}",
]
_ENDS = [".", "!", "?", ",", ";", ":", "", " (", ").", '"']


def abstracts() -> st.SearchStrategy[str]:
    """One paragraph with masks among words, each followed by punctuation or none."""
    mask = st.tuples(st.sampled_from(_MASKS), st.sampled_from(_ENDS)).map("".join)
    token = st.sampled_from(_WORDS) | st.sampled_from(_NAMES) | st.sampled_from(_NUMBERS) | mask
    return st.lists(token, min_size=1, max_size=30).map(" ".join)
