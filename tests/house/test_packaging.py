"""How the project is declared, packed into a wheel, and found once installed."""

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import packages_distributions, version
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from mock_server.errors import StartFailure
from mock_server.fixture import fixture, home

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
EXTRAS = PROJECT["project"]["optional-dependencies"]
DEPENDENCIES = [Requirement(line) for line in PROJECT["project"]["dependencies"]]
FIXED_BY_PYDANTIC = {"pydantic-core"}  # the other half of pydantic, which asks for one exact version of it
EVERY_REQUIREMENT = [
    *DEPENDENCIES,
    *(Requirement(line) for line in PROJECT["build-system"]["requires"]),
    *(Requirement(line) for extra in EXTRAS.values() for line in extra),
]


@pytest.mark.parametrize("requirement", EVERY_REQUIREMENT, ids=str)
def test_a_dependency_is_bounded_on_both_sides(requirement: Requirement) -> None:
    """A release of somebody else's cannot break an installation of this one."""
    operators = {specifier.operator for specifier in requirement.specifier}
    assert operators in ({">=", "<"}, {"=="})


def test_faker_is_pinned_exactly() -> None:
    """The same seed gives the same names only as long as Faker is the same."""
    (faker,) = (requirement for requirement in DEPENDENCIES if requirement.name == "faker")
    assert str(faker.specifier) == f"=={version('faker')}"


def test_the_package_imports_only_what_it_declares() -> None:
    """No module is there by luck, because some dependency happens to bring it."""
    declared = {canonicalize_name(requirement.name) for requirement in DEPENDENCIES} | FIXED_BY_PYDANTIC
    owners = packages_distributions()
    imported = {name for file in (ROOT / "mock_server").rglob("*.py") for name in imports_of(file)}
    foreign = imported - sys.stdlib_module_names - {"mock_server", "pytest"}  # only pytest itself loads its plugin
    undeclared = {name for name in foreign if not declared & {canonicalize_name(owner) for owner in owners[name]}}
    assert not undeclared


def imports_of(file: Path) -> Iterator[str]:
    """The top-level name of each module that a file imports, at its head or inside a function."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def test_a_rule_that_is_not_followed_says_why() -> None:
    """Each exemption in the linter's settings has its reason on its own line."""
    settings = (ROOT / "pyproject.toml").read_text()
    exempt = re.findall(r'^ {4}"[A-Z]+\d+",.*$', settings, re.MULTILINE)
    assert exempt
    assert [line for line in exempt if not re.search(r"# \S+ \S+", line)] == []


def test_the_command_is_there_once_installed() -> None:
    """The name in pyproject.toml leads to a function."""
    module, _, function = PROJECT["project"]["scripts"]["gitscrum-mock"].partition(":")
    assert callable(getattr(import_module(module), function))


def test_the_module_runs_as_the_command_does() -> None:
    """`python -m mock_server` shows the commands, `serve` among them."""
    shown = subprocess.run(
        [sys.executable, "-m", "mock_server", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "serve" in shown.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel, built from this checkout without a network."""
    (path,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path_factory.mktemp("dist")))
    return zipfile.ZipFile(path)


def files_under(folder: Path) -> set[str]:
    """The files of a folder as paths from it, without bytecode."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_fixtures_ship_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    """Every file under fixtures/ is inside the installed package."""
    expected = {f"mock_server/fixtures/{name}" for name in files_under(ROOT / "fixtures")}
    assert expected
    assert expected <= set(wheel.namelist())


def test_the_wheel_holds_the_package_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    """Neither tests nor benchmarks nor settings of tools are installed."""
    packed = {name for name in wheel.namelist() if ".dist-info/" not in name}
    modules = {f"mock_server/{name}" for name in files_under(ROOT / "mock_server")}
    assert {name for name in packed if not name.startswith("mock_server/fixtures/")} == modules


def test_an_installed_package_finds_its_own_fixtures(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    """Away from the checkout the fixtures come from the package."""
    wheel.extractall(tmp_path)
    ask = "from mock_server.fixture import fixture; print(fixture('profiles'))"
    run = subprocess.run(
        [sys.executable, "-c", ask],
        cwd="/",
        env={"PYTHONPATH": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == str(tmp_path / "mock_server" / "fixtures" / "profiles")


def test_a_checkout_uses_its_fixtures_in_place() -> None:
    """An edited fixture counts at once, without another installation."""
    assert fixture("profiles") == ROOT / "fixtures" / "profiles"


def test_a_missing_fixture_is_one_sentence() -> None:
    """The name that was asked for is in it."""
    with pytest.raises(StartFailure, match=r"^There is no fixture 'profiles/nowhere\.toml' in .*\.$"):
        fixture("profiles", "nowhere.toml")


@pytest.mark.parametrize("parts", [("..", "pyproject.toml"), ("/etc/passwd",), ("profiles", "../../LICENSE")], ids=str)
def test_a_fixture_is_never_sought_outside(parts: tuple[str, ...]) -> None:
    """A name from the command line cannot lead to another file."""
    with pytest.raises(StartFailure, match="There is no fixture"):
        fixture(*parts)


def test_a_package_without_fixtures_says_so(tmp_path: Path) -> None:
    """A broken installation is told apart from a wrong name."""
    with pytest.raises(StartFailure, match="install it again"):
        home(tmp_path / "mock_server")


def test_the_changelog_has_a_place_for_what_comes_next() -> None:
    """The first section is the unreleased one."""
    sections = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert sections[0] == "[Unreleased]"
