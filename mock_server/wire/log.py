"""The log: what went wrong, on standard error, as text or as one JSON object a line."""

import logging
import sys
from typing import Any, Literal, TextIO


def keep_log(kind: Literal["text", "json", "off"]) -> None:
    """Write the records of every library in one form, or none of them."""
    handler = logging.NullHandler() if kind == "off" else Lines(kind)
    logging.root.handlers = [handler]


class Lines(logging.StreamHandler[TextIO]):
    """Writes records by structlog, imported with the first of them: it takes long, and most runs have none."""

    def __init__(self, kind: str) -> None:
        super().__init__(sys.stderr)
        self.kind = kind

    def format(self, record: logging.LogRecord) -> str:
        """A record in words, or in JSON."""
        if self.formatter is None:
            self.formatter = formatter(self.kind)
        return super().format(record)


def formatter(kind: str) -> logging.Formatter:
    """Structlog's: when, how bad, what, whatever came with it, and the traceback."""
    from structlog import dev, processors, stdlib

    text = dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=dev.plain_traceback)
    shown: list[Any] = [text] if kind == "text" else [processors.format_exc_info, processors.JSONRenderer()]
    return stdlib.ProcessorFormatter(
        foreign_pre_chain=[processors.TimeStamper("iso"), stdlib.add_log_level, stdlib.ExtraAdder()],
        processors=[stdlib.ProcessorFormatter.remove_processors_meta, *shown],
    )
