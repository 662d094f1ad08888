"""Labels: those of a task, and those of the project."""

from typing import Annotated, Any

from sqlalchemy import func, select

from mock_server.dialects.answers import Db, Deleted, Listing, One
from mock_server.dialects.bearer import bearer
from mock_server.dialects.inputs import Body, Colour, MaybeText, Query, Text, Title
from mock_server.dialects.keyed import keyed
from mock_server.dialects.lists import Filters, Order, Page, Where, contains
from mock_server.dialects.tenancy import Here, HereOrFirst
from mock_server.dialects.views import table_of
from mock_server.domain.planning import DetachedLabel, Label
from mock_server.domain.slugs import slug_of
from mock_server.domain.tasks import Task, TaskLabel
from mock_server.domain.workspaces import Project
from mock_server.errors import Conflict, NotFound, shown
from mock_server.resources.cards import LabelCard
from mock_server.resources.references import by_key
from mock_server.store.rows import same

GREY = "#9E9E9E"
BY_ID = Order("id", False)
ELSEWHERE = """
SELECT label.title, label.color FROM label JOIN project ON project.id = label.project_id
WHERE label.slug = :slug AND project.company_id = :company_id AND project.id <> :project_id
UNION ALL SELECT title, color FROM detached_label WHERE slug = :slug AND company_id = :company_id LIMIT 1
"""
FORGOTTEN = "DELETE FROM detached_label WHERE slug = :slug AND company_id = :company_id"


class OfTask(Query):
    """The task that is meant."""

    task_uuid: Text


class MaybeOfTask(Query):
    """The task that is meant, if one is."""

    task_uuid: MaybeText = None


class LabelPatch(Body):
    """What may be changed of a label."""

    title: Title = ""
    color: Colour = GREY


class LabelBody(LabelPatch):
    """A new label; grey where no color comes."""

    title: Title


class WornBody(LabelBody):
    """A label for a task: one that the project has with this title and color, or else a new one."""

    task_uuid: Text


class ProjectLabelFilters(Filters):
    """Which labels of other projects."""

    search: Annotated[str, Where(lambda label, text: contains(label.c.title, text))] = ""


class NotWorn(Filters):
    """The labels that a task does not wear."""

    task: Annotated[int, Where(lambda label, id: label.c.id.not_in(worn_by(id)))] = 0


class Elsewhere(ProjectLabelFilters):
    """The labels of the workspace that a project does not have: one of each title."""

    project: Annotated[int, Where(lambda label, id: label.c.id.in_(lacked_by(id)))] = 0


def worn_by(task: Any) -> Any:
    """The ids of the labels of a task."""
    link = table_of(TaskLabel).alias()
    return select(link.c.label_id).where(link.c.task_id == task)


def lacked_by(project: Any) -> Any:
    """The ids of one label for each title that the other projects of the workspace have, and this one has not."""
    mine, other = table_of(Project).alias(), table_of(Project).alias()
    own, label = table_of(Label).alias(), table_of(Label).alias()
    ours = select(mine.c.company_id).where(mine.c.id == project).scalar_subquery()
    had = select(own.c.title).where(own.c.project_id == project)
    lacked = select(func.min(label.c.id)).join(other, other.c.id == label.c.project_id)
    return lacked.where(other.c.company_id == ours, label.c.title.not_in(had)).group_by(label.c.title)


@keyed.get("/task-labels/project")
@bearer.get("/projects-labels")
@bearer.get("/task-labels")
def list_project_labels(db: Db, caller: HereOrFirst, page: Page) -> Listing[LabelCard]:
    """Every label of the project."""
    return db.page(LabelCard, page, caller.owns(Label), order=BY_ID)


@keyed.get("/task-labels/not-added")
def list_free_labels(target: MaybeOfTask, db: Db, caller: Here, page: Page) -> Listing[LabelCard]:
    """The project's labels that the task does not wear; all of them where no task is named."""
    filters = NotWorn(task=task_of(db, caller, target.task_uuid).id) if target.task_uuid else None
    return db.page(LabelCard, page, caller.owns(Label), filters=filters, order=BY_ID)


@keyed.post("/task-labels")
def add_task_label(body: WornBody, db: Db, caller: Here) -> One[LabelCard]:
    """Put a label on a task; the project gets it first where it has none of this title and color."""
    task = task_of(db, caller, body.task_uuid)
    label = alike(db, caller, body)
    id = label.id if label else created(db, caller, body.title, body.color)
    if db.seek(TaskLabel, same(TaskLabel.task_id, task.id), same(TaskLabel.label_id, id)):
        raise Conflict(f"The task wears the label '{shown(body.title)}' already.", param="title")
    db.insert(TaskLabel, task_id=task.id, label_id=id)
    return db.one(LabelCard, same(Label.id, id), caller.owns(Label))


@keyed.put("/task-labels/{id}")
def update_task_label(id: str, body: LabelPatch, db: Db, caller: Here) -> One[LabelCard]:
    """Change a label by its id, on every task that wears it."""
    return changed(db, caller, db.find(Label, same(Label.id, id), caller.owns(Label)), body)


@keyed.delete("/task-labels/{id}/detach")
def detach_task_label(id: str, target: OfTask, db: Db, caller: Here) -> type[Deleted]:
    """Take a label off a task; the project keeps it."""
    task = task_of(db, caller, target.task_uuid)
    label = db.find(Label, same(Label.id, id), caller.owns(Label))
    link = db.find(TaskLabel, same(TaskLabel.label_id, label.id), same(TaskLabel.task_id, task.id))
    db.delete(TaskLabel, link.id)
    return Deleted


@keyed.delete("/task-labels/{id}")
def delete_task_label(id: str, db: Db, caller: Here) -> type[Deleted]:
    """Delete a label by its id, from every task that wears it."""
    db.delete(Label, db.find(Label, same(Label.id, id), caller.owns(Label)).id)
    return Deleted


@keyed.get("/projects-labels/not-added")
def list_labels_elsewhere(db: Db, caller: Here, page: Page, filters: ProjectLabelFilters) -> Listing[LabelCard]:
    """The labels that other projects of the workspace have and this one has not, one of each title."""
    wanted = Elsewhere(project=caller.project_id, **filters.model_dump(exclude_unset=True))
    return db.page(LabelCard, page, filters=wanted, order=BY_ID)


@keyed.post("/projects-labels")
@bearer.post("/projects-labels")
def create_project_label(body: LabelBody, db: Db, caller: HereOrFirst) -> One[LabelCard]:
    """A new label of the project."""
    if alike(db, caller, body):
        raise Conflict(f"The project has a label '{shown(body.title)}' of this color already.", param="title")
    id = created(db, caller, body.title, body.color)
    return db.one(LabelCard, same(Label.id, id), caller.owns(Label))


@keyed.put("/projects-labels/{slug}")
@bearer.put("/projects-labels/{slug}")
def update_project_label(slug: str, body: LabelPatch, db: Db, caller: HereOrFirst) -> One[LabelCard]:
    """Change a label by its slug, which stays."""
    return changed(db, caller, db.find(Label, same(Label.slug, slug), caller.owns(Label)), body)


@keyed.delete("/projects-labels/{slug}")
def delete_project_label(slug: str, db: Db, caller: Here) -> type[Deleted]:
    """Delete a label by its slug, from every task that wears it."""
    db.delete(Label, db.find(Label, same(Label.slug, slug), caller.owns(Label)).id)
    return Deleted


@keyed.post("/projects-labels/{slug}/attach")
@bearer.post("/projects-labels/{slug}/attach", status=200)
def attach_project_label(slug: str, db: Db, caller: Here) -> One[LabelCard]:
    """Give the project a label that another project of its workspace has, or that one of them gave up."""
    if db.seek(Label, same(Label.slug, slug), caller.owns(Label)):
        raise Conflict(f"The project has the label '{shown(slug)}' already.")
    workspace = {"company_id": caller.company_id, "project_id": caller.project_id}
    found = db.asked(ELSEWHERE, {"slug": slug, **workspace})
    if not found:
        raise NotFound("Label", slug)
    id = db.insert(Label, project_id=caller.project_id, slug=slug, **found[0])
    return db.one(LabelCard, same(Label.id, id), caller.owns(Label))


@keyed.delete("/projects-labels/{slug}/detach")
@bearer.delete("/projects-labels/{slug}/detach")
def detach_project_label(slug: str, db: Db, caller: Here) -> type[Deleted]:
    """Take a label from the project and its tasks; other projects keep theirs, and it can be attached again."""
    label = db.find(Label, same(Label.slug, slug), caller.owns(Label))
    workspace = {"slug": slug, "company_id": caller.company_id}
    db.write(FORGOTTEN, workspace)
    db.insert(DetachedLabel, **workspace, title=label.title, color=label.color)
    db.delete(Label, label.id)
    return Deleted


@bearer.post("/task-labels/{slug}/toggle", status=200)
def toggle_task_label(slug: str, target: OfTask, db: Db, caller: Here) -> dict[str, bool]:
    """Put a label on a task, or take it off one that wears it."""
    task = task_of(db, caller, target.task_uuid)
    label = db.find(Label, same(Label.slug, slug), caller.owns(Label))
    link = db.seek(TaskLabel, same(TaskLabel.label_id, label.id), same(TaskLabel.task_id, task.id))
    if link is None:
        db.insert(TaskLabel, task_id=task.id, label_id=label.id)
    else:
        db.delete(TaskLabel, link.id)
    return {"attached": link is None}


def task_of(db: Db, caller: Here, uuid: str) -> Any:
    """The project's task of this uuid. Raises Invalid."""
    return by_key(db, caller, "task_uuid", Task, "uuid", uuid)


def alike(db: Db, caller: Here, body: LabelBody) -> Any:
    """The project's label of the body's title and, where one came, color; None where there is none."""
    rows = db.every(Label, same(Label.title, body.title), caller.owns(Label))
    any_color = "color" not in body.model_fields_set
    return next((row for row in rows if any_color or row.color.lower() == body.color.lower()), None)


def created(db: Db, caller: Here, title: str, color: str) -> int:
    """A new label of the project; gives its id."""
    return db.insert(
        Label, project_id=caller.project_id, title=title, color=color, slug=slug_of(title, db.uniqid(Label))
    )


def changed(db: Db, caller: Here, label: Any, body: LabelPatch) -> One[LabelCard]:
    """Set what came."""
    db.update(Label, label.id, **body.sent())
    return db.one(LabelCard, same(Label.id, label.id), caller.owns(Label))
