"""Tasks, as the services API lists, shows, makes and changes them."""

from mock_server.dialects.answers import Db, Listing, One
from mock_server.dialects.bearer import bearer
from mock_server.dialects.lists import Page
from mock_server.dialects.tenancy import InProject
from mock_server.domain.tasks import Task
from mock_server.resources.services.found import task_at
from mock_server.resources.services.task_views import TaskView
from mock_server.store.rows import same


@bearer.get("/tasks")
def list_tasks(here: InProject, db: Db, page: Page) -> Listing[TaskView]:
    """The project's tasks, newest first."""
    return db.page(TaskView, page, here.owns(Task))


@bearer.get("/tasks/{uuid}")
def get_task(uuid: str, db: Db) -> One[TaskView]:
    """One task, by its uuid, its code or its ref_code."""
    return db.one(TaskView, same(Task.id, task_at(db, uuid).id))
