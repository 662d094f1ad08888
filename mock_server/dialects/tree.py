"""Finding an endpoint by its path, segment by segment, whatever the number of routes."""

from typing import Any, NamedTuple

MOST_KNOWN, LONGEST_KNOWN = 4096, 256


class Found(NamedTuple):
    """The endpoints of a path by method, and the values of its parameters."""

    methods: dict[str, Any]
    values: tuple[str, ...]


class Node:
    """One segment of the paths."""

    def __init__(self) -> None:
        self.fixed: dict[str, Node] = {}
        self.open: Node | None = None
        self.methods: dict[str, Any] = {}


class Tree:
    """Endpoints by path. A fixed segment is preferred to a parameter; a trailing slash makes no difference."""

    def __init__(self) -> None:
        self.root = Node()
        self.known: dict[str, Found | None] = {}

    def add(self, method: str, path: str, endpoint: Any) -> None:
        """Put an endpoint at a path such as ``/tasks/{uuid}/move``."""
        node = self.root
        for segment in segments(path):
            if segment.startswith("{"):
                node.open = node.open or Node()
                node = node.open
            else:
                node = node.fixed.setdefault(segment, Node())
        node.methods[method] = endpoint
        self.known.clear()

    def find(self, path: str) -> Found | None:
        """The endpoints at a path, or None. What was found is kept, within a bound."""
        if path in self.known:
            return self.known[path]
        if len(self.known) >= MOST_KNOWN or len(path) > LONGEST_KNOWN:
            self.known.clear()
        found = self.known[path] = sought(self.root, segments(path), 0, ())
        return found


def segments(path: str) -> list[str]:
    """The parts between a path's slashes."""
    return path.strip("/").split("/") if path.strip("/") else []


def sought(node: Node, parts: list[str], at: int, values: tuple[str, ...]) -> Found | None:
    """Go down from ``node``; a dead end behind a fixed segment falls back to the parameter beside it."""
    if at == len(parts):
        return Found(node.methods, values) if node.methods else None
    part = parts[at]
    below = node.fixed.get(part)
    found = sought(below, parts, at + 1, values) if below else None
    if found is None and node.open is not None and part:
        found = sought(node.open, parts, at + 1, (*values, part))
    return found
