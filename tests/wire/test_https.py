"""HTTPS: certificates that verify, and a server that insists."""

import ssl
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import trustme

from mock_server.errors import StartFailure
from mock_server.wire.certificates import authority, authority_in_words, certificate
from mock_server.wire.https import HttpsOnly, is_secure
from tests.wire.serving import Echo, connected, everything, serving, settings

REFUSED = {
    "message": "This server answers over HTTPS only; call it with https:// instead of http://.",
    "error_code": "HTTPS_REQUIRED",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the CA is kept."""
    return tmp_path / "cache"


@pytest.fixture
def only(folder: Path) -> Iterator[tuple[str, str, Path]]:
    """A server that refuses plain HTTP: its two URLs, and the CA."""
    given = settings(https_only=True, cache_dir=folder)
    with serving(HttpsOnly(Echo(), given), given) as served:
        yield served.doors[0].url, served.doors[1].url, authority(given)


def trusting(ca: Path) -> ssl.SSLContext:
    """What a client has to do: trust the CA."""
    return ssl.create_default_context(cafile=str(ca))


def test_http_and_https_are_served_side_by_side(folder: Path) -> None:
    """With a certificate that a client of the CA verifies, for localhost and for the loopback address."""
    given = settings(tls=True, cache_dir=folder)
    with serving(Echo(), given) as served, httpx.Client(verify=trusting(authority(given))) as client:
        plain, secure = (door.url for door in served.doors)
        assert client.get(f"{plain}/echo").json()["scheme"] == "http"
        for url in (secure, secure.replace("127.0.0.1", "localhost")):
            assert client.get(f"{url}/echo").json()["scheme"] == "https"


@pytest.mark.parametrize("name", ["api.gitscrum.com", "services.gitscrum.com", "mock.test", "xn--caf-dma.test"])
def test_the_certificate_is_good_for_the_names_of_the_service_and_for_more(folder: Path, name: str) -> None:
    """A client that reaches the sandbox under an alias verifies it under that alias."""
    given = settings(tls=True, tls_name=["mock.test", "café.test"], cache_dir=folder)
    with serving(Echo(), given) as served, httpx.Client(verify=trusting(authority(given))) as client:
        answer = client.get(f"{served.doors[1].url}/echo", extensions={"sni_hostname": name})
    assert answer.status_code == 200


def test_a_client_that_does_not_trust_the_ca_refuses(folder: Path) -> None:
    """As it should."""
    with (
        serving(Echo(), settings(tls=True, cache_dir=folder)) as served,
        pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        httpx.get(f"{served.doors[1].url}/echo")


def test_a_tls_handshake_that_stalls_is_cut_off(folder: Path) -> None:
    """The deadline holds before HTTP begins."""
    began = time.monotonic()
    with serving(Echo(), settings(tls=True, cache_dir=folder)) as served, connected(served.doors[1].port) as wire:
        assert everything(wire) == b""
    assert time.monotonic() - began < 4


def test_a_half_sent_request_over_tls_is_told_that_it_is_late(folder: Path) -> None:
    """The same protocol serves both doors."""
    given = settings(tls=True, cache_dir=folder)
    with serving(Echo(), given) as served, connected(served.doors[1].port, trusting(authority(given))) as wire:
        wire.sendall(b"GET /ec")
        assert b"REQUEST_TIMEOUT" in wire.recv(65_536)


def test_an_idle_tls_connection_does_not_delay_the_end(folder: Path) -> None:
    """Not even one that never says goodbye."""
    given = settings(tls=True, cache_dir=folder, request_timeout=30)
    with serving(Echo(), given) as served:
        connection = connected(served.doors[1].port, trusting(authority(given)))
        wire = connection.__enter__()
        wire.sendall(b"GET /echo HTTP/1.1\r\nHost: x\r\n\r\n")
        wire.recv(65_536)
        began = time.monotonic()
    assert time.monotonic() - began < 4
    connection.__exit__(None, None, None)


def test_plain_http_is_refused_where_https_is_required(only: tuple[str, str, Path]) -> None:
    """In the error shape of the API, while HTTPS works beside it."""
    plain, secure, ca = only
    refused = httpx.get(f"{plain}/tasks")
    assert (refused.status_code, refused.json()) == (403, REFUSED)
    assert httpx.get(f"{secure}/tasks", verify=trusting(ca)).status_code == 200


def test_a_trusted_proxy_may_say_that_its_client_used_https(only: tuple[str, str, Path]) -> None:
    """Loopback is trusted by default; what the proxy says must be https."""
    for told, status in [("https", 200), ("HTTPS, http", 200), ("http", 403), ("http, https", 403), ("", 403)]:
        assert httpx.get(f"{only[0]}/tasks", headers={"X-Forwarded-Proto": told}).status_code == status


@pytest.mark.parametrize("path", ["/_mock", "/_mock/ready"])
def test_the_control_pages_answer_over_plain_http_all_the_same(only: tuple[str, str, Path], path: str) -> None:
    """A health check needs no certificate."""
    assert httpx.get(only[0] + path).status_code == 200
    assert httpx.get(f"{only[0]}/_mocked").status_code == 403


@pytest.mark.parametrize(
    ("client", "trusted"),
    [
        (("10.1.2.3", 1), True),
        (("::ffff:10.1.2.3", 1), True),
        (("11.1.2.3", 1), False),
        (("::1", 1), False),
        (("testclient", 1), False),
        (None, False),
    ],
)
def test_only_a_trusted_address_is_believed(client: object, trusted: bool) -> None:
    """An IPv4 address counts as itself where an IPv6 socket took the call."""
    scope = {"scheme": "http", "client": client, "headers": [(b"x-forwarded-proto", b"https")]}
    assert is_secure(scope, settings(trusted_proxy=["10.0.0.0/8"])) is trusted


def test_the_ca_is_made_once_and_its_key_is_private(folder: Path) -> None:
    """So that a client which trusts it goes on doing so."""
    pem = authority(settings(cache_dir=folder))
    first = pem.read_bytes()
    assert certificate(settings(tls=True, cache_dir=folder)).ca == pem
    assert pem.read_bytes() == first
    assert stat.S_IMODE(pem.with_name("ca.key").stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["ca"]


def test_two_servers_that_start_at_once_end_with_the_same_ca(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that is second takes what the first made, and leaves nothing behind."""
    first = authority_in_words(settings(cache_dir=folder))
    monkeypatch.setattr(Path, "exists", lambda _: False)  # as the second saw it before the first was done
    assert authority_in_words(settings(cache_dir=folder)) == first
    assert [path.name for path in folder.iterdir()] == ["ca"]


def test_a_folder_that_cannot_be_written_gives_a_ca_for_this_run(tmp_path: Path) -> None:
    """With a warning that says where it is."""
    (tmp_path / "file").write_text("in the way")
    made = certificate(settings(tls=True, cache_dir=tmp_path / "file"))
    assert made.ca is not None
    assert made.ca.is_file()
    assert "cannot be kept" in made.warning
    assert str(made.ca) in made.warning
    with pytest.raises(StartFailure, match=r"^The CA cannot be kept in .*; see --cache-dir\.$"):
        authority(settings(cache_dir=tmp_path / "file"))


def test_a_damaged_ca_is_one_sentence(folder: Path) -> None:
    """It says how to get a new one."""
    authority(settings(cache_dir=folder)).write_text("nonsense")
    with pytest.raises(StartFailure, match=r"cannot be read .*; delete it to get a new one"):
        certificate(settings(tls=True, cache_dir=folder))


@pytest.mark.parametrize("name", ["", "a b", "-" * 80])
def test_a_name_that_no_certificate_can_have_is_one_sentence(folder: Path, name: str) -> None:
    """Said as the flag is called."""
    with pytest.raises(StartFailure, match=r"^--tls-name "):
        certificate(settings(tls=True, tls_name=[name], cache_dir=folder))


@pytest.fixture
def own(tmp_path: Path) -> tuple[Path, Path, Path]:
    """A certificate of the user's own: CA, certificate and key."""
    ca = trustme.CA()
    leaf = ca.issue_cert("localhost", "127.0.0.1")
    for name, blob in [("ca", ca.cert_pem), ("cert", leaf.cert_chain_pems[0]), ("key", leaf.private_key_pem)]:
        blob.write_to_path(tmp_path / name)
    return tmp_path / "ca", tmp_path / "cert", tmp_path / "key"


def test_a_certificate_of_ones_own_is_served(own: tuple[Path, Path, Path]) -> None:
    """It asks for HTTPS by being there."""
    given = settings(tls_cert=own[1], tls_key=own[2])
    with serving(Echo(), given) as served:
        assert httpx.get(f"{served.doors[1].url}/echo", verify=trusting(own[0])).status_code == 200


def test_wrong_files_for_the_certificate_are_one_sentence(own: tuple[Path, Path, Path], tmp_path: Path) -> None:
    """One without the other, one that is not there, two that do not match."""
    ca, cert, key = own
    with pytest.raises(StartFailure, match="go together"):
        certificate(settings(tls_cert=cert))
    with pytest.raises(StartFailure, match=r"^--tls-key: .* cannot be read: No such file"):
        certificate(settings(tls_cert=cert, tls_key=tmp_path / "none"))
    with pytest.raises(StartFailure, match="are not a PEM certificate and its unencrypted key"):
        certificate(settings(tls_cert=ca, tls_key=key))
    with pytest.raises(StartFailure, match="are not a PEM certificate and its unencrypted key"):
        certificate(settings(tls_cert=key, tls_key=cert))
