"""The services API, called as its clients call it."""
