"""How requests are understood and answers said."""
