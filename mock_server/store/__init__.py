"""Where rows live and how they come back: databases, seeding, the clock, ids and the sandboxes that hold them."""
