"""Sprints, user stories and epics in the services API, and what is reckoned over a sprint."""

from typing import Any

import pytest

from tests.services.conftest import Service, assert_refused, data
from tests.services.walks import walk

SLUGS = {"company_slug": "saltmarsh-labs", "project_slug": "route-planner"}
Sent = tuple[str, dict[str, Any]]
DATES = {"date_start": "2026-03-02", "date_finish": "2026-03-11"}


def current(service: Service) -> Any:
    """The sprint that is under way."""
    told = data(service.get("/sprints", current="true"))
    return told[0] if isinstance(told, list) else told


def under(service: Service, what: str) -> Sent:
    """A report of the current sprint."""
    return f"/sprints/{current(service)['slug']}/{what}", {"params": SLUGS}


@walk("GET /sprints")
def _(service: Service) -> Sent:
    return "/sprints", {"params": SLUGS}


@walk("GET /sprints/all-workspaces")
def _(service: Service) -> Sent:
    return "/sprints/all-workspaces", {}


@walk("GET /sprints/{slug}")
def _(service: Service) -> Sent:
    return f"/sprints/{current(service)['slug']}", {"params": SLUGS}


@walk("POST /sprints")
def _(service: Service) -> Sent:
    return "/sprints", {"json": {"title": "Hull", "date_start": "2026-03-02", "date_end": "2026-03-11"}}


@walk("PUT /sprints/{slug}")
def _(service: Service) -> Sent:
    return f"/sprints/{current(service)['slug']}", {"params": SLUGS, "json": {"color": "00FF00"}}


@walk("GET /sprints/{slug}/kpis")
def _(service: Service) -> Sent:
    return under(service, "kpis")


@walk("GET /sprints/{slug}/stats")
def _(service: Service) -> Sent:
    return under(service, "stats")


@walk("GET /sprints/{slug}/reports")
def _(service: Service) -> Sent:
    return under(service, "reports")


@walk("GET /sprints/{slug}/progress")
def _(service: Service) -> Sent:
    return under(service, "progress")


@walk("GET /sprints/{slug}/metrics")
def _(service: Service) -> Sent:
    return under(service, "metrics")


@walk("GET /sprints/{slug}/burndown")
def _(service: Service) -> Sent:
    return under(service, "burndown")


@walk("GET /sprints/current/burndown")
def _(service: Service) -> Sent:
    return "/sprints/current/burndown", {}


@walk("GET /user-stories")
def _(service: Service) -> Sent:
    return "/user-stories", {"params": SLUGS}


@walk("GET /user-stories/all-workspaces")
def _(service: Service) -> Sent:
    return "/user-stories/all-workspaces", {"params": {"per_page": 5}}


@walk("GET /user-stories/{slug}")
def _(service: Service) -> Sent:
    return f"/user-stories/{data(service.get('/user-stories'))[0]['slug']}", {"params": SLUGS}


@walk("POST /user-stories")
def _(service: Service) -> Sent:
    return "/user-stories", {"json": SLUGS | {"title": "I board", "acceptance_criteria": "A ticket"}}


@walk("PUT /user-stories/{slug}")
def _(service: Service) -> Sent:
    return f"/user-stories/{data(service.get('/user-stories'))[0]['slug']}", {"json": SLUGS | {"title": "I land"}}


@walk("GET /user-story-epics")
def _(service: Service) -> Sent:
    return "/user-story-epics", {"params": SLUGS}


@walk("POST /user-story-epics")
def _(service: Service) -> Sent:
    return "/user-story-epics", {"params": SLUGS, "json": {"title": "Boarding", "color": "00FF00"}}


@walk("PUT /user-story-epics/{uuid}")
def _(service: Service) -> Sent:
    return f"/user-story-epics/{data(service.get('/user-story-epics'))[0]['uuid']}", {"json": {"title": "Landing"}}


def made(service: Service) -> Any:
    """A sprint of ten days with three tasks: of 1, 2 and 5 points."""
    sprint = data(service.post("/sprints", {"title": "Hull"} | DATES))
    points = {effort["title"]: effort["id"] for effort in data(service.get("/project-templates/effort"))}
    for size in ("1", "2", "5"):
        body = {"title": f"Plank {size}", "sprint_slug": sprint["slug"], "effort_id": points[size]}
        data(service.post("/tasks", body))
    return sprint


def complete(service: Service, sprint: Any, title: str) -> None:
    """Do the task of this title."""
    tasks = data(service.get("/tasks", sprint=sprint["slug"], title=title))
    assert service.put(f"/tasks/{tasks[0]['uuid']}/complete", {}).is_success


@pytest.fixture
def monday(web: Service) -> Service:
    """The client on the first day of the sprint."""
    told = {"mode": "frozen", "at": "2026-03-02T09:00:00Z"}
    assert web.client.put("/_mock/sandboxes/default/clock", json=told).is_success
    return web


def reckoned(service: Service, sprint: Any, what: str) -> Any:
    """A report."""
    return data(service.get(f"/sprints/{sprint['slug']}/{what}"))


def test_the_figures_of_a_sprint_move_with_its_tasks(monday: Service) -> None:
    sprint = made(monday)
    assert reckoned(monday, sprint, "progress") == {
        "slug": sprint["slug"],
        "total": 3,
        "completed": 0,
        "in_progress": 0,
        "todo": 3,
        "percent": 0.0,
    }
    monday.client.post("/_mock/sandboxes/default/clock/advance", json={"by": "3d"})
    complete(monday, sprint, "Plank 5")
    stats = reckoned(monday, sprint, "stats")
    assert (stats["completed_tasks"], stats["completion_rate"]) == (1, 33.3)
    assert (stats["total_story_points"], stats["completed_story_points"]) == (8, 5)
    kpis = reckoned(monday, sprint, "kpis")["kpis"]
    assert (kpis["velocity"], kpis["points_rate"], kpis["avg_cycle_time"]) == (5.0, 62.5, 3.0)
    metrics = reckoned(monday, sprint, "metrics")
    assert metrics == {"velocity": 5.0, "scope_change": 0, "burndown_health": "ahead", "days_remaining": 6}
    shown = data(monday.get(f"/sprints/{sprint['slug']}"))["stats"]
    assert (shown["total_tasks"], shown["closed_tasks"], shown["percentage"], shown["story_points"]) == (3, 1, 33, 8)


def test_a_sprint_burns_down_by_the_points_that_are_done(monday: Service) -> None:
    sprint = made(monday)
    monday.client.post("/_mock/sandboxes/default/clock/advance", json={"by": "2d"})
    complete(monday, sprint, "Plank 2")
    told = reckoned(monday, sprint, "burndown")
    assert told["total_points"] == 8
    assert [day["actual"] for day in told["days"]] == [8, 8, 6, 6, 6, 6, 6, 6, 6, 6]
    assert [day["ideal"] for day in told["days"]] == [8, 7, 6, 5, 4, 4, 3, 2, 1, 0]
    assert (told["days"][0]["date"], told["days"][-1]["date"]) == ("2026-03-02", "2026-03-11")
    report = reckoned(monday, sprint, "reports")
    assert [day["remaining"] for day in report["burndown"]] == [3, 3, 2]
    assert [day["completed"] for day in report["burnup"]] == [0, 0, 1]
    assert report["performance"] == {"velocity": 2.0, "capacity": 8.0}


def test_one_report_comes_alone_and_an_unknown_one_is_refused(web: Service) -> None:
    slug = current(web)["slug"]
    assert list(data(web.get(f"/sprints/{slug}/reports", resource="member_distribution"))) == ["member_distribution"]
    assert_refused(web.get(f"/sprints/{slug}/reports", resource="x"), 422, "VALIDATION_FAILED", "resource")


def test_a_sprint_that_falls_behind_is_told_so(monday: Service) -> None:
    sprint = made(monday)
    monday.client.post("/_mock/sandboxes/default/clock/advance", json={"by": "8d"})
    assert reckoned(monday, sprint, "metrics")["burndown_health"] == "off_track"


def test_the_current_sprint_is_one_object_for_the_cli_and_a_list_for_others(cli: Service, web: Service) -> None:
    alone, listed = data(cli.get("/sprints", current="true")), data(web.get("/sprints", current="true"))
    assert alone["slug"] == listed[0]["slug"]
    assert alone["status"]["slug"] == "in-progress"
    assert isinstance(alone["timebox"], str)
    assert alone["timebox"].startswith(alone["date_start"])
    assert listed[0]["timebox"]["start"]["iso8601"].startswith(alone["date_start"])
    assert isinstance(data(cli.get(f"/sprints/{alone['slug']}"))["timebox"], dict)


def test_without_a_current_sprint_there_is_no_burn_down(cli: Service) -> None:
    cli.client.post("/_mock/sandboxes/default/clock/advance", json={"by": "900d"})
    assert_refused(cli.get("/sprints/current/burndown"), 404, "SPRINT_NOT_FOUND")
    assert_refused(cli.get("/sprints", current="true"), 404, "SPRINT_NOT_FOUND")


def test_a_sprint_ends_under_the_name_that_each_client_has_for_it(web: Service) -> None:
    for name in ("date_finish", "date_end", "end_date"):
        told = data(web.post("/sprints", {"title": "Hull", "date_start": "2026-03-02", name: "2026-03-11"}))
        assert (told["date_finish"], told["duration"]) == ("2026-03-11", 10)
    changed = data(web.put(f"/sprints/{told['slug']}", {"is_private": True, "sprint_status_slug": "closed"}))
    assert (changed["is_private"], changed["status"]["slug"]) == (True, "closed")
    assert changed["closed_at"]["iso8601"].startswith("2026-03-11")
    wrong = {"title": "Hull", "date_start": "2026-03-02", "date_end": "2026-03-01"}
    assert_refused(web.post("/sprints", wrong), 422, "VALIDATION_FAILED", "date_finish")


def test_a_user_story_needs_a_title_and_takes_the_documented_description(web: Service) -> None:
    assert_refused(web.post("/user-stories", {"description": "x"}), 422, "VALIDATION_FAILED", "title")
    told = data(web.post("/user-stories", {"title": "I board", "description": "With a ticket"}))
    assert told["description"] == told["additional_information"] == "With a ticket"
    assert data(web.get(f"/user-stories/{told['slug']}")) == told
    changed = data(web.put(f"/user-stories/{told['slug']}", {"acceptance_criteria": "Beep"}))
    assert (changed["acceptance_criteria"], changed["title"]) == ("Beep", "I board")


def test_stories_and_sprints_of_all_workspaces_are_those_of_my_projects(web: Service) -> None:
    for path in ("/user-stories/all-workspaces", "/sprints/all-workspaces"):
        slugs = {row["project"]["slug"] for row in data(web.get(path, per_page=100))}
        assert slugs == {"route-planner", "customer-portal"}


def test_an_epic_counts_its_stories(web: Service) -> None:
    epic = data(web.post("/user-story-epics", {"title": "Boarding", "description": "All of it", "color": "00FF00"}))
    assert (epic["user_stories_count"], epic["description"]) == (0, "All of it")
    data(web.post("/user-stories", {"title": "I board", "epic_uuid": epic["uuid"]}))
    again = next(row for row in data(web.get("/user-story-epics")) if row["uuid"] == epic["uuid"])
    assert again["user_stories_count"] == 1


def test_a_sprint_needs_a_title(web: Service) -> None:
    assert_refused(web.post("/sprints", SLUGS), 422, "VALIDATION_FAILED", "title")
