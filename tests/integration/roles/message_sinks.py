# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where messages arrive: a mail server, and a web server that answers as Slack and Telegram do."""

from __future__ import annotations

import base64
import email
import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

from ...http_stand_in import Headers, Reply, between

# An alert, and what the collection's template makes of it.
ANNOTATIONS = {
    "summary": "Database n8n is down, seen from wf009",
    "description": "The last probe of it failed.",
    "action": "Ask it from that host.",
    "runbook_url": "https://wiki.example.com/DatabaseDown.md",
}
FIRING = """FIRING (critical): Database n8n is down, seen from wf009
The last probe of it failed.
What to do: Ask it from that host.
https://wiki.example.com/DatabaseDown.md
"""
RESOLVED = "RESOLVED (critical): Database n8n is down, seen from wf009\n"


@dataclass(frozen=True)
class Post:
    """What was posted."""

    path: str
    authorization: str
    text: str


@dataclass
class Sinks:
    """All that arrived; ``mail`` and ``web`` are host:port."""

    mail: str = ""
    web: str = ""
    mails: list[Message] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)


def text_of(mail: Message) -> str:
    """The plain text of a mail."""
    (part,) = [each for each in mail.walk() if each.get_content_type() == "text/plain"]
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode().replace("\r\n", "\n")


def _mail_handler(sinks: Sinks) -> type[socketserver.StreamRequestHandler]:
    class Handler(socketserver.StreamRequestHandler):
        """SMTP without TLS, with the login that needs none."""

        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def asked(self, what: str) -> str:
            self.say(f"334 {base64.b64encode(what.encode()).decode()}")
            return base64.b64decode(self.rfile.readline().strip()).decode()

        def handle(self) -> None:
            self.say("220 sink")
            for line in iter(self.rfile.readline, b""):
                word = line.split()[0].upper() if line.split() else b""
                if word == b"EHLO":
                    self.say("250-sink")
                    self.say("250 AUTH LOGIN")
                elif word == b"AUTH":
                    sinks.logins.append((self.asked("Username:"), self.asked("Password:")))
                    self.say("235 welcome")
                elif word == b"DATA":
                    self.say("354 go on")
                    lines = list(iter(self.rfile.readline, b".\r\n"))
                    sinks.mails.append(email.message_from_bytes(b"".join(lines)))
                    self.say("250 taken")
                elif word == b"QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 fine")

    return Handler


@contextmanager
def listening(host: str) -> Iterator[Sinks]:
    """Both servers, on free ports of an address."""
    sinks = Sinks()

    def take(_method: str, path: str, headers: Headers, body: bytes) -> Reply:
        sinks.posts.append(Post(path, headers.get("Authorization", ""), body.decode()))
        if not path.startswith("/bot"):
            return 200, b"ok", {"Content-Type": "text/plain"}
        message = {"message_id": 1, "date": 1, "chat": {"id": -42, "type": "group"}}
        answer = json.dumps({"ok": True, "result": message})
        return 200, answer.encode(), {"Content-Type": "application/json"}

    with (
        socketserver.ThreadingTCPServer((host, 0), _mail_handler(sinks)) as mail,
        between(take, host=host) as url,
    ):
        mail.daemon_threads = True
        threading.Thread(target=mail.serve_forever, args=[0.05], daemon=True).start()
        sinks.mail = f"{host}:{mail.server_address[1]}"
        sinks.web = url.removeprefix("http://")
        try:
            yield sinks
        finally:
            mail.shutdown()


def told(sinks: Sinks, token: str) -> dict[str, tuple[list[str], list[str]]]:
    """Titles and texts of the messages about wf009, by the way on which they came."""

    def posted(start: str) -> list[Any]:
        bodies = [json.loads(one.text) for one in sinks.posts if one.path.startswith(start)]
        return [body for body in bodies if "wf009" in str(body)]

    mails = [mail for mail in sinks.mails if "wf009" in mail["Subject"]]
    slack = [body["attachments"][0] for body in posted("/slack-secret")]
    hooks = [body["alerts"][0] for body in posted("/hook") + posted("/webhook-secret")]
    return {
        "mail": ([mail["Subject"] for mail in mails], [text_of(mail) for mail in mails]),
        "slack": ([one["title"] for one in slack], [one["text"] for one in slack]),
        "telegram": ([], [body["text"] for body in posted(f"/bot{token}/")]),
        "webhook": ([one["status"] for one in hooks], [str(one["annotations"]) for one in hooks]),
    }
