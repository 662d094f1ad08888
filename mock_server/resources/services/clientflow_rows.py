"""What the ClientFlow endpoints share: finding a row by any of its names, money, and where a caller does business.

The services API wants the role agency_owner; here the owner and the admins of a workspace have it.
"""

from typing import Any

from sqlalchemy import ColumnElement, case, func, literal_column

from mock_server.dialects.answers import Db
from mock_server.dialects.views import View
from mock_server.domain.clients import ContactCompany
from mock_server.domain.slugs import kebab
from mock_server.errors import Invalid, NotFound
from mock_server.resources.found import REF_CODE, Row

FEATURE = "clientflow"
LEAST = "admin"
ROW = """
SELECT t.* FROM "{table}" t JOIN company c ON c.id = t.company_id AND c.plan = 'pro'
JOIN workspace_member m ON m.company_id = c.id AND m.user_id = :me AND m.role_id IN (1, 4)
WHERE {where} ORDER BY t.id LIMIT 1
"""
BY_UUID = "t.uuid = lower(:key)"
BY_REF = "substr(t.uuid, 1, 8) = lower(:key)"
BY_NUMBER = "t.number = :number"
TIMES = 8  # how strongly SQL binds a multiplication, as SQLAlchemy counts
SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "BRL": "R$", "JPY": "¥", "CHF": "CHF", "CAD": "CA$", "AUD": "A$"}


class ClientCard(View, of=ContactCompany):
    """A client, in short."""

    uuid: str
    name: str


def row_at(db: Db, table: str, noun: str, key: str, prefix: str = "") -> Any:
    """The row of this uuid, ref_code or, where the table has numbers, code (``prefix`` and number, any letter case).

    Looked for in every PRO workspace that the caller runs. Raises NotFound, which calls the row a ``noun``.
    """
    wheres = [BY_UUID, *([BY_REF] if REF_CODE.fullmatch(key) else [])]
    digits = key.upper().removeprefix(prefix)
    if prefix and len(digits) < 10 and digits.isascii() and digits.isdigit() and key.upper() != digits:
        wheres.append(BY_NUMBER)
    for where in wheres:
        number = int(digits) if where is BY_NUMBER else 0
        found = db.asked(ROW.format(table=table, where=where), {"key": key, "number": number, "me": db.me})
        if found:
            return Row(found[0])
    raise NotFound(noun, key, " in a workspace that you run")


def cents_of(name: str, amount: float) -> int:
    """A sum in whole units as cents. Raises Invalid for more than can be counted."""
    if amount > 1_000_000_000:
        raise Invalid(name, f"The parameter '{name}' goes up to 1000000000; got '{amount:g}'.")
    return round(amount * 100)


def currency_of(code: str) -> str:
    """Three capital letters. Raises Invalid for what is no currency's code."""
    if len(code) != 3 or not (code.isascii() and code.isalpha()):
        raise Invalid("currency", f"The parameter 'currency' takes a code of three letters; got '{code[:20]}'.")
    return code.upper()


def units(cents: Any) -> ColumnElement[float]:
    """Cents as whole units with two decimals."""
    return func.round(cents / 100.0, 2)


def symbol(row: Any) -> ColumnElement[str]:
    """The sign of a row's currency; its code where it has none."""
    return case(SYMBOLS, value=row.c.currency, else_=row.c.currency)


def formatted(row: Any, cents: Any) -> ColumnElement[str]:
    """A sum as people read it: ``$1,234.50``."""
    rest = cents.op("%", precedence=TIMES)(literal_column("100"))
    return func.printf(literal_column("'%s%,d.%02d'"), symbol(row), whole(cents), rest)


def whole(hundredths: Any) -> ColumnElement[int]:
    """Hundredths by a hundred, without the rest: a division of whole numbers, which SQLAlchemy has no sign for."""
    return hundredths.op("/", precedence=TIMES)(literal_column("100"))  # type: ignore[no-any-return]


def client_named(db: Db, company_id: int, key: str) -> Any:
    """The client that a proposal or an invoice is for: by uuid or ref_code, else by its name as a slug.

    It belongs to the workspace. Raises NotFound.
    """
    for row in db.asked("SELECT * FROM contact_company WHERE company_id = :company_id", {"company_id": company_id}):
        if key.lower() in (row["uuid"], row["uuid"][:8], kebab(row["name"])):
            return row
    raise NotFound("Client", key, " in this workspace")
