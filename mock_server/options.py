"""The settings as options of the command line: made from the fields of Settings, so that each is written once."""

import inspect
import types
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import typer
from pydantic.fields import FieldInfo

from mock_server.settings import Settings, flag_of, load, variable_of


def option_of(name: str, field: FieldInfo) -> inspect.Parameter:
    """One setting as a keyword that is None unless its flag is given."""
    told = f"{field.description} [env: {variable_of(name)}]"
    default = "" if field.default in (None, ()) else f" [default: {shown(field.default)}]"
    flags = [f"{flag_of(name)}/--no-{name.replace('_', '-')}"] if field.annotation is bool else [flag_of(name)]
    option = typer.Option(*flags, help=told + default, show_default=False)
    kind: Any = Annotated[kind_of(field.annotation), option]
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)


def shown(value: Any) -> str:
    """A default as a person would type it."""
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def kind_of(annotation: Any) -> Any:
    """The type that the command line reads: numbers, paths, switches and lists as such, the rest as text."""
    parts = [part for part in get_args(annotation) if part is not types.NoneType] or [annotation]
    plain = parts[0] if get_origin(annotation) is not Literal else annotation
    if plain in (int, float, bool, Path):
        return plain | None
    return list[str] | None if get_origin(annotation) is tuple else str | None


def with_settings(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command every setting as an option; it is called with the Settings that they make, first."""
    own = list(inspect.signature(command).parameters.values())[1:]
    options = [option_of(name, field) for name, field in Settings.model_fields.items()]

    def called(**given: Any) -> None:
        mine = {parameter.name: given.pop(parameter.name) for parameter in own}
        flags = {name: tuple(value) or None if isinstance(value, list) else value for name, value in given.items()}
        command(load(**flags), **mine)

    called.__signature__ = inspect.Signature([*keywords(own), *options])  # type: ignore[attr-defined]
    called.__name__, called.__doc__ = command.__name__, command.__doc__
    return called


def keywords(parameters: list[inspect.Parameter]) -> list[inspect.Parameter]:
    """A command's own parameters, as keywords."""
    return [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in parameters]
