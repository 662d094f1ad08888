"""Attachments: files on a task or on the project, uploaded or linked to."""

import re
from typing import Annotated, Any, Literal

from pydantic import Field
from sqlalchemy import func

from mock_server.dialects.answers import Db, Deleted, Listing, One
from mock_server.dialects.bodies import Upload
from mock_server.dialects.inputs import Body, Query, Text
from mock_server.dialects.keyed import keyed
from mock_server.dialects.lists import Filters, Page, Where
from mock_server.dialects.views import Moment, Sql, View, file_url
from mock_server.domain.talk import Attachment, AttachmentContent
from mock_server.domain.tasks import Task
from mock_server.errors import Missing
from mock_server.resources.cards import UserCard
from mock_server.resources.references import by_key
from mock_server.store.callers import Caller
from mock_server.store.rows import same

MEDIA = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,60}", re.ASCII)
PLAIN = "application/octet-stream"


class AttachedTo(View, of=Task):
    """The task that a file is attached to."""

    uuid: str
    code: str
    title: str


class Download(View):
    """Where the file is had: here, or where it was linked to."""

    url: Annotated[str, Sql(lambda file: func.coalesce(file.c.link, file_url(file.c.uuid)))]


class AttachmentView(View, of=Attachment):
    """An attachment; ``size`` is in bytes."""

    id: int
    uuid: str
    filename: str
    mimetype: str
    size: int
    download: Download
    user: UserCard | None
    task: AttachedTo | None
    created_at: Moment


class Target(Query):
    """What a file hangs on: a task (issues) by its uuid, or the project."""

    attachmentable_type: Literal["issues", "projects"] | None = None
    attachmentable_id: Text = ""
    task_uuid: Text = ""


class OnProject(Filters):
    """Files that hang on no task."""

    on_project: Annotated[bool, Where(lambda file, flag: file.c.task_id.is_(None) == flag)] = True


class AttachmentBody(Body):
    """A file, as multipart; or the name, size in bytes and link of one that lies elsewhere."""

    attachmentable_type: Literal["issues", "projects"] | None = None
    attachmentable_id: Text = ""
    task_uuid: Text = ""
    file: Upload | None = None
    name: Annotated[Text, Field(max_length=255)] = ""
    size: Annotated[int, Field(ge=0, le=2**53)] = 0
    link: Annotated[Text, Field(max_length=2000, pattern=r"^https?://\S+$")] | None = None


def task_of(db: Db, caller: Caller, told: Target | AttachmentBody) -> int | None:
    """The id of the task that is meant; None for the project. Raises Invalid and Missing."""
    for param in ("task_uuid", "attachmentable_id"):
        value = getattr(told, param)
        if value and value != "null" and told.attachmentable_type != "projects":
            task: Any = by_key(db, caller, param, Task, "uuid", value)
            return int(task.id)
    if told.attachmentable_type == "issues":
        raise Missing("attachmentable_id", " where attachmentable_type is issues: the uuid of a task")
    return None


@keyed.get("/attachments")
def list_attachments(db: Db, caller: Caller, page: Page, target: Target) -> Listing[AttachmentView]:
    """The files of a task, or of the project itself, newest first; without a target, all of them."""
    task = task_of(db, caller, target)
    if task is None and target.attachmentable_type is None:
        return db.page(AttachmentView, page, caller.owns(Attachment))
    if task is None:
        return db.page(AttachmentView, page, caller.owns(Attachment), filters=OnProject.asked({"on_project": "1"}))
    return db.page(AttachmentView, page, caller.owns(Attachment), same(Attachment.task_id, task))


@keyed.post("/attachments")
def create_attachment(body: AttachmentBody, db: Db, caller: Caller) -> One[AttachmentView]:
    """A new attachment; its bytes are kept, and had again at its download link."""
    row = described(body) | {"task_id": task_of(db, caller, body), "user_id": caller.user_id}
    id = db.insert(Attachment, project_id=caller.project_id, **row)
    if body.file is not None:
        db.insert(AttachmentContent, attachment_id=id, content=body.file.content)
    return db.one(AttachmentView, same(Attachment.id, id), caller.owns(Attachment))


@keyed.delete("/attachments/{id}")
def delete_attachment(id: str, db: Db, caller: Caller) -> type[Deleted]:
    """Delete an attachment and its bytes."""
    db.delete(Attachment, db.find(Attachment, same(Attachment.id, id), caller.owns(Attachment)).id)
    return Deleted


def described(body: AttachmentBody) -> dict[str, Any]:
    """Name, media type and size of what came. Raises Missing where neither a file nor a link did."""
    if body.file is not None:
        kind = body.file.mimetype if MEDIA.fullmatch(body.file.mimetype) else PLAIN
        name = body.file.filename.replace("\0", "")[:255] or "file"
        return {"filename": name, "mimetype": kind, "size": len(body.file.content)}
    if body.link:
        return {"filename": body.name or "link", "mimetype": PLAIN, "size": body.size, "link": body.link}
    raise Missing("file", "; send it as multipart/form-data, or a 'link' instead")
