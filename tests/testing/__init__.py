"""The Python package for tests."""
