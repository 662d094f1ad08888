"""Claims that hold for any input."""
