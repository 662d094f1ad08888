"""What the control routes are told: strict bodies, lengths of time and moments."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer

from mock_server.store.clock import instant_of, seconds_of


class Told(BaseModel):
    """A JSON body; a field that it does not know is an error, so that no typo goes unseen."""

    model_config = ConfigDict(extra="forbid")


Span = Annotated[float, BeforeValidator(seconds_of)]
"""A length of time in seconds, told as a number of seconds or as in ``250ms``, ``90s``, ``1h30m``, ``2d``."""

Instant = Annotated[float, BeforeValidator(instant_of), PlainSerializer(float)]
"""A moment in unix seconds, told so or as ISO 8601 (UTC where no offset is told)."""
