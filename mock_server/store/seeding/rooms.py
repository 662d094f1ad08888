"""Where the demo's teams write things down and talk: wiki pages, notes and channels."""

from typing import Any

from mock_server.domain.discussions import Channel, ChannelRead, Message
from mock_server.domain.notes import Note, NoteFolder, NoteRevision
from mock_server.domain.slugs import kebab
from mock_server.domain.wiki import WikiPage
from mock_server.store.clock import DAY
from mock_server.store.seeding.phrases import Words, spoken
from mock_server.store.seeding.places import Team
from mock_server.store.seeding.spec import ANCHOR, HOUR
from mock_server.store.seeding.writer import Writer

MINUTE, UNREAD = 60, 6 * HOUR  # nobody has read what was said in the last hours


class Rooms:
    """Writes them for the projects (``teams``) of one workspace; people are counted in their team."""

    def __init__(self, rows: Writer, locale: str, company_id: int, teams: list[Team]) -> None:
        self.rows, self.words = rows, spoken("rooms", locale)
        self.company_id, self.teams = company_id, teams

    def write(self) -> None:
        """All of it."""
        self.pages()
        self.notes()
        self.channels()

    def speaker(self, line: Words) -> tuple[Team, int]:
        """The team of a line, and who of it speaks."""
        team = self.teams[line.get("project", 1) - 1]
        return team, team.people[(line["by"] - 1) % len(team.people)].id

    def pages(self) -> None:
        """The wikis; a page below another comes after it."""
        made = list[int]()
        for line in self.words["pages"]:
            (team, who), at = self.speaker(line), ANCHOR - line["ago"] * DAY
            told = {"slug": kebab(line["title"]), "title": line["title"], "content": line["text"]}
            parent = made[line["parent"] - 1] if "parent" in line else None
            home = {"project_id": team.project_id, "user_id": who, "parent_id": parent}
            made.append(self.rows.add(WikiPage, created_at=at, updated_at=at + HOUR, **told, **home))

    def notes(self) -> None:
        """The notes with their folders; each was changed as often as it has said something else."""
        folders = [self.folder(line) for line in self.words["folders"]]
        for line in self.words["notes"]:
            who, at = self.speaker(line)[1], ANCHOR - line["ago"] * DAY
            changed = at + len(line["was"]) * HOUR
            folder = folders[line["folder"] - 1] if "folder" in line else None
            told = {"title": line["title"], "content": line["text"], "color": line.get("color"), "user_id": who}
            home = {"company_id": self.company_id, "folder_id": folder, "is_shared": line["shared"]}
            id = self.rows.add(Note, created_at=at, updated_at=changed, **told, **home)
            self.revisions(id, line, who, at)

    def folder(self, line: Words) -> int:
        """A folder, older than any note; gives its id."""
        home: dict[str, Any] = {"company_id": self.company_id, "user_id": self.speaker(line)[1]}
        return self.rows.add(NoteFolder, name=line["name"], created_at=ANCHOR - 60 * DAY, **home)

    def revisions(self, note_id: int, line: Words, who: int, at: int) -> None:
        """What a note said before, from hour to hour."""
        for number, text in enumerate(line["was"], 1):
            told = {"number": number, "title": line["title"], "content": text, "created_at": at + number * HOUR}
            self.rows.add(NoteRevision, note_id=note_id, user_id=who, **told)

    def channels(self) -> None:
        """The channels with their talk; everybody has read what is older than some hours."""
        for line in self.words["channels"]:
            team = self.teams[line["project"] - 1]
            began = ANCHOR - line["talk"][0]["ago"] * MINUTE - DAY
            told = {"slug": line["name"], "title": line["name"], "description": line["topic"], "created_at": began}
            home = {"project_id": team.project_id, "user_id": team.owner.id}
            id = self.rows.add(Channel, is_archived=line.get("archived", False), **told, **home)
            read_to = self.talk(id, line)
            for person in team.people:
                self.rows.add(ChannelRead, channel_id=id, user_id=person.id, read_to=read_to)

    def talk(self, channel_id: int, line: Words) -> int:
        """What was said in a channel; gives the last message that is read."""
        said, read = list[int](), 0
        for each in line["talk"]:
            who = self.speaker({"project": line["project"]} | each)[1]
            parent = said[each["answers"] - 1] if "answers" in each else None
            told = {"content": each["text"], "parent_id": parent, "created_at": ANCHOR - each["ago"] * MINUTE}
            said.append(self.rows.add(Message, channel_id=channel_id, user_id=who, **told))
            read = said[-1] if each["ago"] * MINUTE > UNREAD else read
        return read
