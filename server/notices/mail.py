"""E-mail, through the server that the operator set up.

May not enter: what a letter says.
"""

import smtplib
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from server.notices.reach import Unreachable

TIMEOUT_S = 15


@dataclass(frozen=True)
class Post:
    """The mail server and the address that letters come from."""

    url: str
    sender: str

    def send(self, name: str, to: str, title: str, text: str, now_ms: int) -> None:
        """One letter to one address; `Unreachable` if the server did not take it."""
        if not self.url or not self.sender:
            raise Unreachable("mail_not_set_up", lasting=True)
        letter = self._letter(name, to, title, text, now_ms)
        try:
            with self._line() as line:
                line.send_message(letter)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            lasting = all(code >= 500 for code in codes)
            raise Unreachable("recipient_refused", lasting=lasting) from error
        except smtplib.SMTPResponseException as error:
            code = error.smtp_code
            raise Unreachable(f"smtp_{code}", lasting=500 <= code < 535) from error
        except (OSError, smtplib.SMTPException) as error:
            raise Unreachable("mail_server_silent") from error

    def _letter(
        self, name: str, to: str, title: str, text: str, now_ms: int
    ) -> EmailMessage:
        letter = EmailMessage()
        letter["From"] = self.sender
        letter["To"] = Address(addr_spec=to)
        letter["Subject"] = " ".join(title.split())[:150]
        letter["Date"] = format_datetime(datetime.fromtimestamp(now_ms / 1000, UTC))
        letter["Message-ID"] = f"<{name}@{self.sender.rpartition('@')[2]}>"
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(text)
        return letter

    def _line(self) -> smtplib.SMTP:
        parts = urlsplit(self.url)
        host, tls = parts.hostname or "", ssl.create_default_context()
        if parts.scheme == "smtps":
            line: smtplib.SMTP = smtplib.SMTP_SSL(
                host, parts.port or 465, timeout=TIMEOUT_S, context=tls
            )
        else:
            line = smtplib.SMTP(host, parts.port or 587, timeout=TIMEOUT_S)
            line.ehlo()
            if line.has_extn("starttls"):
                line.starttls(context=tls)
        if parts.username:
            line.login(unquote(parts.username), unquote(parts.password or ""))
        return line
