"""Where the fixtures are: inside the package once it is installed, beside it in a checkout."""

from pathlib import Path

from mock_server.errors import StartFailure, shown

PACKAGE = Path(__file__).resolve().parent


def home(package: Path = PACKAGE) -> Path:
    """The folder of all fixtures; ``package`` is where ``mock_server`` lies. Raises StartFailure if there is none."""
    for folder in (package / "fixtures", package.parent / "fixtures"):
        if folder.is_dir():
            return folder
    raise StartFailure("The fixtures of gitscrum-mock are missing: install it again.")


def fixture(*parts: str) -> Path:
    """The path of a fixture, as in ``fixture("profiles", "demo.toml")``.

    Raises StartFailure if there is no such file or folder, or if the parts lead out of the fixtures.
    """
    root = home()
    path = root.joinpath(*parts).resolve()
    if not path.is_relative_to(root) or not path.exists():
        raise StartFailure(f"There is no fixture '{shown('/'.join(parts))}' in {root}.")
    return path
