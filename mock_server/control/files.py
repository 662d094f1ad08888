"""Attached files, by their unguessable uuid, so that a download link needs no credentials."""

from urllib.parse import quote

from fastapi import APIRouter, Response

from mock_server.control.asked import TheSandbox
from mock_server.errors import NotFound

files = APIRouter(prefix="/_mock/files", tags=["files"])
FOUND = """
SELECT a.filename, a.mimetype, c.content FROM attachment a JOIN attachmentcontent c ON c.attachment_id = a.id
WHERE a.uuid = :uuid
"""


@files.get("/{id}/{uuid}")
async def download(sandbox: TheSandbox, uuid: str) -> Response:
    """The bytes of an attachment, always to be saved and never to be shown or run by a browser."""
    for row in sandbox.store.asked(FOUND, {"uuid": uuid}):
        headers = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(row['filename'], safe='')}",
            "X-Content-Type-Options": "nosniff",
        }
        return Response(row["content"], media_type=row["mimetype"], headers=headers)
    raise NotFound("File", uuid, f" in the sandbox '{sandbox.id}'")
