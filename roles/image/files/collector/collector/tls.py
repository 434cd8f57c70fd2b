# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the certificate of a database is checked, and what a server gets that was not checked."""

from __future__ import annotations

import ssl

from collector.settings import DatabaseServer


class InClearError(ConnectionError):
    """A server whose certificate nobody has checked wants what tells it the password."""

    def __init__(self, method: str) -> None:
        super().__init__(
            f"the server asks for the password itself ({method}): it gets that only with tls "
            "verify-ca or verify-full"
        )


def verifies(settings: DatabaseServer) -> bool:
    """Whether the server's certificate is checked."""
    return settings.tls.startswith("verify-")


def tls_context(settings: DatabaseServer) -> ssl.SSLContext:
    """Checks the certificate with ``verify-ca`` and ``verify-full``, its name with the latter."""
    context = ssl.create_default_context(cafile=settings.ca_file)
    context.check_hostname = settings.tls == "verify-full"
    if not verifies(settings):
        context.verify_mode = ssl.CERT_NONE
    return context
