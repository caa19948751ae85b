"""The aggregate function: publishes what the ledger says."""
