"""What every answer of the API carries, whatever it says."""

import httpx

from tests.conftest import Api


def test_every_answer_carries_the_id_of_its_exchange(api: Api) -> None:
    """The id names the sandbox and counts its calls, so that the same calls get the same ids."""
    ids = [api.get(path).headers["x-request-id"] for path in ("/tasks", "/nowhere", "/tasks/none")]
    assert ids == ["default-1", "default-2", "default-3"]


def test_a_call_that_opens_no_sandbox_is_told_apart(client: httpx.Client) -> None:
    """It belongs to nobody's journal."""
    assert client.get("/tasks").headers["x-request-id"] == "stray-1"
