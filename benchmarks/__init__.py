"""How fast the sandbox is, as ratios to a bare server in the same run."""
