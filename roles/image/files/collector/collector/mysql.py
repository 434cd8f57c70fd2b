# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""PyMySQL, with a password that a server gets only when its certificate was checked.

The driver sends what the server asks for. A server that is not the one that is meant could ask for
the password itself, in a connection that is encrypted, but to whom?
"""

from __future__ import annotations

from typing import Any

import pymysql
from pymysql import _auth

from collector.tls import InClearError

_CACHING = "caching_sha2_password"
# Answers to a challenge. The older ones are as good as the password, or are it.
_CHALLENGES = ("", "mysql_native_password", "client_ed25519", _CACHING)
_FAST = b"\x01\x03"  # the server knew enough; otherwise it asks for the password


class _FastOnly:
    """caching_sha2_password without its second way, in which the password itself is sent."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def authenticate(self, packet: Any) -> Any:
        """Answer the challenge; the next packet."""
        connection = self._connection
        if packet.is_auth_switch_request():
            connection.salt = packet.read_all().removesuffix(b"\0")
            answer = _auth.scramble_caching_sha2(connection.password, connection.salt)
            connection.write_packet(answer)
        elif packet.get_all_data() != _FAST:
            raise InClearError(_CACHING)
        following = connection._read_packet()
        following.check_error()
        return following


class ChallengesOnly(pymysql.connections.Connection):
    """A connection to a server whose certificate is not checked."""

    def __init__(self, **options: Any) -> None:
        super().__init__(auth_plugin_map={_CACHING: _FastOnly}, **options)

    def _get_server_information(self) -> None:
        super()._get_server_information()  # type: ignore[misc]
        # With some of them the password is in the first answer.
        _only_challenges(self._auth_plugin_name)  # type: ignore[attr-defined]

    def _process_auth(self, plugin_name: bytes, auth_packet: Any, handler: Any = None) -> Any:
        _only_challenges(plugin_name.decode("ascii", "replace"))
        return super()._process_auth(plugin_name, auth_packet, handler)  # type: ignore[misc]


def _only_challenges(method: str) -> None:
    if method not in _CHALLENGES:
        raise InClearError(method)
