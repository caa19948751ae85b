"""Reading the most-voted papers of a period from Hugging Face."""
