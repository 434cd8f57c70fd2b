# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the certificate of a database is checked."""

from __future__ import annotations

import ssl

from collector.settings import DatabaseServer


def tls_context(settings: DatabaseServer) -> ssl.SSLContext:
    """Checks the certificate and its name with ``verify-full`` only."""
    context = ssl.create_default_context(cafile=settings.ca_file)
    if settings.tls != "verify-full":
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
