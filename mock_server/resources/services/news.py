"""How a change is told in a sentence."""

from typing import Any

from sqlalchemy import case, func, literal_column, select

from mock_server.dialects.views import table_of
from mock_server.domain.tasks import Task
from mock_server.domain.workspaces import User


def sentence(change: Any) -> Any:
    """Who did what to which task, as in ``Ana Lima moved TIDE-12 from Todo to Doing``."""
    user, task = table_of(User).alias(), table_of(Task).alias()
    who = select(user.c.name).where(user.c.id == change.c.user_id).scalar_subquery()
    what = select(func.ltrim(task.c.code, "#")).where(task.c.id == change.c.task_id).scalar_subquery()
    return func.printf(literal_column("'%s %s %s%s'"), who, verb(change), what, detail(change))


def verb(change: Any) -> Any:
    """What was done, in words."""
    told = {"commented": "commented on", "timer_started": "started a timer on", "timer_ended": "stopped a timer on"}
    return case(told, value=change.c.action, else_=func.replace(change.c.action, "_", " "))


def detail(change: Any) -> Any:
    """From what to what, where that is known."""
    old, new = change.c.old, change.c.new
    both = func.printf(literal_column("' from %s to %s'"), old, new)
    return case(
        (old.is_not(None) & new.is_not(None), both),
        (new.is_not(None), func.printf(literal_column("': %s'"), new)),
        (old.is_not(None), func.printf(literal_column("': %s'"), old)),
        else_="",
    )
