"""The nouns as the services API says them: one file per noun, imported when the bearer dialect is first spoken."""

from importlib import import_module

NOUNS = (
    "auth",
    "tasks",
    "sprints",
    "sprint_reports",
    "projects",
    "people",
    "workspaces",
    "clients",
    "invoices",
    "proposals",
    "time_entries",
    "time_reports",
    "budget",
    "activity",
    "notifications",
    "forge",
    "wiki",
    "notes",
    "channels",
    "messages",
    "search",
    "standup",
    "manager_dashboard",
    "work_analytics",
    "work_reports",
    "change_requests",
    "clientflow_dashboard",
)


def load() -> None:
    """Declare every endpoint."""
    for noun in NOUNS:
        import_module(f"{__name__}.{noun}")
