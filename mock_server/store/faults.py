"""Faults: the rules of a sandbox that make requests fail, and how they count."""

from random import Random
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

from mock_server.errors import Conflict, NotFound

if TYPE_CHECKING:
    from mock_server.store.effects import Do, When

MOST_RULES = 1000
Phase = Literal["before", "after"]


class Matcher(Protocol):
    """Whatever tells which requests are meant."""

    def fits(self, seen: Any) -> bool:
        """Whether a request is meant."""


class Fault(NamedTuple):
    """What befalls one request."""

    id: str
    do: "Do"
    phase: Phase
    delay: float


class Rule:
    """One rule: ``seen`` counts the requests that matched, ``hits`` those that were hit; it ends at ``ends``."""

    def __init__(
        self, match: Matcher, when: "When", do: "Do", *, phase: Phase = "before", lasts: float, most: int | None = None
    ) -> None:
        self.id = ""
        self.match, self.when, self.do, self.phase, self.most = match, when, do, phase, most
        self.ends = monotonic() + lasts
        self.seen = self.hits = 0

    @property
    def is_over(self) -> bool:
        """Whether its time has passed, or it has hit as often as it may."""
        return monotonic() >= self.ends or (self.most is not None and self.hits >= self.most)

    def random(self, seed: int, number: int) -> Random:
        """The chance of one request: the same for the same sandbox, rule and number."""
        return Random(f"{seed}:{self.id}:{number}")

    def would_hit(self, seed: int) -> bool:
        """Whether it hits the next request that matches."""
        number = self.seen + 1
        return not self.is_over and self.when.hits(number, self.random(seed, number).random)

    def count(self, seed: int) -> Fault | None:
        """Count a request that matches; the fault, if it is hit."""
        hit = self.would_hit(seed)
        self.seen += 1
        if not hit:
            return None
        self.hits += 1
        random = self.random(seed, -self.seen)
        return Fault(self.id, self.do, self.phase, self.do.delay.seconds(random) if self.do.delay else 0.0)


class Faults:
    """The rules of a sandbox, in the order in which they were added. The first that hits a request keeps it."""

    def __init__(self, seed: int) -> None:
        self.seed, self.number = seed, 0
        self.rules: dict[str, Rule] = {}

    def add(self, rule: Rule) -> str:
        """Add a rule and return its id. Raises Conflict where there are too many."""
        self.tidy()
        if len(self.rules) >= MOST_RULES:
            raise Conflict(f"A sandbox keeps {MOST_RULES} fault rules; delete some first.")
        self.number += 1
        rule.id = f"fault-{self.number}"
        self.rules[rule.id] = rule
        return rule.id

    def find(self, id: str) -> Rule:
        """The rule of this id. Raises NotFound."""
        found = self.rules.get(id)
        if found is None:
            raise NotFound("Fault", id, " in this sandbox")
        return found

    def met(self, seen: Any) -> Fault | None:
        """What befalls a request. The rules before the one that hits count it too, those after it do not."""
        for rule in self.rules.values():
            if not rule.is_over and rule.match.fits(seen) and (fault := rule.count(self.seed)):
                return fault
        return None

    def tidy(self) -> None:
        """Forget the rules whose time has passed."""
        now = monotonic()
        self.rules = {id: rule for id, rule in self.rules.items() if rule.ends > now}
