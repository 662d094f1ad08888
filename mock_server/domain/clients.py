"""The clients of a workspace, whom it makes proposals to and sends invoices."""

from sqlalchemy import Index

from mock_server.domain.columns import belongs, key, moment
from mock_server.domain.workspaces import Table


class ContactCompany(Table, table=True):
    """A client. The API calls it contact company; what is not known of it is empty."""

    __tablename__ = "contact_company"
    __table_args__ = (
        Index("contact_company_newest", "company_id", "created_at", "id"),
        {"sqlite_autoincrement": True},
    )
    id: int | None = key()
    uuid: str
    company_id: int = belongs("company", index=False)
    name: str
    email: str = ""
    phone: str = ""
    website: str = ""
    address_line_1: str = ""
    address_line_2: str = ""
    city: str = ""
    country: str = ""
    postcode: str = ""
    vat_number: str = ""
    notes: str = ""
    created_at: int = moment()
    updated_at: int = moment()
