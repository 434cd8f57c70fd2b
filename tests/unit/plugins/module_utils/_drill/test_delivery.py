# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Alertmanager's counts say of messages that failed, in the forms of its versions."""

from __future__ import annotations

import socket

import pytest

from ansible_collections.vya.observability.plugins.module_utils._drill.delivery import (
    Sent,
    Webhook,
    failures,
    notifications,
    rises,
)

OLD = """
alertmanager_notification_requests_failed_total{integration="email"} 4
alertmanager_notification_requests_failed_total{integration="webhook"} 7
alertmanager_notifications_failed_total{integration="email"} 1
alertmanager_notifications_failed_total{integration="webhook"} 0
alertmanager_notifications_total{integration="email"} 3
alertmanager_notifications_total{integration="webhook"} 9
"""
# Since 0.26 by reason; with the feature flag receiver-name-in-metrics by name.
NEW = """
alertmanager_notifications_failed_total{integration="slack",reason="clientError"} 1
alertmanager_notifications_failed_total{integration="slack",reason="serverError"} 2
alertmanager_notifications_failed_total{integration="slack",receiver_name="on-call"} 1
"""


def counted(begun: int, attempts: int, failed: int) -> str:
    return f"""
alertmanager_notifications_total{{integration="webhook"}} {begun}
alertmanager_notification_requests_total{{integration="webhook"}} {attempts}
alertmanager_notification_requests_failed_total{{integration="webhook"}} {failed}
alertmanager_notifications_failed_total{{integration="webhook"}} {failed}
"""


def test_messages_delivered_are_the_attempts_that_did_not_fail() -> None:
    assert notifications(counted(begun=4, attempts=9, failed=7)) == Sent(4, 2)
    # Before 0.22 there is no count of attempts.
    assert notifications(OLD) == Sent(12, 12)


def test_one_that_was_under_way_and_fails_does_not_hide_another_one() -> None:
    under_way = notifications(counted(begun=1, attempts=0, failed=0))
    failed = notifications(counted(begun=1, attempts=1, failed=1))
    delivered = notifications(counted(begun=2, attempts=2, failed=1))
    assert failed.delivered == under_way.delivered
    assert delivered.delivered > under_way.delivered


def test_an_attempt_that_fails_is_a_rise_of_its_receiver_alone() -> None:
    before = failures(OLD)
    assert rises(before, before) == {}
    tried = failures(OLD.replace('requests_failed_total{integration="email"} 4', "x{} 0") + NEW)
    assert rises(before, tried) == {"slack": 3, "slack of on-call": 1}
    later = failures(OLD.replace('"email"} 4', '"email"} 6').replace('"email"} 1', '"email"} 2'))
    assert rises(before, later) == {"email": 2}  # two attempts at one message


@pytest.mark.parametrize("length", ["-1", "²", "x", "2"])
def test_a_message_is_read_as_far_as_it_is_announced(length: str) -> None:
    webhook = Webhook("127.0.0.1:0")
    try:
        address = webhook._server.server_address
        with socket.create_connection(("127.0.0.1", int(address[1])), timeout=30) as connection:
            head = f"POST / HTTP/1.0\r\nContent-Length: {length}\r\n\r\n[]".encode("latin-1")
            connection.sendall(head)
            # The connection stays open here: what waits for its end would get no answer.
            assert connection.recv(100).startswith(b"HTTP/1.0 400")
    finally:
        webhook.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost"])
def test_it_listens_at_an_address_of_any_kind(host: str) -> None:
    webhook = Webhook(f"{host}:0")
    try:
        where = (host.strip("[]"), int(webhook._server.server_address[1]))
        body = b'{"alerts": [{"status": "firing", "labels": {"a": "b"}}]}'
        with socket.create_connection(where, timeout=30) as connection:
            head = f"POST / HTTP/1.0\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            connection.sendall(head + body)
            assert connection.recv(100).startswith(b"HTTP/1.0 200")
        assert webhook.arrived("firing", {"a": "b"})
    finally:
        webhook.close()
