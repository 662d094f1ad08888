"""Small files that the demo's teams attached: text from the phrases, and pictures that are drawn here."""

import struct
import zlib
from itertools import cycle

from mock_server.domain.talk import Attachment, AttachmentContent
from mock_server.store.seeding.drafts import Draft
from mock_server.store.seeding.phrases import Words
from mock_server.store.seeding.places import Team
from mock_server.store.seeding.spec import HOUR
from mock_server.store.seeding.writer import Writer

WIDTH, HEIGHT = 64, 40
SHADES = ((0xF4, 0xF6, 0xFA), (0x3B, 0x82, 0xF6), (0xF4, 0xA2, 0x61), (0x1F, 0x29, 0x37))


class Files:
    """Attaches the files of the phrases, one after the other."""

    def __init__(self, rows: Writer, team: Team, words: Words) -> None:
        self.rows, self.team = rows, team
        self.files = cycle(words["files"])
        self.count = 0

    def attach(self, draft: Draft, until: int) -> None:
        """A file on a task, from whoever works on it, some hours after it was created."""
        who = draft.people[0] if draft.people else draft.user_id
        self.file(draft.id, who, min(draft.created + 3 * HOUR, until))

    def file(self, task_id: int, who: int, at: int) -> None:
        """The next file with its content, or a link."""
        about = next(self.files)
        self.count += 1
        told = {"filename": about["name"], "mimetype": about["kind"], "link": about.get("link"), "created_at": at}
        content = b"" if "link" in about else about["text"].encode() if "text" in about else picture(self.count)
        told |= {"project_id": self.team.project_id, "task_id": task_id, "user_id": who, "size": len(content)}
        id = self.rows.add(Attachment, **told)
        if content:
            self.rows.add(AttachmentContent, attachment_id=id, content=content)


def picture(number: int) -> bytes:
    """A PNG of 64 by 40 pixels in four colours: a bar chart that differs from number to number."""
    lines = b"".join(b"\0" + bytes(shade(x, y, number) for x in range(WIDTH)) for y in range(HEIGHT))
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)
    palette = bytes(part for shade in SHADES for part in shade)
    parts = (b"IHDR", head), (b"PLTE", palette), (b"IDAT", stored(lines)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, content) for kind, content in parts)


def shade(x: int, y: int, number: int) -> int:
    """The colour of a pixel: a frame, and bars on a light ground."""
    if x in (0, WIDTH - 1) or y in (0, HEIGHT - 1):
        return 3
    bar = x // 8
    return 1 + bar % 2 if x % 8 > 1 and HEIGHT - y < 8 + (bar * 7 + number * 5) % 28 else 0


def chunk(kind: bytes, content: bytes) -> bytes:
    """A part of a PNG file: its length, its kind, its content and their checksum."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def stored(content: bytes) -> bytes:
    """A zlib stream of one block that is not compressed, because compressors differ from machine to machine.

    ``content`` is shorter than 64 KiB.
    """
    size = struct.pack("<HH", len(content), len(content) ^ 0xFFFF)
    return b"\x78\x01\x01" + size + content + struct.pack(">I", zlib.adler32(content))
