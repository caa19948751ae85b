"""The digest of one run in one language, and its renderings."""
