"""Slugs of what is found by them."""

import re

from slugify import slugify

PLAIN = re.compile(r"[A-Za-z ]*")


def kebab(title: str, most: int = 200) -> str:
    """The title in kebab case, at most so many characters. Plain words need no library to spell them."""
    if len(title) <= most and PLAIN.fullmatch(title):
        return "-".join(title.lower().split())
    return slugify(title, max_length=most)


def slug_of(title: str, uniqid: str) -> str:
    """The title in kebab case and the digits that make it unique; only the digits where no letter can be spelled."""
    return f"{kebab(title, 60)}-{uniqid}".lstrip("-")
