"""Devices that wait for a token (RFC 8628): a small page where a person approves or denies, and the same over HTTP."""

from html import escape
from typing import Any, Literal

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from mock_server.control.asked import TheWorld
from mock_server.domain.workspaces import Credential, User
from mock_server.errors import NotFound
from mock_server.store.rows import same
from mock_server.store.sandbox import Sandbox
from mock_server.store.told import Told

device = APIRouter(prefix="/_mock/device", tags=["devices"])
PEOPLE = """
SELECT u.username, u.name, p.slug, p.name AS project, m.project_id FROM member m
JOIN user u ON u.id = m.user_id JOIN project p ON p.id = m.project_id ORDER BY m.project_id, m.id
"""
STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 4rem auto; max-width: 26rem; padding: 0 1rem; color: #222 }
input, select, button { font: inherit; padding: .4rem .6rem; margin: .3rem 0; width: 100%; box-sizing: border-box }
#said { min-height: 1.5rem; font-weight: 600 }
"""
SCRIPT = """
for (const button of document.querySelectorAll("button")) button.onclick = async () => {
  const [username, project] = document.getElementById("who").value.split(" ");
  const told = { user_code: document.getElementById("code").value, action: button.id, username, project };
  const answer = await fetch("/_mock/device", {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(told) });
  const said = await answer.json();
  document.getElementById("said").textContent = said.message || "The device is " + said.said + ".";
};
"""


class Decision(Told):
    """What a person says to a device: the code that it shows, and as whom, at home in which project and sandbox."""

    user_code: str
    action: Literal["approve", "deny"] = "approve"
    username: str | None = None
    project: str | None = None
    sandbox: str = "default"


@device.get("", response_class=HTMLResponse)
async def show_page(world: TheWorld, user_code: str = "") -> HTMLResponse:
    """The page; it needs nothing from elsewhere."""
    rows = world.default.store.asked(PEOPLE, {})
    options = "".join(
        f'<option value="{escape(row["username"])} {escape(row["slug"])}">'
        f"{escape(row['name'])}, {escape(row['project'])}</option>"
        for row in rows
    )
    return HTMLResponse(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Approve a device</title><style>{STYLE}</style></head><body><h1>Approve a device</h1>"
        f'<label>The code that it shows<input id="code" value="{escape(user_code)}" autocomplete="off"></label>'
        f'<label>Approve as<select id="who">{options}</select></label>'
        '<button id="approve">Approve</button><button id="deny">Deny</button><p id="said" role="status"></p>'
        f"<script>{SCRIPT}</script></body></html>"
    )


@device.post("")
async def decide(world: TheWorld, body: Decision) -> dict[str, Any]:
    """Approve or deny the device that shows a code; the token will be one of the sandbox that is named."""
    waits = world.default
    grant = waits.grants.shown(body.user_code, waits.clock.now())
    if body.action == "approve":
        sandbox = world.find(body.sandbox)
        grant.user_id, grant.project_id = person(sandbox, body)
        grant.where = "" if sandbox is waits else sandbox.id
    grant.said = "approved" if body.action == "approve" else "denied"
    return {"user_code": grant.user_code, "client_id": grant.client_id, "said": grant.said}


def person(sandbox: Sandbox, body: Decision) -> tuple[int, int]:
    """Who approves, and the project where the token is at home; the default credential's. Raises NotFound."""
    store = sandbox.store
    default = store.find(Credential, same(Credential.name, "default"))
    user = store.find(User, same(User.username, body.username)) if body.username else None
    rows = [row for row in store.asked(PEOPLE, {}) if user is None or row["username"] == user.username]
    if user is None and body.project is None:
        return default.user_id, default.project_id or 0
    found = next((row for row in rows if body.project in (None, row["slug"])), None)
    if found is None and body.project is not None:
        raise NotFound("Project", body.project, " among those of this person")
    return (user.id or 0) if user else default.user_id, found["project_id"] if found else 0
