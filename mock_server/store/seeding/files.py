"""Small files that the demo's teams attached, made here: a picture, a list and a note."""

import struct
import zlib
from typing import Any

from mock_server.domain.talk import Attachment, AttachmentContent
from mock_server.store.seeding.ground import Team
from mock_server.store.seeding.writer import Writer


def chunk(kind: bytes, content: bytes) -> bytes:
    """A part of a PNG file: length, kind, content and checksum."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def picture(shade: int, size: int = 16) -> bytes:
    """A PNG of one grey, ``size`` pixels square."""
    lines = b"".join(b"\0" + bytes([shade]) * size for _ in range(size))
    head = struct.pack(">IIBBBBB", size, size, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


KINDS: tuple[tuple[str, str, bytes], ...] = (
    ("screenshot.png", "image/png", picture(120)),
    ("stops.csv", "text/csv", b"stop,address,window\n1,Main Street 4,09:00-10:00\n2,Mill Lane 11,10:00-12:00\n"),
    ("notes.md", "text/markdown", b"# Notes\n\n- ask the carrier about retries\n- try it on the test depot\n"),
)


def attach(rows: Writer, team: Team, made: Any, index: int) -> None:
    """A file on every sixth task."""
    if index % 6 == 2:
        name, kind, content = KINDS[index // 6 % len(KINDS)]
        about = {"filename": name, "mimetype": kind, "size": len(content), "created_at": made.created + 900}
        id = rows.add(Attachment, project_id=team.project, task_id=made.id, user_id=made.user, **about)
        rows.add(AttachmentContent, attachment_id=id, content=content)
