"""What is special about English, the language of every source."""
