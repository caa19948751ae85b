"""The translate function: one paper into one language, exactly one result."""
