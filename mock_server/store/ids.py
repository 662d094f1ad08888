"""Identifiers that repeat themselves: the same seed, table and row number give the same one on every machine."""

from hashlib import blake2b


def uuid_of(seed: int, table: str, id: int) -> str:
    """A UUID in the shape of version 4 for row ``id`` of ``table``, as 36 lower-case characters."""
    h = blake2b(f"{seed}:{table}:{id}".encode(), digest_size=16).hexdigest()
    return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-{'89ab'[int(h[16], 16) & 3]}{h[17:20]}-{h[20:]}"


def uniqid_of(seed: int, table: str, id: int) -> str:
    """Thirteen hexadecimal digits for the slug of row ``id`` of ``table``.

    They look like PHP's uniqid, which counts microseconds and has begun with a 6 since 2021.
    """
    return "6" + blake2b(f"{seed}:{table}:{id}:slug".encode(), digest_size=6).hexdigest()
