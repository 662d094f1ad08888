"""Vocabulary: one file per noun, with its views, filters and endpoints."""

from importlib import import_module

NOUNS = (
    "version",
    "tasks",
    "sprints",
    "user_stories",
    "epics",
    "comments",
    "types",
    "workflows",
    "time_tracking",
    "efforts",
    "priorities",
    "projects",
    "team",
    "attachments",
    "assignees",
    "checklists",
    "task_actions",
    "board_tasks",
    "changelog",
    "labels",
)


def load() -> None:
    """Declare every endpoint."""
    for noun in NOUNS:
        import_module(f"{__name__}.{noun}")


def load_services() -> None:
    """Declare every endpoint of the services API."""
    from mock_server.resources import services

    load()
    services.load()
