"""A local server that answers as GitScrum's REST API, on a project of its own."""

__version__ = "0.1.0"
