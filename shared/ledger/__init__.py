"""The ledger: what is expected and what is done, as objects in S3."""
