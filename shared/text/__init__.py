"""What is true of a text in any language: cleaning, masks, sentences, numbers, what may be shown and linked."""
