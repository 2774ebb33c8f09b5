"""Lists that go on: where, as RFC 8288 says it.

May not enter: what a cursor holds.
"""

from urllib.parse import urlencode

from flask import request


def link_to(next_: str | None, name: str = "cursor") -> dict[str, str]:
    """The header that names the next page of this list; none if there is none."""
    if next_ is None:
        return {}
    query = {**request.args.to_dict(), name: next_}
    return {"Link": f'<{request.path}?{urlencode(query)}>; rel="next"'}
