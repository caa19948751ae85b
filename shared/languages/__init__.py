"""The languages of digests: a table of them, and a folder for each that has something special."""
