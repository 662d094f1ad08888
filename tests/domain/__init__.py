"""GitScrum's nouns and their rules."""
