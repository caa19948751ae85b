"""What translates: the protocol of an engine, and one file for each engine."""
