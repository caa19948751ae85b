"""What a command shows on the terminal, and nothing that connects anywhere."""
