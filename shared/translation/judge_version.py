"""The version of the judge, for whoever compares it without judging anything."""

JUDGE_VERSION = "2"
"""Raised whenever the judge finds something else in the same text: results say which judge let them pass."""
