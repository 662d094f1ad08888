"""Claims about the sandbox; a folder for each room, and one for the house as a whole."""
