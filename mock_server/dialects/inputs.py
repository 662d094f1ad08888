"""What an endpoint is told: parameters from the query and the body alike, read into one typed object."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from mock_server.dialects.lists import LARGEST
from mock_server.errors import Invalid, Missing, Refusal, plainly, shown
from mock_server.store.clock import DAY

EARLIEST, LATEST = -62_135_596_800, 253_402_300_799


class Input(BaseModel):
    """The parameters of one endpoint. What is not declared is ignored, as the real service does."""

    model_config = ConfigDict(
        extra="ignore", coerce_numbers_to_str=True, defer_build=True, arbitrary_types_allowed=True
    )

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Self:
        """Validate what came. Raises Missing or Invalid, naming the parameter."""
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            raise blamed(error) from None

    def sent(self, *names: str) -> dict[str, Any]:
        """The fields that came, an explicit null among them; only ``names``, where some are given."""
        came = self.model_fields_set
        return {name: getattr(self, name) for name in sorted(came.intersection(names) if names else came)}


class Query(Input):
    """Parameters that are documented in the query."""


class Body(Input):
    """Parameters that are documented in the body; in the query they are taken too."""


def blamed(error: ValidationError) -> Refusal:
    """The first thing that is wrong, in words for a user; all of them are in its ``errors``."""
    complaints = [complaint(each) for each in error.errors(include_url=False)]
    refusal = complaints[0]
    refusal.errors = {}
    for each in complaints:
        refusal.errors.setdefault(str(each.param), []).append(each.message)
    return refusal


def complaint(error: Any) -> Refusal:
    """One thing that is wrong."""
    name = str(error["loc"][0]) if error["loc"] else "body"
    if error["type"] == "missing":
        return Missing(name)
    why = f"{plainly(error['msg'])}; got '{shown(error['input'])}'"
    return Invalid(name, f"The parameter '{name}' is not valid: {why}.")


def nothing(value: Any) -> Any:
    """An empty form field clears what it names, as null does in JSON."""
    return None if isinstance(value, str) and not value.strip() else value


def moment_of(value: Any) -> Any:
    """Unix seconds of a date or date-time text (``2023-1-28``, ``2023-01-28 09:07:47``, ISO 8601), else in UTC."""
    if value is None or value == "" or value == []:
        return None
    if isinstance(value, str):
        for read in (datetime.fromisoformat, loosely):
            try:
                made = read(value.strip())
                second = int((made if made.tzinfo else made.replace(tzinfo=UTC)).timestamp())
            except (ValueError, OverflowError):
                continue
            if EARLIEST <= second <= LATEST:
                return second
    raise ValueError("it should be a date and time as in '2022-11-20 00:00:00', or empty")


def last_second(value: Any) -> Any:
    """The last second of a day; where a time of day is told, that moment."""
    second = moment_of(value)
    return second + DAY - 1 if isinstance(value, str) and ":" not in value and second is not None else second


def loosely(text: str) -> datetime:
    """A date whose parts are not padded with zeros, with or without a time."""
    date, _, clock = text.partition(" ")
    numbers = [int(part) for part in date.split("-")] + [int(part) for part in clock.split(":") if part]
    if len(numbers) not in (3, 5, 6):
        raise ValueError(text)
    year, month, day, hour, minute, second = (*numbers, 0, 0, 0)[:6]
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


def without_nul(text: str) -> str:
    """Text as it can be stored: no NUL, and only characters that UTF-8 has."""
    if "\0" in text:
        raise ValueError("it should not contain a NUL character")
    return text


def colour(value: str) -> str:
    """A colour as six hexadecimal digits, with or without its #; stored with it."""
    digits = value.removeprefix("#")
    if len(digits) != 6 or not all(c in "0123456789abcdefABCDEF" for c in digits):
        raise ValueError("it should be a colour as in '#38FB07'")
    return f"#{digits}"


def words(value: Any) -> Any:
    """A list: as it is, or a text whose parts are joined by commas."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


def plain_number(value: Any) -> Any:
    """Digits are a number; a Boolean is none, and neither is a fraction."""
    if isinstance(value, bool) or (isinstance(value, str) and not value.strip().lstrip("-").isascii()):
        raise ValueError("it should be a whole number")
    return value


Text = Annotated[str, AfterValidator(without_nul), Field(max_length=1_000_000)]
Title = Annotated[
    str,
    Field(min_length=1, max_length=255),
    AfterValidator(without_nul),
    BeforeValidator(lambda v: v.strip() if isinstance(v, str) else v),
]
Id = Annotated[int, Field(ge=1, le=LARGEST), BeforeValidator(plain_number)]
MaybeText = Annotated[Text | None, BeforeValidator(nothing)]
MaybeId = Annotated[int | None, Field(ge=1, le=LARGEST), BeforeValidator(plain_number), BeforeValidator(nothing)]
Small = Annotated[int, Field(ge=1, le=1_000_000), BeforeValidator(plain_number)]
When = Annotated[int | None, BeforeValidator(moment_of, json_schema_input_type=str | None)]
Since = Annotated[int, BeforeValidator(moment_of, json_schema_input_type=str)]
Until = Annotated[int, BeforeValidator(last_second, json_schema_input_type=str)]
Colour = Annotated[str, AfterValidator(colour)]
Words = Annotated[list[Text], BeforeValidator(words, json_schema_input_type=str | list[str])]
Decimal = Annotated[float, Field(ge=0, le=1_000_000_000, allow_inf_nan=False)]
