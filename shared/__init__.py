"""The domain of chorok: weeks, papers, the ledger, translation, digests. Nothing of Lambda, CDK or the terminal."""
