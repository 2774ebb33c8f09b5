"""gunicorn's threads without two headers that nobody needs.

A tablet that asks often over a dear line pays for each byte: which program answers is
nobody's business, and HTTP/1.1 keeps connections alive without being told. gunicorn has
no setting for either, so its answers are replaced here, at the only place where that is
known. May not enter: what is answered.
"""

from gunicorn.http import wsgi
from gunicorn.workers.gthread import ThreadWorker

_NEEDLESS = ("Server: ", "Connection: keep-alive")


class Answer(wsgi.Response):
    """An answer that says what its reader does not know."""

    def default_headers(self) -> list[str]:
        """The status, the date, and whether the connection closes."""
        lines: list[str] = super().default_headers()
        if self.req.version < (1, 1):
            return lines
        return [line for line in lines if not line.startswith(_NEEDLESS)]


class Worker(ThreadWorker):
    """A worker that answers so."""

    def init_process(self) -> None:
        """Before the first request of this process."""
        wsgi.Response = Answer
        super().init_process()
