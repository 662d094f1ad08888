"""Everything under /_mock but readiness, put in place at the first call, since it would slow the start."""

from fastapi import FastAPI


def furnish(app: FastAPI) -> None:
    """Give an application the control routes, once."""
    if getattr(app.state, "is_furnished", False):
        return
    from mock_server.control.clock import clock
    from mock_server.control.copies import copies
    from mock_server.control.credentials import credentials
    from mock_server.control.device import device
    from mock_server.control.explain import explain
    from mock_server.control.faults import faults
    from mock_server.control.files import files
    from mock_server.control.journal import journal
    from mock_server.control.metrics import metrics
    from mock_server.control.pages import control
    from mock_server.control.sandboxes import sandboxes

    for router in (control, files, sandboxes, copies, clock, credentials, device, faults, journal, explain, metrics):
        app.include_router(router)
    app.state.is_furnished = True
