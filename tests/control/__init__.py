"""The drawer beside the API."""
