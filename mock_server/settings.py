"""Every setting, in one class: a flag wins over the environment, which wins over the TOML file.

The command line makes its options from the fields below, so a setting is written down here and nowhere else.
"""

import difflib
import os
import re
import tempfile
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, ByteSize, Field, IPvAnyNetwork, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from mock_server.errors import StartFailure, shown

PREFIX = "GITSCRUM_MOCK_"
DEFAULT_FILE = "gitscrum-mock.toml"
MIB = 1024 * 1024

SECONDS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400}
PLANS = {"plan:free": "100/minute;1000/hour", "plan:pro": "500/minute;10000/hour"}  # standalone/api-overview
LIMIT = re.compile(rf"\s*([1-9][0-9]{{0,8}})\s*/\s*({'|'.join(SECONDS)})s?\s*")


@dataclass(frozen=True, order=True)
class Limit:
    """So many requests in so many seconds."""

    count: int
    seconds: int


def parse_limits(text: str) -> tuple[Limit, ...]:
    """The limits that a text such as ``60/minute``, ``100/minute;1000/hour`` or ``plan:free`` names, in its order.

    Raises ``ValueError`` with a sentence that says what is wrong.
    """
    return tuple(_limit(part) for part in PLANS.get(text.strip(), text).split(";"))


def told_limits(limits: Iterable[Limit]) -> str | None:
    """The text that names these limits; None where there are none."""
    units = {seconds: word for word, seconds in SECONDS.items()}
    return ";".join(f"{limit.count}/{units[limit.seconds]}" for limit in limits) or None


def _limit(part: str) -> Limit:
    if (found := LIMIT.fullmatch(part)) is None:
        raise ValueError(
            f"a rate limit is a count, a slash and one of {', '.join(SECONDS)}, as in 60/minute;"
            f" or {' or '.join(PLANS)}"
        )
    return Limit(int(found[1]), SECONDS[found[2]])


def _checked_limits(text: str) -> str:
    parse_limits(text)
    return text


def _split(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


Port = Annotated[int, Field(ge=0, le=65_535)]
Seconds = Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)]
Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
Networks = Annotated[tuple[IPvAnyNetwork, ...], NoDecode, BeforeValidator(_split)]
Limits = Annotated[str, AfterValidator(_checked_limits)]


class Settings(BaseSettings):
    """What a server is started with.

    ``Settings(port=9000)`` reads the environment and the file for everything that is not given. ``load`` does the
    same and turns whatever is wrong into one sentence.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True)

    config: Path | None = Field(
        default=None, description=f"TOML file with settings; {DEFAULT_FILE} is read if it is there"
    )
    host: str = Field(default="127.0.0.1", description="address to listen on; 0.0.0.0 means every interface")
    port: Port = Field(default=8080, description="port for plain HTTP; 0 picks a free one")
    profile: str = Field(default="demo", description="what the sandbox starts with: demo, empty or edge")
    seed: int = Field(default=1, ge=0, lt=2**63, description="the same number gives the same data")
    locale: str = Field(default="en_US", pattern=r"^[a-z]{2,3}_[A-Z]{2}$", description="language of names and places")
    tasks: int | None = Field(
        default=None, ge=0, description="how many tasks to seed; the profile decides if not given"
    )
    data: Path | None = Field(default=None, description="folder that keeps the databases; in memory if not given")
    wrap_creates: Literal["always", "never", "documented"] = Field(
        default="documented", description="whether the answer to a create stands in 'data'"
    )
    rate_limit: Limits | None = Field(
        default=None, description="requests allowed to each credential, as in 60/minute or 100/minute;1000/hour"
    )
    tls: bool = Field(default=False, description="serve HTTPS too, with a certificate of the sandbox's own CA")
    tls_port: Port = Field(default=8443, description="port for HTTPS; 0 picks a free one")
    tls_name: Names = Field(default=(), description="further host name or address for the certificate; may be repeated")
    tls_cert: Path | None = Field(default=None, description="PEM file with a certificate of your own; needs --tls-key")
    tls_key: Path | None = Field(default=None, description="PEM file with the key of --tls-cert")
    https_only: bool = Field(default=False, description="serve HTTPS too, and refuse API calls over plain HTTP")
    trusted_proxy: Networks = Field(
        default=("127.0.0.1", "::1"),
        validate_default=True,
        description="address or network whose X-Forwarded-Proto counts; may be repeated",
    )
    ready_file: Path | None = Field(
        default=None, description="JSON file with base_url and credentials, there while serving"
    )
    remember: bool = Field(default=True, description="keep answers until the next write")
    remember_mib: int = Field(default=4, ge=1, le=65_536, description="most memory for kept answers, in MiB")
    body_limit: ByteSize = Field(default=ByteSize(10 * MIB), gt=0, description="largest request body, as in 10MiB")
    journal_size: ByteSize = Field(
        default=ByteSize(16 * MIB), gt=0, description="most memory for the journals of all sandboxes, as in 16MiB"
    )
    journal_entries: int = Field(
        default=10_000, ge=0, description="most exchanges that the journals keep together; 0 keeps none"
    )
    control: bool = Field(default=True, description="answer the control routes under /_mock, not only readiness")
    control_token: str | None = Field(
        default=None, min_length=1, description="token that the control routes ask for, as Authorization: Bearer"
    )
    allow_host: Names = Field(
        default=(), description="further host name under which the control routes answer; may be repeated"
    )
    header_faults: bool = Field(
        default=True, description="let the headers X-Mock-Status, X-Mock-Delay and X-Mock-Wire act on their request"
    )
    auto_approve: bool = Field(
        default=False, description="approve each device that asks for a token, as the default credential's person"
    )
    request_timeout: Seconds = Field(default=30.0, description="seconds that a client has to send a whole request")
    keep_alive: Seconds = Field(default=75.0, description="seconds that an idle connection stays open")
    shutdown_grace: Seconds = Field(default=10.0, description="seconds that running requests have to finish at the end")
    cache_dir: Path | None = Field(
        default=None, description="folder for the CA and kept seeds; the user's cache if not given"
    )
    log: Literal["text", "json", "off"] = Field(default="text", description="how the server logs, on standard error")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 pydantic passes it by name
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 pydantic passes it by name
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags, then the environment, then the TOML file that one of the two names."""
        named = init_settings().get("config") or env_settings().get("config")
        return init_settings, env_settings, TomlFile(settings_cls, _file(named))

    @property
    def serves_https(self) -> bool:
        """Whether there is a listener for HTTPS: asked for, or implied by another setting."""
        return self.tls or self.https_only or self.tls_cert is not None or self.tls_key is not None

    @cached_property
    def limits(self) -> tuple[Limit, ...]:
        """The rate limits, none if the setting is off."""
        return parse_limits(self.rate_limit) if self.rate_limit else ()

    @cached_property
    def cache(self) -> Path:
        """The folder for what may be made again: ``cache_dir``, or the sandbox's own in the user's cache folder."""
        return self.cache_dir or _user_cache() / "gitscrum-mock"


class TomlFile(TomlConfigSettingsSource):
    """The settings of a TOML file. Raises StartFailure if it cannot be read."""

    def _read_file(self, file_path: Any) -> dict[str, Any]:
        try:
            found = super()._read_file(file_path)
        except OSError as error:
            raise StartFailure(f"The settings file {file_path} cannot be read: {error.strerror}.") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise StartFailure(f"The settings file {file_path} is not TOML: {error}.") from None
        if unknown := [key for key in found if key not in Settings.model_fields or key == "config"]:
            raise StartFailure(f"The settings file {file_path} has an unknown setting, {_meant(unknown[0])}.")
        return found


def _meant(key: str) -> str:
    near = difflib.get_close_matches(key.replace("-", "_"), Settings.model_fields.keys() - {"config"}, 1)
    return f"'{shown(key)}'" + (f" (perhaps '{near[0]}' was meant)" if near else "")


def _file(named: Any) -> Path | None:
    if named is None:
        return Path(DEFAULT_FILE) if Path(DEFAULT_FILE).exists() else None
    if not Path(named).is_file():
        raise StartFailure(f"There is no settings file {named}.")
    return Path(named)


def _user_cache() -> Path:
    """XDG_CACHE_HOME, which counts only if absolute; a user without a home gets a place in the temporary folder."""
    told = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if told.is_absolute():
        return told
    try:
        return Path.home() / ".cache"
    except RuntimeError:
        return Path(tempfile.gettempdir()) / f"cache-{os.getuid()}"


def load(**flags: Any) -> Settings:
    """The settings, where a flag that is None was not given. Raises StartFailure, which names each wrong setting."""
    given = {name: value for name, value in flags.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        raise StartFailure(" ".join(_complaint(each, given) for each in error.errors())) from None


def _complaint(error: ErrorDetails, given: dict[str, Any]) -> str:
    name = str(error["loc"][0])
    reason = str(error["ctx"]["error"]) if error["type"] == "value_error" else error["msg"]
    return f"{_place(name, given)} cannot be '{shown(error['input'])}': {reason[0].lower()}{reason[1:]}."


def _place(name: str, given: dict[str, Any]) -> str:
    """Where the value of a setting came from, in the words of that place."""
    if name in given:
        return flag_of(name)
    variable = variable_of(name)
    return variable if variable in map(str.upper, os.environ) else f"'{name}' in the settings file"


def flag_of(name: str) -> str:
    """The flag of a setting, such as ``--rate-limit``."""
    return f"--{name.replace('_', '-')}"


def variable_of(name: str) -> str:
    """The environment variable of a setting, such as ``GITSCRUM_MOCK_RATE_LIMIT``."""
    return PREFIX + name.upper()
