"""How moments are said: as the API's date object, relative to the sandbox's now."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from mock_server.store.rows import Cut

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
UNITS = ((31_536_000, "year"), (2_592_000, "month"), (604_800, "week"), (86_400, "day"), (3600, "hour"), (60, "minute"))


def ago(seconds: int) -> str:
    """ "3 days ago" or "2 weeks from now": the largest unit that fits, rounded down, never less than one second.

    The contract's create example says "1 second ago" of what was made just then. humanize words it otherwise ("a
    second ago", no weeks), so that it cannot say this.
    """
    size, word = next(((size, word) for size, word in UNITS if abs(seconds) >= size), (1, "second"))
    number = max(1, abs(seconds) // size)
    return f"{number} {word}{'s' * (number > 1)} {'ago' if seconds >= 0 else 'from now'}"


def written(second: int) -> str:
    """UTC date and time, the hour not padded with a zero; the year has four digits, which ``%Y`` does not promise."""
    at = EPOCH + timedelta(seconds=second)
    return f"{at.date()} {at.hour}:{at:%M:%S}"


def lasting(seconds: int) -> str:
    """A length of time as hours, minutes and seconds: ``12:05:00``."""
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


class Known(dict[bytes, bytes]):
    """What each mark was spelled as; one that is not known yet is spelled when it is looked up."""

    def __init__(self, spelled: Callable[[str], bytes]) -> None:
        super().__init__()
        self.spelled = spelled

    def __missing__(self, mark: bytes) -> bytes:
        """Spell it."""
        said = self[mark] = self.spelled(mark.decode())
        return said


class Spelling:
    """Spells the marks of one request; what a moment was spelled as is kept while the second lasts.

    ``stamp`` is another object as soon as anything could be spelled otherwise.
    """

    def __init__(self) -> None:
        self.now, self.base, self.stamp = 0, b"", object()
        self.known = Known(self.spelled)

    def at(self, now: int, base: bytes) -> None:
        """Spell for this second and this caller's address from now on."""
        if now != self.now or base != self.base or len(self.known) > 20_000:
            self.now, self.base, self.stamp = now, base, object()
            self.known.clear()

    def all(self, parts: Cut) -> bytes:
        """What was cut, put together with its marks spelled."""
        whole = parts.copy()
        whole[1::2] = map(self.known.__getitem__, parts[1::2])
        return b"".join(whole)

    def spelled(self, mark: str) -> bytes:
        """A date object, a length of time, or a path with the address in front of it."""
        kind, second = mark[0], mark[1:]
        if kind == "b":
            return b'"' + self.base + second.encode() + b'"'
        if kind == "e":
            return f'"{lasting(max(0, self.now - int(second)))}"'.encode()
        return self.moment(int(second)).encode()

    def moment(self, second: int) -> str:
        """The date object of a moment."""
        return f'{{"date_for_humans":"{ago(self.now - second)}","timezone":"{written(second)}","timestamp":{second}}}'


class Resourceful(Spelling):
    """Spells moments as the services API's DateResource."""

    def moment(self, second: int) -> str:
        """The DateResource of a moment; everything is told in UTC."""
        iso = (EPOCH + timedelta(seconds=second)).isoformat()
        return (
            f'{{"date_for_humans":"{ago(self.now - second)}","iso8601":"{iso}","timestamp":{second},"timezone":"UTC"}}'
        )
