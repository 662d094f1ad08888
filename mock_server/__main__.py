"""`python -m mock_server` does what the command `gitscrum-mock` does."""

from mock_server.cli import main

main()
