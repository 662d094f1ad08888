"""The wire, through real sockets."""
