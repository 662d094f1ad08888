"""Where rows live; the only tests, beside those of the domain, that call Python directly."""
