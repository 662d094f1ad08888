"""Ids that look random and are not: each is made from the sandbox's seed and the row that it names."""

import hashlib


def digest_of(seed: int, table: str, id: int, size: int) -> str:
    """So many bytes of a hash over the row's coordinates, as hexadecimal digits."""
    return hashlib.blake2b(f"{seed}:{table}:{id}".encode(), digest_size=size).hexdigest()


def uuid_of(seed: int, table: str, id: int) -> str:
    """A uuid in the form of version 4."""
    text = digest_of(seed, table, id, 16)
    variant = "89ab"[int(text[16], 16) % 4]
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{variant}{text[17:20]}-{text[20:]}"


def uniqid_of(seed: int, table: str, id: int) -> str:
    """Thirteen hexadecimal digits in the look of PHP's uniqid, as the API's slugs end in."""
    return "6" + digest_of(seed, table, id, 6)
