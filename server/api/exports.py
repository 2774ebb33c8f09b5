"""Lists as files: what the list shows with the same filters, for spreadsheets."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask import Response

from server import exports, listing, showing
from server.blueprint import Blueprint
from server.board_shapes import FilterSchema
from server.database import reading
from server.listing import wanted_by
from server.parts import the_parts
from server.running import Promised
from server.scoping import the_scope
from server.story import called
from sync.problems import Refused

blp = Blueprint("exports", __name__, description="Lists as files")

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blp.get("/v1/export/orders.csv")
@blp.arguments(FilterSchema, location="query")
@blp.response(200, content_type="text/csv")
def as_csv(asked: dict[str, Any]) -> Any:
    """The list as CSV."""
    return _file(asked, exports.as_csv, "csv", CSV)


@blp.get("/v1/export/orders.xlsx")
@blp.arguments(FilterSchema, location="query")
@blp.response(200, content_type=XLSX)
def as_xlsx(asked: dict[str, Any]) -> Any:
    """The list as a workbook."""
    return _file(asked, exports.as_xlsx, "xlsx", XLSX)


def _file(
    asked: dict[str, Any],
    written: Callable[[Iterable[Sequence[exports.Cell]]], bytes],
    ending: str,
    media: str,
) -> Response:
    parts, scope, now_ms = the_parts(), the_scope(), the_parts().now()
    with reading(parts.engine) as connection:
        promised = Promised(connection, parts.policy)
        found = listing.page(
            connection, scope, promised, wanted_by(asked), None, exports.MOST, now_ms
        )
        if found.next is not None:
            raise Refused("too_many_to_export", limit=exports.MOST)
        cards = showing.cards(connection, scope, promised, found.names, now_ms)
        named = {who for one in cards for who in (one["technician"], *one["helpers"])}
        people = called(connection, named - {None})
    body = written(exports.rows(cards, people, parts.policy.calendar.offset_minutes))
    name = f'attachment; filename="orders.{ending}"'
    return Response(body, headers={"Content-Type": media, "Content-Disposition": name})
