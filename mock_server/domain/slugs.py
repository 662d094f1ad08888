"""Slugs of what is found by them."""

from slugify import slugify


def slug_of(title: str, uniqid: str) -> str:
    """The title in kebab case and the digits that make it unique; only the digits where no letter can be spelled."""
    return f"{slugify(title, max_length=60)}-{uniqid}".lstrip("-")
