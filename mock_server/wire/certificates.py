"""Certificates: the sandbox's own authority, kept from run to run, and what the HTTPS listener shows."""

import errno
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from mock_server.errors import StartFailure, shown
from mock_server.settings import Settings

if TYPE_CHECKING:
    from trustme import CA

NAMES = ("localhost", "127.0.0.1", "::1", "api.gitscrum.com", "services.gitscrum.com")
LIFE = timedelta(days=365)  # some clients refuse a certificate that lives much longer
OWNER = "GitScrum sandbox"


@dataclass(frozen=True)
class Certificate:
    """What HTTPS is served with: the TLS context, and the file of the CA that a client has to trust, if it is ours.

    ``warning`` is a sentence for the person who started the server, or empty.
    """

    tls: ssl.SSLContext
    ca: Path | None = None
    warning: str = ""


def certificate(settings: Settings) -> Certificate:
    """The server's certificate: the files of ``tls_cert`` and ``tls_key``, or one of our own. Raises StartFailure."""
    if settings.tls_cert is None and settings.tls_key is None:
        return _issued(settings)
    if settings.tls_cert is None or settings.tls_key is None:
        raise StartFailure("--tls-cert and --tls-key go together; one of them is missing.")
    return Certificate(_loaded(settings.tls_cert, settings.tls_key))


def authority(settings: Settings) -> Path:
    """The file of the CA's certificate, made if there is none. Raises StartFailure if it cannot be kept."""
    folder = settings.cache / "ca"
    try:
        if not folder.exists():
            _founded(folder)
    except OSError as error:
        raise StartFailure(f"The CA cannot be kept in {folder}: {error.strerror}; see --cache-dir.") from None
    return folder / "ca.pem"


def authority_in_words(settings: Settings) -> str:
    """The CA's certificate in PEM, for clients to trust. Raises StartFailure."""
    return _read(authority(settings)).cert_pem.bytes().decode()


def _issued(settings: Settings) -> Certificate:
    warning = ""
    try:
        pem = authority(settings)
    except StartFailure as failure:
        pem = _founded(Path(mkdtemp(prefix="gitscrum-mock-")) / "ca")
        warning = f"{failure} The CA in {pem} is for this run only."
    return Certificate(_signed(_read(pem), settings.tls_name), pem, warning)


def _founded(folder: Path) -> Path:
    """Make a CA in a folder that appears whole, so that two servers which start at once end with the same."""
    from trustme import CA

    made = CA(organization_name=OWNER, organization_unit_name="Local test CA")
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(mkdtemp(prefix=".ca-", dir=folder.parent))
    (draft / "ca.key").touch(mode=0o600)
    made.private_key_pem.write_to_path(draft / "ca.key")
    made.cert_pem.write_to_path(draft / "ca.pem")
    try:
        draft.rename(folder)
    except OSError as error:
        _drop(draft)
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise
    return folder / "ca.pem"


def _drop(draft: Path) -> None:
    for file in draft.iterdir():
        file.unlink()
    draft.rmdir()


def _read(pem: Path) -> "CA":
    from trustme import CA

    try:
        return CA.from_pem(pem.read_bytes(), pem.with_name("ca.key").read_bytes())
    except (OSError, ValueError, TypeError) as error:
        raise StartFailure(f"The CA in {pem.parent} cannot be read ({error}); delete it to get a new one.") from None


def _signed(ca: "CA", names: tuple[str, ...]) -> ssl.SSLContext:
    now = datetime.now(UTC).replace(tzinfo=None)
    try:
        leaf = ca.issue_cert(*dict.fromkeys((*NAMES, *names)), organization_name=OWNER, not_after=now + LIFE)
    except (ValueError, UnicodeError) as error:
        raise StartFailure(f"--tls-name cannot be one of '{shown(', '.join(names))}': {error}.") from None
    context = _context()
    leaf.configure_cert(context)
    return context


def _context() -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.set_alpn_protocols(["http/1.1"])
    return context


def _loaded(cert: Path, key: Path) -> ssl.SSLContext:
    context = _context()
    _legible(cert, "--tls-cert")
    _legible(key, "--tls-key")
    try:
        context.load_cert_chain(cert, key, password=lambda: b"")  # without it OpenSSL asks at the terminal
    except (ssl.SSLError, OSError):
        raise StartFailure(f"{cert} and {key} are not a PEM certificate and its unencrypted key.") from None
    return context


def _legible(path: Path, flag: str) -> None:
    try:
        path.read_bytes()
    except OSError as error:
        raise StartFailure(f"{flag}: {path} cannot be read: {error.strerror}.") from None
