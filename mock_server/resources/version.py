"""Which version of the API this is."""

from mock_server.dialects.answers import Bare
from mock_server.dialects.keyed import keyed

CURRENT = "2.0.0"


@keyed.get("/current-version")
def current_version() -> Bare:
    """The API's version; the one answer that is never in ``data``."""
    return Bare({"version": CURRENT})
