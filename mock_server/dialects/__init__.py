"""Grammar: how a request is understood and how an answer is said."""
