"""`chorok`, the command line for readers and operators."""
