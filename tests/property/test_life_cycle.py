"""The life of tasks against a plain model: whatever is done to them, what is read back is what was done."""

from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule
from starlette.testclient import TestClient

from mock_server.app import create_app
from mock_server.settings import load
from tests.conftest import Api, pair_of

TITLES = st.text("abc xyz", min_size=1, max_size=12).filter(str.strip)
Task = dict[str, Any]


class Lives(RuleBasedStateMachine):
    """Tasks are made, changed, moved, labelled, timed and deleted; the model is a dict for each."""

    tasks: Bundle[str] = Bundle("tasks")
    cache: Path

    @initialize()
    def start(self) -> None:
        """An empty project at a time that stands still."""
        client: Any = TestClient(create_app(load(cache_dir=self.cache, profile="empty")), "http://localhost")
        client.put("/_mock/sandboxes/default/clock", json={"mode": "frozen", "at": 1_790_000_000})
        self.api = Api(client, pair_of(client.get("/_mock/sandboxes/default").json()["credentials"]))
        self.known: dict[str, Task] = {}
        self.number = 0
        columns = self.api.get("/project-templates/workflow").json()["data"]
        self.columns = {column["id"]: column["state"] for column in columns}
        self.running: str | None = None

    @rule(target=tasks, title=TITLES)
    def create(self, title: str) -> str:
        """A new task has the next number of the project."""
        made = self.api.post("/tasks", data={"title": title}).json()
        self.number += 1
        assert made["code"].endswith(f"-{self.number}")
        self.known[made["uuid"]] = {"title": title.strip(), "column": made["workflow"]["id"], "checks": [], "said": 0}
        return str(made["uuid"])

    def there(self, uuid: str) -> Task | None:
        """The model of a task, if it was not deleted; a deleted one is 404."""
        if uuid not in self.known:
            assert self.api.get(f"/tasks/{uuid}").status_code == 404
        return self.known.get(uuid)

    @rule(uuid=tasks, title=TITLES)
    def rename(self, uuid: str, title: str) -> None:
        """A change of the title alone."""
        if task := self.there(uuid):
            assert self.api.put(f"/tasks/{uuid}", data={"title": title}).status_code == 200
            task["title"] = title.strip()

    @rule(uuid=tasks, choice=st.integers(0, 20))
    def move(self, uuid: str, choice: int) -> None:
        """Into any column; in a done one it is completed."""
        if task := self.there(uuid):
            column = [*self.columns][choice % len(self.columns)]
            told = self.api.put(f"/tasks/{uuid}", data={"workflow_id": column})
            assert told.status_code == 200
            task["column"] = column

    @rule(uuid=tasks, title=TITLES, is_done=st.booleans())
    def check(self, uuid: str, title: str, is_done: bool) -> None:
        """A checklist with one item, ticked or not."""
        if task := self.there(uuid):
            made = self.api.post("/task-checklists", data={"task_uuid": uuid, "title": title}).json()
            parent = (made.get("data") or made)["id"]
            item = {"task_uuid": uuid, "title": "item", "parent_id": parent}
            added = self.api.post("/task-checklists", data=item).json()
            if is_done:
                id = (added.get("data") or added)["id"]
                assert self.api.put(f"/task-checklists/{id}/toggle", data={"status": 1}).status_code == 200
            task["checks"].append(is_done)

    @rule(uuid=tasks)
    def comment(self, uuid: str) -> None:
        """One comment more."""
        if task := self.there(uuid):
            told = self.api.post("/comments", data={"task_uuid": uuid, "comment_text": "said"})
            assert told.status_code == 201, told.text
            task["said"] += 1

    @rule(uuid=tasks)
    def time(self, uuid: str) -> None:
        """A timer runs on one task at a time."""
        if self.there(uuid):
            told = self.api.post("/timer/start", data={"task_uuid": uuid})
            assert told.status_code == (201 if self.running is None else 409)
            self.running = self.running or uuid

    @rule()
    def stop(self) -> None:
        """The running timer ends, if there is one."""
        assert self.api.post("/timer/end").status_code == (409 if self.running is None else 200)
        self.running = None

    @rule(uuid=tasks)
    def delete(self, uuid: str) -> None:
        """A deleted task is gone; its time stays, and so does a timer that is running."""
        if self.there(uuid):
            assert self.api.delete(f"/tasks/{uuid}").status_code == 200
            del self.known[uuid]

    @invariant()
    def all_are_as_the_model_says(self) -> None:
        """The list has exactly the tasks of the model, each as it should be."""
        if not hasattr(self, "known"):
            return
        told = {task["uuid"]: task for task in self.api.get("/tasks", limit=100).json()["data"]}
        assert told.keys() == self.known.keys()
        for uuid, task in self.known.items():
            seen = told[uuid]
            assert (seen["title"], seen["workflow"]["id"]) == (task["title"], task["column"])
            assert bool(seen["completed_date"]) is (self.columns[task["column"]] == 1)
            assert seen["stats"]["comments"] == task["said"]
            done = 100 * sum(task["checks"]) // len(task["checks"]) if task["checks"] else 0
            assert seen["stats"]["checklist_percentage"] == done
            assert bool(seen["time_tracker"]) is (uuid == self.running)

    def teardown(self) -> None:
        """Close the database."""
        app: Any = self.api.client.app  # type: ignore[attr-defined] # Starlette's test client has it
        app.state.world.close()


def test_tasks_live_as_their_model_says(cache: Path) -> None:
    Lives.cache = cache
    case: Any = Lives.TestCase
    calm: Any = {"deadline": None, "derandomize": True, "suppress_health_check": list(HealthCheck)}
    case.settings = settings(max_examples=12, stateful_step_count=25, **calm)
    case().runTest()
