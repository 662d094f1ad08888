"""For tests in Python: a server in a thread, and a typed client of its control routes."""

from mock_server.testing.exchanges import Exchange
from mock_server.testing.http import Control, ControlError
from mock_server.testing.sandbox import Credentials, Fault, Sandbox
from mock_server.testing.server import MockServer

__all__ = ["Control", "ControlError", "Credentials", "Exchange", "Fault", "MockServer", "Sandbox"]
