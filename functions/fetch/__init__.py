"""The fetch function: makes true, at every tick, what is not yet true."""
