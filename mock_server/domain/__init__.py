"""GitScrum's nouns and rules: the tables, and what may happen to them. Knows no HTTP."""
