"""What the functions and a person can do, one verb a file."""
