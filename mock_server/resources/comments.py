"""Comments: on a task, or in the project's discussion, with replies below them."""

import json
import re
from types import SimpleNamespace
from typing import Annotated, Any, Literal, Protocol

from pydantic import AliasChoices, BeforeValidator, Field
from sqlalchemy import case, func, literal_column, or_, select

from mock_server.dialects.answers import Db, Deleted, Listing, One
from mock_server.dialects.bearer import bearer
from mock_server.dialects.endpoint import Call
from mock_server.dialects.inputs import Body, MaybeId, Query, Text, nothing
from mock_server.dialects.keyed import keyed
from mock_server.dialects.lists import Filters, Page, Where, contains
from mock_server.dialects.tenancy import Here, InProject
from mock_server.dialects.views import ME, Many, Moment, Only, Sql, Through, Via, View, as_json, table_of
from mock_server.domain.talk import Comment, CommentMention, keywords_of
from mock_server.domain.task_rules import record
from mock_server.domain.tasks import Task
from mock_server.domain.workspaces import RUNS, Member, Project, User
from mock_server.errors import Missing
from mock_server.resources.cards import CompanyCard, ProjectCard, UserCard
from mock_server.resources.found import own, seen, task_at, the_one
from mock_server.resources.references import referred, task_named
from mock_server.store.callers import Owner
from mock_server.store.rows import same

MENTION = re.compile(r"@(\w[\w.-]*)")
MENTIONED = """
SELECT user.id FROM user JOIN member ON member.user_id = user.id AND member.project_id = :project_id
WHERE user.username IN (SELECT value FROM json_each(:names)) ORDER BY user.id
"""


def without_null(value: Any) -> Any:
    """The word null, which clients send for the project's discussion, means that there is no task."""
    return None if value == "null" else nothing(value)


Kind = Annotated[Literal["issues", "projects"] | None, BeforeValidator(nothing)]
Uuid = Annotated[Text | None, BeforeValidator(without_null)]


class Target(Query):
    """What is commented on: a task by its uuid (under either name), or with ``projects`` the project."""

    commentable_type: Kind = None
    commentable_id: Uuid = None
    task_uuid: Uuid = None


class CommentQuery(Target):
    """Which comments are listed: of a target or, without one, of all; ``search`` looks into their text."""

    search: Text = ""


class CommentPatch(Body):
    """What may be changed of a comment."""

    comment_text: Annotated[Text, Field(min_length=1)] = ""


class NewText(Body):
    """What a comment shall say."""

    comment_text: Annotated[Text, Field(min_length=1)]


class CommentBody(Target, Body):
    """A new comment; with ``parent_id`` a reply, which is said where its parent is."""

    comment_text: Annotated[Text, Field(min_length=1, validation_alias=AliasChoices("comment_text", "comment"))]
    parent_id: MaybeId = None


class Threads(Filters):
    """Which comments of the project."""

    is_first: Annotated[bool, Where(lambda comment, yes: comment.c.parent_id.is_(None) == yes)] = True
    of_project: Annotated[bool, Where(lambda comment, yes: comment.c.task_id.is_(None) == yes)] = True
    task_id: Annotated[int, Where(lambda comment, id: comment.c.task_id == id)] = 0
    search: Annotated[str, Where(lambda comment, text: contains(comment.c.comment, text))] = ""


def uuid_of_target(comment: Any) -> Any:
    """The uuid of the comment's task, or of its project."""
    task = table_of(Task).alias()
    project = table_of(Project).alias()
    of_task = select(task.c.uuid).where(task.c.id == comment.c.task_id).scalar_subquery()
    of_project = select(project.c.uuid).where(project.c.id == comment.c.project_id).scalar_subquery()
    return func.coalesce(of_task, of_project)


def usernames(comment: Any) -> Any:
    """A JSON array of the names of those whom a comment mentions."""
    link, user = table_of(CommentMention).alias(), table_of(User).alias()
    names = select(user.c.username).join(link, link.c.user_id == user.c.id).where(link.c.comment_id == comment.c.id)
    told = names.correlate(comment).order_by(link.c.id).subquery()
    return as_json(select(func.json_group_array(told.c.username)))


class Resource(View):
    """What a comment is on."""

    type: Annotated[Literal["task", "project"], Sql(lambda c: case((c.c.task_id.is_(None), "project"), else_="task"))]
    uuid: Annotated[str, Sql(uuid_of_target)]


def may_delete(comment: Any) -> Any:
    """Whether the caller made a comment, or runs its project."""
    row = table_of(Member).alias()
    runs = row.c.role_id.in_([literal_column(str(role)) for role in RUNS])
    mine = select(row.c.id).where(row.c.project_id == comment.c.project_id, row.c.user_id == ME, runs).exists()
    return or_(comment.c.user_id == ME, mine)


class Speaker(UserCard, of=User):
    """Who made a comment; at length in the services API."""

    id: Annotated[int, Only("bearer")]
    uuid: Annotated[str, Only("bearer")]
    location: Annotated[str, Only("bearer")]
    timezone_name: Annotated[str, Only("bearer")]
    language: Annotated[str, Only("bearer")]
    created_at: Annotated[Moment, Only("bearer")]


class ReplyView(View, of=Comment):
    """A comment on its own; ``users`` are the people whom it mentions, ``comment_mention`` their names."""

    id: int
    resource: Resource
    comment: str
    keywords: Annotated[list[str], Sql(lambda comment: func.json(comment.c.keywords))]
    votes: int
    created_at: Moment
    updated_at: Moment
    is_mine: Annotated[bool, Sql(lambda comment: comment.c.user_id == ME)]
    can_delete: Annotated[bool, Only("bearer"), Sql(may_delete)] = False
    replies: Annotated[list[Any], Field(max_length=0)] = []
    user: Speaker
    users: Annotated[list[UserCard], Through(CommentMention)]
    comment_mention: Annotated[list[str], Sql(usernames)]
    company: Annotated[CompanyCard, Via("project.company")]
    project: ProjectCard


class CommentView(ReplyView, of=Comment):
    """A comment with its replies, the oldest first."""

    replies: Annotated[list[ReplyView], Many(lambda comment, reply: reply.c.parent_id == comment.c.id, "created_at")]


class AtTarget(Here, Protocol):
    """The same; where a bearer call names no project, that of the task which it names."""

    @staticmethod
    def asked_of(call: Call) -> Owner:
        """The place. Raises NotFound, Invalid and Forbidden."""
        given = call.given()
        key = without_null(given.get("task_uuid")) or without_null(given.get("commentable_id"))
        if call.db.dialect == "keyed" or given.get("project_slug") or not isinstance(key, str):
            return Here.asked_of(call)
        return InProject.named(call.db, str(task_at(call.db, key).project_id))


@keyed.get("/comments")
@bearer.get("/comments")
def list_comments(db: Db, caller: AtTarget, page: Page, query: CommentQuery) -> Listing[CommentView]:
    """Comments with their replies, newest first: of a task, of the project's discussion, or all."""
    wanted: dict[str, Any] = {"is_first": True} | place_of(db, caller, query)
    if query.search:
        wanted["search"] = query.search
    return db.page(CommentView, page, caller.owns(Comment), filters=Threads(**wanted))


@keyed.get("/comments/{id}")
def get_comment(id: str, db: Db, caller: Here) -> One[CommentView]:
    """One comment with its replies."""
    return db.one(CommentView, same(Comment.id, id), caller.owns(Comment))


@keyed.post("/comments")
@bearer.post("/comments")
def create_comment(body: CommentBody, db: Db, caller: AtTarget) -> One[CommentView]:
    """Say something on a task or in the project's discussion, or reply. Hashtags and @usernames are noted."""
    place = below(db, caller, body.parent_id) if body.parent_id else place_of(db, caller, body)
    if not place:
        raise Missing("task_uuid", ", or commentable_type=projects to speak in the project's discussion")
    row = {"task_id": place.get("task_id"), "parent_id": place.get("parent_id")}
    said = {"comment": body.comment_text, "keywords": keywords_of(body.comment_text), "user_id": caller.user_id}
    id = db.insert(Comment, project_id=caller.project_id, **row, **said)
    mention(db, caller.project_id, id, body.comment_text)
    if place.get("task_id"):
        task = SimpleNamespace(id=place["task_id"], project_id=caller.project_id)
        record(db, task, caller.user_id, "commented")
    return db.one(CommentView, same(Comment.id, id), caller.owns(Comment))


@keyed.put("/comments/{id}")
def update_comment(id: str, body: CommentPatch, db: Db, caller: Here) -> One[CommentView]:
    """Change what a comment says; its hashtags and mentions follow."""
    comment = db.find(Comment, same(Comment.id, id), caller.owns(Comment))
    if body.comment_text:
        reworded(db, comment, body.comment_text)
    return db.one(CommentView, same(Comment.id, id), caller.owns(Comment))


@bearer.put("/comments/{id}")
def reword_comment(id: str, body: NewText, db: Db) -> One[CommentView]:
    """Change what a comment of one's own says, wherever the caller works: MCP names no project."""
    comment = editable(db, id)
    reworded(db, comment, body.comment_text)
    return db.one(CommentView, same(Comment.id, comment.id))


@keyed.delete("/comments/{id}")
def delete_comment(id: str, db: Db, caller: Here) -> type[Deleted]:
    """Delete a comment with its replies."""
    db.delete(Comment, db.find(Comment, same(Comment.id, id), caller.owns(Comment)).id)
    return Deleted


def place_of(db: Db, caller: Here, target: Target) -> dict[str, Any]:
    """The filter for a target: one task, the project's discussion, or nothing. Raises Missing or Invalid."""
    if target.commentable_type == "projects":
        return {"of_project": True}
    for param in ("task_uuid", "commentable_id"):
        uuid = getattr(target, param)
        if uuid:
            return {"task_id": task_named(db, caller, param, uuid).id}
    if target.commentable_type == "issues":
        raise Missing("commentable_id", " with commentable_type=issues: the uuid of a task")
    return {}


def below(db: Db, caller: Here, parent_id: int) -> dict[str, Any]:
    """Where a reply stands: below the first comment of its thread. Raises Invalid."""
    parent = referred(db, caller, "parent_id", Comment, parent_id)
    return {"task_id": parent.task_id, "parent_id": parent.parent_id or parent.id}


def editable(db: Db, id: str) -> Any:
    """A comment that the caller made, or runs the project of. Raises NotFound or Forbidden."""
    return own(db, the_one(db, seen(db, "comment", "r.id = :id", id=id), "Comment", id), "comment")


def reworded(db: Db, comment: Any, text: str) -> None:
    """Let a comment say something else."""
    db.update(Comment, comment.id, comment=text, keywords=keywords_of(text), updated_at=db.now)
    db.write("DELETE FROM commentmention WHERE comment_id = :id", {"id": comment.id})
    mention(db, comment.project_id, comment.id, text)


def mention(db: Db, project_id: int, comment_id: int, text: str) -> None:
    """Note the members of the project whom a text names with @username."""
    names = json.dumps([name.rstrip(".-") for name in MENTION.findall(text)])
    for row in db.asked(MENTIONED, {"project_id": project_id, "names": names}):
        db.insert(CommentMention, comment_id=comment_id, user_id=row["id"])
