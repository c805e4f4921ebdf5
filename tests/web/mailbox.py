"""A real mail server on this computer, and what arrived there."""

import re
from asyncio import Server
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Mailbox:
    """Takes every mail, or answers with a refusal as long as one is set."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refusal = ""
        self.hangs_up = False
        """Takes the mail and ends the connection without a word."""
        self.url = ""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        """One mail."""
        if self.refusal:
            return self.refusal
        content = envelope.content
        assert isinstance(content, bytes)
        self.mails.append(message_from_bytes(content, policy=policy.default))
        if self.hangs_up:
            assert server.transport is not None
            server.transport.close()
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        """What was sent to an address."""
        return [mail for mail in self.mails if mail["To"] == address]

    def link(self, address: str) -> str:
        """The path of the link in the newest mail to an address."""
        return urlsplit(link_of(self.to(address)[-1])).path


def text_of(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def link_of(mail: EmailMessage) -> str:
    """The one address that stands on a line of its own before the signature."""
    (found,) = re.findall(r"^https?://\S+$", text_of(mail).partition("\n-- \n")[0], re.MULTILINE)
    return str(found)


class _Controller(Controller):
    """On whatever port is free."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def open_mailbox(**more: Any) -> Iterator[Mailbox]:
    """A mail server that runs meanwhile."""
    mailbox = Mailbox()
    controller = _Controller(mailbox, hostname="127.0.0.1", port=0, **more)
    controller.start()
    mailbox.url = f"smtp://127.0.0.1:{controller.port}"
    try:
        yield mailbox
    finally:
        controller.stop()
