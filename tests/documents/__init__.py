"""The documents: those that are written from the code, and what is held of those that people write."""
