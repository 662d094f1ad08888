"""Where a setting comes from, and what is said of a wrong one."""

import errno
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from mock_server.errors import StartFailure
from mock_server.settings import Limit, Settings, load, parse_limits


def test_a_flag_wins_over_the_environment_which_wins_over_the_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the default stands where none of them speaks."""
    (folder / "gitscrum-mock.toml").write_text("port = 1\nseed = 2\nprofile = 'empty'\n")
    monkeypatch.setenv("GITSCRUM_MOCK_PORT", "3")
    monkeypatch.setenv("GITSCRUM_MOCK_SEED", "4")
    found = load(port=5, seed=None)
    assert (found.port, found.seed, found.profile, found.locale) == (5, 4, "empty", "en_US")


def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a compose file leaves it."""
    monkeypatch.setenv("GITSCRUM_MOCK_DATA", "")
    assert load().data is None


RATE_LIMIT = (
    "a rate limit is a count, a slash and one of second, minute, hour, day, as in 60/minute; or plan:free or plan:pro."
)


@pytest.mark.parametrize("by_flag", [True, False])
def test_another_file_is_read_if_it_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch, by_flag: bool) -> None:
    """Instead of the one in the working folder."""
    (folder / "gitscrum-mock.toml").write_text("port = 1")
    (folder / "other.toml").write_text("seed = 7")
    if not by_flag:
        monkeypatch.setenv("GITSCRUM_MOCK_CONFIG", "other.toml")
    found = load(config=Path("other.toml") if by_flag else None)
    assert (found.port, found.seed) == (8080, 7)


def test_lists_are_written_with_commas_in_the_environment_and_as_lists_in_the_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names of the certificate, and trusted proxies."""
    (folder / "gitscrum-mock.toml").write_text('trusted_proxy = ["10.0.0.0/8", "::1"]')
    monkeypatch.setenv("GITSCRUM_MOCK_TLS_NAME", "a.test, b.test")
    found = load()
    assert found.tls_name == ("a.test", "b.test")
    assert found.trusted_proxy == (ip_network("10.0.0.0/8"), ip_network("::1"))


def test_only_this_machine_is_a_trusted_proxy_by_default() -> None:
    """In both families."""
    assert load().trusted_proxy == (ip_network("127.0.0.1"), ip_network("::1"))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("prot = 1", r"has an unknown setting, 'prot' (perhaps 'port' was meant)."),
        ("rate-limit = '1/day'", r"has an unknown setting, 'rate-limit' (perhaps 'rate_limit' was meant)."),
        ("zzz = 1", r"has an unknown setting, 'zzz'."),
        ("config = 'x'", r"has an unknown setting, 'config'."),
        ("port =", r"is not TOML: Invalid value (at end of document)."),
    ],
)
def test_a_file_with_something_else_in_it_is_refused(folder: Path, content: str, sentence: str) -> None:
    """A typing error must not pass unnoticed."""
    (folder / "gitscrum-mock.toml").write_text(content)
    with pytest.raises(StartFailure) as failure:
        load()
    assert str(failure.value) == f"The settings file gitscrum-mock.toml {sentence}"


def locked(*_: object, **__: object) -> None:
    """A file of somebody else's."""
    raise PermissionError(errno.EACCES, "Permission denied")


def test_a_file_that_cannot_be_read_is_one_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Because it is not there, is a folder, is somebody else's, or is not text."""
    for name in ("none.toml", str(folder)):
        with pytest.raises(StartFailure, match=rf"^There is no settings file {name}\.$"):
            load(config=name)
    (folder / "locked.toml").touch()
    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", locked)
        with pytest.raises(StartFailure, match=r"^The settings file locked\.toml cannot be read: Permission denied\.$"):
            load(config="locked.toml")
    (folder / "bytes.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(StartFailure, match="is not TOML"):
        load(config="bytes.toml")


@pytest.mark.parametrize(
    ("name", "value", "rest"),
    [
        ("port", "70000", "input should be less than or equal to 65535."),
        ("port", "-1", "input should be greater than or equal to 0."),
        ("seed", "x", "input should be a valid integer, unable to parse string as an integer."),
        ("locale", "english", "string should match pattern '^[a-z]{2,3}_[A-Z]{2}$'."),
        ("wrap_creates", "maybe", "input should be 'always', 'never' or 'documented'."),
        ("trusted_proxy", "10.0.0.1/8", "value is not a valid IPv4 or IPv6 network."),
        ("request_timeout", "0", "input should be greater than 0."),
        (
            "rate_limit",
            "60",
            RATE_LIMIT,
        ),
    ],
)
def test_a_wrong_value_is_named_as_it_was_given(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, rest: str
) -> None:
    """By its flag, by its variable, or by its key in the file."""
    flag, variable = f"--{name.replace('_', '-')}", f"GITSCRUM_MOCK_{name.upper()}"
    (folder / "wrong.toml").write_text(f"{name} = '{value}'")
    assert complaint(config="wrong.toml") == f"'{name}' in the settings file cannot be '{value}': {rest}"
    monkeypatch.setenv(variable, value)
    assert complaint() == f"{variable} cannot be '{value}': {rest}"
    monkeypatch.delenv(variable)
    assert complaint(**{name: value}) == f"{flag} cannot be '{value}': {rest}"


def complaint(**flags: Any) -> str:
    """What is said of settings that are wrong."""
    with pytest.raises(StartFailure) as failure:
        load(**flags)
    return str(failure.value)


def test_every_wrong_setting_is_named_at_once() -> None:
    """So that nobody has to start three times."""
    said = complaint(port="x", seed="y")
    assert "--port cannot be 'x'" in said
    assert "--seed cannot be 'y'" in said


def test_rate_limits_are_counts_in_windows() -> None:
    """Several of them with semicolons; spaces and plurals do no harm."""
    assert parse_limits("60/minute") == (Limit(60, 60),)
    assert parse_limits("1/second; 100 / minutes;1000/hour;9/day") == (
        Limit(1, 1),
        Limit(100, 60),
        Limit(1000, 3600),
        Limit(9, 86400),
    )
    assert load(rate_limit="2/hour").limits == (Limit(2, 3600),)
    assert load().limits == ()


@pytest.mark.parametrize(
    "text", ["", "60", "0/minute", "-1/minute", "1.5/hour", "60/week", "60/minute;", "1/minute,2/hour"]
)
def test_what_is_no_rate_limit_is_refused(text: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(ValueError, match="a rate limit is a count"):
        parse_limits(text)


def test_a_size_may_be_written_with_its_unit() -> None:
    """Or in bytes."""
    assert load(body_limit="2MiB").body_limit == load(body_limit="2097152").body_limit == 2 * 1024 * 1024


def test_https_is_served_when_something_asks_for_it() -> None:
    """In so many words, or by what needs it."""
    assert not load().serves_https
    for asks in ({"tls": True}, {"https_only": True}, {"tls_cert": "x"}, {"tls_key": "x"}):
        assert load(**asks).serves_https


def test_what_may_be_made_again_lies_in_the_users_cache(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the user says, else where the desktop says, else in the home folder, else in the temporary folder."""
    assert load(cache_dir=folder / "own").cache == folder / "own"
    assert load().cache == folder / "caches" / "gitscrum-mock"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative/paths/do/not/count")
    monkeypatch.setenv("HOME", "/home/someone")
    assert load().cache == Path("/home/someone/.cache/gitscrum-mock")
    monkeypatch.setattr(Path, "home", homeless)
    assert load().cache.name == "gitscrum-mock"
    assert not load().cache.is_relative_to("/home/someone")


def homeless() -> Path:
    """A user without a home."""
    raise RuntimeError("no home")


def test_settings_do_not_change_once_made() -> None:
    """Every room may keep them."""
    with pytest.raises(ValueError, match="frozen"):
        Settings().port = 9
