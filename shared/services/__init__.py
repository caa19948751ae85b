"""What the functions and a person can do, one verb a file, with the messages and requests that they pass."""
