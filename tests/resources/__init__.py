"""Every noun, spoken to over HTTP."""
