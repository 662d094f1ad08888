"""An OpenAPI document as one HTML page, with no script and nothing from elsewhere, so that it works offline."""

from collections.abc import Iterator
from html import escape
from typing import Any

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #222 }
details { border: 1px solid #ddd; border-radius: 6px; margin: .4rem 0; padding: .4rem .8rem }
summary { cursor: pointer } b { display: inline-block; min-width: 4.5rem; font-family: monospace }
code { background: #f4f4f6; padding: 0 .25rem; border-radius: 3px } table { border-collapse: collapse; margin: .4rem 0 }
td, th { text-align: left; padding: .15rem .8rem .15rem 0; vertical-align: top } nav a { margin-right: .8rem }
"""


def page(document: dict[str, Any]) -> str:
    """The page of a document: an entry for each endpoint, by noun."""
    groups: dict[str, list[str]] = {}
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            groups.setdefault(told["tags"][0], []).append(entry(path, method, told, document))
    title = escape(document["info"]["title"])
    links = "".join(f'<a href="#{escape(noun)}">{escape(words(noun))}</a>' for noun in groups)
    body = "".join(
        f'<h2 id="{escape(noun)}">{escape(words(noun))}</h2>{"".join(group)}' for noun, group in groups.items()
    )
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>'
    head = f'<!doctype html><html lang="en"><head>{head}<style>{STYLE}</style></head>'
    return f"{head}<body><h1>{title}</h1><nav>{links}</nav>{body}</body></html>"


def words(noun: str) -> str:
    """A noun as a heading."""
    return noun.replace("_", " ").capitalize()


def entry(path: str, method: str, told: dict[str, Any], document: dict[str, Any]) -> str:
    """One endpoint, folded."""
    inside = table("Parameters", parameters(told)) + table("Body", body_of(told, document))
    inside += table("Answers", answers(told))
    summary = f"<b>{method.upper()}</b><code>{escape(path)}</code> {escape(told['summary'])}"
    return f"<details><summary>{summary}</summary>{inside}</details>"


def table(heading: str, rows: Iterator[tuple[str, ...]]) -> str:
    """Rows of cells under a heading, or nothing."""
    lines = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><tr><th colspan='3'>{heading}</th></tr>{lines}</table>" if lines else ""


def answers(told: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """Status of each answer, and what it means."""
    for status, answer in told["responses"].items():
        yield status, answer["description"]


def parameters(told: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """Name, place and type of each parameter."""
    for each in told.get("parameters", ()):
        yield each["name"], each["in"] + (", required" if each.get("required") else ""), kind(each["schema"])


def body_of(told: dict[str, Any], document: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """Name, need and type of each field of the body."""
    content = told.get("requestBody", {}).get("content", {})
    for schema in [media["schema"] for media in content.values() if "$ref" in media.get("schema", ())][:1]:
        whole = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        for name, field in whole.get("properties", {}).items():
            yield name, "required" if name in whole.get("required", ()) else "", kind(field)


def kind(schema: dict[str, Any]) -> str:
    """The type of a value, in a few words."""
    if "anyOf" in schema:
        return " or ".join(kind(part) for part in schema["anyOf"])
    if "enum" in schema:
        return "one of " + ", ".join(map(str, schema["enum"]))
    return str(schema.get("type", schema.get("$ref", "any").rpartition("/")[2]))
