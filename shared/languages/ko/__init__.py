"""What is special about Korean."""
