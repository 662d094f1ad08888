"""The drawer beside the API, under /_mock. It never passes through a dialect."""
