"""`python -m mock_server` does what the command `gitscrum-mock` does."""

from mock_server.cli import main

if __name__ == "__main__":
    main()
