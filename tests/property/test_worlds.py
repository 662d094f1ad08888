"""Whatever is made, reset, kept, restored and forked, each sandbox has what a plain model says, and no other."""

from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, rule
from starlette.testclient import TestClient

from mock_server.app import create_app
from mock_server.settings import load

NOON = 1_790_000_000
TITLES = st.text("abc", min_size=1, max_size=3)
HOURS = st.integers(1, 100)


class Model:
    """What a sandbox should hold: its titles, newest first, its time, and what a reset goes back to."""

    def __init__(self, path: str, pair: dict[str, str], titles: list[str], now: int) -> None:
        self.path, self.pair, self.titles, self.now = path, pair, titles, now
        self.start = (list(titles), now)
        self.kept: dict[str, tuple[list[str], int]] = {}


class Worlds(RuleBasedStateMachine):
    """The machine that tries it."""

    boxes: Bundle[Model] = Bundle("boxes")
    cache: Path

    @initialize()
    def start(self) -> None:
        """A server with its default sandbox only."""
        self.client: Any = TestClient(create_app(load(cache_dir=self.cache)), "http://localhost")
        self.known: list[Model] = []

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """Ask a control route that has to agree."""
        answer = self.client.post(path, json=body or {})
        assert answer.status_code < 300, answer.text
        return answer.json()

    def model(self, body: dict[str, Any], titles: list[str], now: int) -> Model:
        """Make a sandbox and its model."""
        told = self.post("/_mock/sandboxes", body)
        pair = {name: told["credentials"][name] for name in ("api_id", "project_key")}
        self.known.append(Model(f"/_mock/sandboxes/{told['id']}", pair, titles, now))
        return self.known[-1]

    @rule(target=boxes, seed=st.integers(0, 2))
    def make(self, seed: int) -> Model:
        """An empty project at noon."""
        clock = {"mode": "frozen", "at": NOON}
        return self.model({"profile": "empty", "seed": seed, "clock": clock}, [], NOON)

    @rule(target=boxes, box=boxes)
    def fork(self, box: Model) -> Model:
        """A sandbox like another one."""
        return self.model({"from": box.path.rpartition("/")[2]}, list(box.titles), box.now)

    @rule(target=boxes, box=boxes, name=st.sampled_from("xy"))
    def fork_of_a_snapshot(self, box: Model, name: str) -> Model:
        """A sandbox as another one was, or as it is where no such snapshot was taken."""
        id = box.path.rpartition("/")[2]
        titles, now = box.kept.get(name, (box.titles, box.now))
        return self.model({"from": f"{id}/{name}" if name in box.kept else id}, list(titles), now)

    @rule(box=boxes, title=TITLES)
    def write(self, box: Model, title: str) -> None:
        """A task more."""
        assert self.client.post("/tasks", params=box.pair, data={"title": title}).status_code == 201
        box.titles.append(title)

    @rule(box=boxes, hours=HOURS)
    def advance(self, box: Model, hours: int) -> None:
        """Time passes."""
        self.post(f"{box.path}/clock/advance", {"by": f"{hours}h"})
        box.now += hours * 3600

    @rule(box=boxes, name=st.sampled_from("xy"))
    def keep(self, box: Model, name: str) -> None:
        """A snapshot, unless the name is taken."""
        answer = self.client.post(f"{box.path}/snapshots", json={"name": name})
        assert answer.status_code == (409 if name in box.kept else 201)
        box.kept.setdefault(name, (list(box.titles), box.now))

    @rule(box=boxes, name=st.sampled_from("xy"))
    def restore(self, box: Model, name: str) -> None:
        """Back to a snapshot, if there is one."""
        answer = self.client.post(f"{box.path}/snapshots/{name}/restore")
        assert answer.status_code == (200 if name in box.kept else 404)
        if name in box.kept:
            titles, box.now = box.kept[name]
            box.titles = list(titles)

    @rule(box=boxes)
    def reset(self, box: Model) -> None:
        """Back to the beginning; the snapshots stay."""
        self.post(f"{box.path}/reset")
        titles, box.now = box.start
        box.titles = list(titles)

    @rule(box=boxes)
    def look(self, box: Model) -> None:
        """It shows its own tasks at its own time. Not after each step, for whoever looks has the copy made."""
        page = self.client.get("/tasks", params=box.pair | {"limit": "100", "sort": "id:asc"}).json()
        assert [task["title"] for task in page["data"]] == box.titles
        assert [number(task["code"]) for task in page["data"]] == [*range(1, len(box.titles) + 1)]
        assert self.client.get(box.path).json()["now"] == box.now

    def teardown(self) -> None:
        """Look at all of them, and close the databases."""
        for box in self.known:
            self.look(box)
        self.client.app.state.world.close()


def number(code: str) -> int:
    """The number in a code such as ``#APP-12``."""
    return int(code.rpartition("-")[2])


def test_every_sandbox_is_as_its_model_says(cache: Path) -> None:
    Worlds.cache = cache
    case: Any = Worlds.TestCase
    calm: Any = {"deadline": None, "derandomize": True, "suppress_health_check": list(HealthCheck)}
    case.settings = settings(max_examples=12, stateful_step_count=20, **calm)
    case().runTest()
