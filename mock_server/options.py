"""The settings as options of the command line: made from the fields of Settings, so that each is written once."""

import inspect
import types
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import typer
from pydantic import ByteSize
from pydantic.fields import FieldInfo

from mock_server.settings import Settings, flag_of, load, variable_of

METAVARS = {int: "NUMBER", float: "SECONDS", ByteSize: "SIZE", Path: "PATH", bool: None}


def option_of(name: str, field: FieldInfo) -> inspect.Parameter:
    """One setting as a keyword that is None unless its flag is given. Its help tells variable and default too.

    Switches, paths and lists are read as such; the rest stays text, so that whatever is wrong with a value is said
    in the same words wherever it came from.
    """
    kind, choices = kind_of(field.annotation), choices_of(field.annotation)
    told = typer.Option(
        flag_of(name) + (f"/--no-{name.replace('_', '-')}" if kind == bool | None else ""),
        help=f"{field.description} ({variable_of(name)}{default_of(field)})",
        show_default=False,
        metavar="|".join(choices) or METAVARS.get(plain(field.annotation), "TEXT"),
        autocompletion=(lambda: list(choices)) if choices else None,
    )
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[kind, told])


def plain(annotation: Any) -> Any:
    """The type of a setting without its None."""
    parts = [part for part in get_args(annotation) if part is not types.NoneType]
    return parts[0] if isinstance(annotation, types.UnionType) else annotation


def choices_of(annotation: Any) -> tuple[str, ...]:
    """What a setting may be, if that is a short list."""
    return get_args(annotation) if get_origin(annotation) is Literal else ()


def kind_of(annotation: Any) -> Any:
    """The type that the command line reads."""
    if plain(annotation) in (bool, Path):
        return plain(annotation) | None
    return list[str] | None if get_origin(annotation) is tuple else str | None


def default_of(field: FieldInfo) -> str:
    """The default as a person would type it; nothing for what is off or not given."""
    value = field.default
    if value in (None, (), False):
        return ""
    if isinstance(value, tuple):
        return f", default {','.join(map(str, value))}"
    if isinstance(value, float):
        return f", default {value:g}"
    if isinstance(value, ByteSize):
        return f", default {value.human_readable().replace('.0', '')}"
    return f", default {'on' if value is True else value}"


def with_settings(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command settings as options: those named and ``--config``, or all of them if none is named.

    The command is called with the Settings that flags, environment and file make together, first.
    """
    wanted = {"config", *names} if names else set(Settings.model_fields)
    options = [option_of(name, field) for name, field in Settings.model_fields.items() if name in wanted]

    def given(command: Callable[..., None]) -> Callable[..., None]:
        own = list(inspect.signature(command).parameters.values())[1:]

        def called(**values: Any) -> None:
            mine = {parameter.name: values.pop(parameter.name) for parameter in own}
            command(load(**{name: value or None if value == [] else value for name, value in values.items()}), **mine)

        called.__signature__ = inspect.Signature([*keywords(own), *options])  # type: ignore[attr-defined]
        called.__name__, called.__doc__ = command.__name__, command.__doc__
        return called

    return given


def keywords(parameters: list[inspect.Parameter]) -> list[inspect.Parameter]:
    """A command's own parameters, as keywords."""
    return [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in parameters]
