# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pings through outages of each kind: none is lost, none is sent as a new one again."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from collector.ping.message import Ping
from collector.spool import Entry, Item, Spool, SpoolError

from ....http_stand_in import Reply, between
from ..authority import Authority
from .conftest import INTERVAL, KEY, Receiver, Rig

Make = Callable[..., Rig]


@pytest.fixture
def silent() -> Iterator[str]:
    """A server that accepts and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def closed() -> str:
    """A port where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


def test_the_first_at_once_and_then_a_steady_schedule(rig: Make, receiver: Receiver) -> None:
    sender = rig()
    sender.run(0)
    assert len(receiver.accepted) == 1
    sender.run(3 * INTERVAL)
    assert [ping["sequence_number"] for ping in receiver.accepted] == [1, 2, 3, 4]
    assert sender.value("ping_requests_total", status="success") == 4
    assert sender.value("ping_rtt_seconds_count") == 4
    assert (sender.value("ping_buffer_pings"), sender.value("ping_circuit_open")) == (0, 0)
    # Each reports on the one before it.
    reported = [ping["previous"]["ping_id"] for ping in receiver.accepted[1:]]
    assert reported == receiver.ids[:-1]
    assert "previous" not in receiver.accepted[0]
    sent = receiver.accepted[0]["source"]
    assert sent == {"location": "SP", "datacenter": "dc1", "country": "BR"}


def test_what_could_not_be_sent_in_time_is_left_out(rig: Make, receiver: Receiver) -> None:
    sender = rig()
    sender.run(0)
    sender.now += 10.5 * INTERVAL  # the machine slept
    sender.run(0)
    assert len(receiver.accepted) == 2
    sender.run(INTERVAL / 2)
    assert len(receiver.accepted) == 3


@pytest.mark.parametrize("offset", [90.0, -90.0])
def test_clocks_that_differ(rig: Make, receiver: Receiver, offset: float) -> None:
    receiver.offset_seconds = offset
    rig().run(INTERVAL)
    previous = receiver.accepted[1]["previous"]
    assert previous["clock_offset_ms"] == pytest.approx(offset * 1e3, abs=10_000)
    assert previous["rtt_ms"] < 10_000


def replies(reply: Reply) -> Callable[[Receiver, Rig], Any]:
    def fail(receiver: Receiver, _rig: Rig) -> None:
        receiver.reply = reply

    return fail


def takes_and_says_nothing(receiver: Receiver, _rig: Rig) -> None:
    receiver.reply, receiver.takes_and_replies = (0, b""), True


def wrong_key(receiver: Receiver, _rig: Rig) -> None:
    receiver.key = "another-key-0123456789"


FAILED = range(3, 13)
OUTAGES = {
    "500": (replies((500, b"")), "http_500"),
    "503": (replies((503, b"", {"Retry-After": "10"})), "http_503"),
    "429": (replies((429, b"")), "http_429"),
    "404": (replies((404, b"")), "http_404"),
    "401": (wrong_key, "http_401"),
    "redirected": (replies((302, b"", {"Location": "https://example.com"})), "http_302"),
    "garbage": (replies((200, b"<html>it works</html>")), "bad_response"),
    "the answer to another ping": (replies((200, b'{"ping_id": "x"}')), "bad_response"),
    "too long": (replies((200, b" " * 100_000)), "bad_response"),
    "the answer is lost": (takes_and_says_nothing, "connection_error"),
}


@pytest.mark.parametrize(("fail", "error_type"), OUTAGES.values(), ids=OUTAGES)
def test_an_outage(
    rig: Make, receiver: Receiver, fail: Callable[[Receiver, Rig], None], error_type: str
) -> None:
    sender = rig()
    sender.run(INTERVAL)
    fail(receiver, sender)
    sender.run(10 * INTERVAL)
    assert sender.value("ping_errors_total", error_type=error_type) >= 5
    assert sender.value("ping_buffer_pings") == 10
    assert not sender.sender.health()["ok"]
    # What is waited for is bounded, so is what is sent meanwhile.
    assert receiver.requests < 60
    receiver.reply, receiver.key = None, KEY
    sender.run(4 * INTERVAL)
    assert sender.value("ping_buffer_pings") == 0
    assert sender.value("ping_circuit_open") == 0
    assert sender.sender.health()["ok"]
    assert sender.value("ping_buffer_dropped_total") == 0
    # Each of 16 pings once; those that waited in their order.
    numbers = [ping["sequence_number"] for ping in receiver.accepted]
    assert sorted(numbers) == list(range(1, 17))
    waited = [number for number in numbers if number in FAILED]
    assert waited == sorted(waited)
    # A measurement is reported once, and only of a ping that was answered in its time.
    reported = [p["previous"]["ping_id"] for p in receiver.accepted if "previous" in p]
    assert len(reported) == len(set(reported))
    failed = {ping["ping_id"] for ping in receiver.accepted if ping["sequence_number"] in FAILED}
    assert not failed & set(reported)
    fresh = [p for p in receiver.accepted if p["age_ms"] == 0 and p["ping_id"] not in failed]
    assert sender.value("ping_rtt_seconds_count") == len(fresh)


def test_nothing_listens(rig: Make, closed: str) -> None:
    sender = rig(closed)
    sender.run(0)
    assert sender.value("ping_errors_total", error_type="connection_error") == 1


def test_no_answer(rig: Make, silent: str) -> None:
    sender = rig(silent, timeout=0.5)
    sender.run(0)
    assert sender.value("ping_errors_total", error_type="timeout") == 1


def test_a_server_that_speaks_no_tls(rig: Make, receiver: Receiver) -> None:
    sender = rig()
    sender = rig(sender.sender.target.url.replace("http", "https"))
    sender.run(0)
    assert sender.value("ping_errors_total", error_type="tls_error") == 1
    assert sender.value("ping_buffer_pings") == 1


@pytest.fixture
def tls() -> ssl.SSLContext:
    return ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)


def assert_refused(sender: Rig, receiver: Receiver) -> None:
    sender.run(INTERVAL)
    failed = sender.value("ping_requests_total", status="failure")
    assert sender.value("ping_errors_total", error_type="tls_error") == failed >= 2
    assert sender.value("ping_buffer_pings") == 2
    assert not receiver.requests


def test_a_certificate_of_another_name_until_it_is_replaced(
    rig: Make, receiver: Receiver, tmp_path: Path, tls: ssl.SSLContext
) -> None:
    authority = Authority(tmp_path)
    tls.load_cert_chain(authority.issue("127.0.0.2"))
    with between(receiver.answer, tls) as url:
        sender = rig(url, ca_file=authority.certificate)
        assert_refused(sender, receiver)
        tls.load_cert_chain(authority.issue("127.0.0.1"))
        sender.run(4 * INTERVAL)
    assert sender.value("ping_buffer_pings") == 0
    numbers = [ping["sequence_number"] for ping in receiver.accepted]
    assert sorted(numbers) == list(range(1, 7))


def test_an_authority_that_is_not_trusted_until_it_is(
    rig: Make, receiver: Receiver, tmp_path: Path, tls: ssl.SSLContext
) -> None:
    authority = Authority(tmp_path)
    tls.load_cert_chain(authority.issue("127.0.0.1"))
    with between(receiver.answer, tls) as url:
        refused = rig(url)
        assert_refused(refused, receiver)
        # The settings are read at the start.
        trusting = rig(url, ca_file=authority.certificate, again=True)
        trusting.run(INTERVAL / 2)
    assert trusting.value("ping_buffer_pings") == 0
    assert [ping["sequence_number"] for ping in receiver.accepted] == [1, 1, 2]


def test_an_authority_that_is_replaced(
    rig: Make, receiver: Receiver, tmp_path: Path, tls: ssl.SSLContext
) -> None:
    (tmp_path / "new").mkdir()
    old, new = Authority(tmp_path), Authority(tmp_path / "new")
    tls.load_cert_chain(new.issue("127.0.0.1"))
    with between(receiver.answer, tls) as url:
        sender = rig(url, ca_file=old.certificate, timeout=60)
        assert_refused(sender, receiver)
        new.certificate.rename(old.certificate)
        sender.run(4 * INTERVAL)
    assert sender.value("ping_buffer_pings") == 0
    assert sorted(ping["sequence_number"] for ping in receiver.accepted) == list(range(1, 7))


def test_who_refuses_is_asked_over_a_new_connection(rig: Make, receiver: Receiver) -> None:
    """Files of the proxy's user and of the authority are read again for that."""
    sender = rig()
    sender.run(0)
    assert sender.sender.client.kept
    receiver.key = "another-key-0123456789"
    sender.run(INTERVAL)
    assert sender.sender.client.kept is None


def test_a_name_that_does_not_resolve(rig: Make) -> None:
    sender = rig("https://collector.invalid")
    sender.run(0)
    assert sender.value("ping_errors_total", error_type="connection_error") == 1


def test_the_circuit_opens_and_one_ping_tries(rig: Make, receiver: Receiver) -> None:
    sender = rig(circuit_seconds=600.0)
    receiver.reply = (500, b"")
    sender.run(2 * INTERVAL)
    assert receiver.requests == 5
    assert sender.value("ping_circuit_open") == 1
    sender.run(600)
    assert receiver.requests == 6
    receiver.reply = None
    sender.run(600)
    assert sender.value("ping_circuit_open") == 0
    assert sender.value("ping_buffer_pings") == 0


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_asks_to_wait_gets_nothing_meanwhile(
    rig: Make, receiver: Receiver, status: int
) -> None:
    sender = rig()
    receiver.reply = (status, b"", {"Retry-After": "100"})
    sender.run(0)
    receiver.reply = None
    sender.run(99)
    assert receiver.requests == 1
    assert sender.value("ping_buffer_pings") == 4
    assert sender.value("ping_circuit_open") == 0
    sender.run(10)
    assert sender.value("ping_buffer_pings") == 0
    assert len(receiver.accepted) == 4


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_ping_that_is_refused_for_good_is_dropped_and_counted(
    rig: Make, receiver: Receiver, status: int
) -> None:
    sender = rig()
    receiver.reply = (status, b'{"detail": "source: not known"}')
    sender.run(INTERVAL)
    assert receiver.requests == 2
    assert sender.value("ping_buffer_dropped_total") == 2
    assert sender.value("ping_errors_total", error_type=f"http_{status}") == 2
    assert (sender.value("ping_buffer_pings"), sender.value("ping_circuit_open")) == (0, 0)


def test_a_proxy_that_refuses_costs_no_ping(rig: Make, receiver: Receiver) -> None:
    sender = rig()
    receiver.reply = (400, b"<html>400 No required SSL certificate was sent</html>")
    sender.run(INTERVAL)
    assert sender.value("ping_buffer_pings") == 2
    receiver.reply = None
    sender.run(2 * INTERVAL)
    assert sender.value("ping_buffer_dropped_total") == 0
    assert len(receiver.accepted) == 4


def test_a_server_that_fails_and_says_at_once_opens_the_circuit(
    rig: Make, receiver: Receiver
) -> None:
    sender = rig()
    receiver.reply = (503, b"", {"Retry-After": "0"})
    sender.run(10 * INTERVAL)
    assert sender.value("ping_circuit_open") == 1


def test_a_key_that_was_wrong_and_is_put_right(
    rig: Make, receiver: Receiver, tmp_path: Path
) -> None:
    sender = rig()
    (tmp_path / "key").write_text("a-wrong-key-0123456789")
    sender.run(INTERVAL - 1)
    # Not again with the same key, before the next ping.
    assert receiver.requests == 1
    assert sender.value("ping_errors_total", error_type="http_401") == 1
    (tmp_path / "key").write_text(KEY)
    sender.run(2)
    assert [ping["sequence_number"] for ping in receiver.accepted] == [1, 2]
    assert KEY not in str(sender.sender.health())


def test_an_open_circuit_closes_as_soon_as_the_key_is_another_one(
    rig: Make, receiver: Receiver, tmp_path: Path
) -> None:
    sender = rig(circuit_seconds=3600.0)
    (tmp_path / "key").write_text("a-wrong-key-0123456789")
    sender.run(6 * INTERVAL)
    assert sender.value("ping_circuit_open") == 1
    (tmp_path / "key").write_text(KEY)
    sender.run(2)
    assert sender.value("ping_circuit_open") == 0
    assert len(receiver.accepted) == 7


def test_the_oldest_make_room(rig: Make, receiver: Receiver) -> None:
    sender = rig(buffer_max_pings=10)
    receiver.reply = (500, b"")
    sender.run(14 * INTERVAL)
    assert sender.value("ping_buffer_pings") == 10
    assert sender.value("ping_buffer_dropped_total") == 5
    receiver.reply = None
    sender.run(3 * INTERVAL)
    lost = int(sender.value("ping_buffer_dropped_total"))
    numbers = sorted(ping["sequence_number"] for ping in receiver.accepted)
    assert numbers == list(range(lost + 1, 19))


def test_pings_that_wait_are_sent_by_the_next_process(
    rig: Make, receiver: Receiver, tmp_path: Path
) -> None:
    receiver.reply = (0, b"")
    first = rig()
    first.run(3 * INTERVAL)
    waited = Spool(tmp_path / "usa.db", 100).first(100)
    receiver.reply = None
    second = rig(again=True)
    second.run(INTERVAL / 2)
    assert receiver.ids[1:] == [Ping.restored(item.body).ping_id for item in waited]


def test_a_measurement_is_reported_once_by_the_next_process(rig: Make, receiver: Receiver) -> None:
    first = rig()
    first.run(INTERVAL)
    second = rig(again=True)  # the first one never closed its buffer
    second.now = first.now
    second.run(INTERVAL)
    second.sender.close()
    third = rig(again=True)
    third.now = second.now
    third.run(0)
    reported = [ping["previous"]["ping_id"] for ping in receiver.accepted[1:]]
    assert reported == receiver.ids[:-1]


def test_a_measurement_that_waits_with_a_ping_is_not_reported_by_another_one(
    rig: Make, receiver: Receiver
) -> None:
    first = rig()
    first.run(0)
    receiver.reply = (500, b"")
    first.run(INTERVAL)
    receiver.reply = None
    second = rig(again=True)
    second.now = first.now
    second.run(INTERVAL / 2)
    reported = [ping["previous"]["ping_id"] for ping in receiver.accepted if "previous" in ping]
    assert reported == receiver.ids[:1]


def test_a_measurement_of_long_ago_is_not_reported(rig: Make, receiver: Receiver) -> None:
    """A collector that has forgotten that ping would take it for one of now."""
    first = rig()
    first.run(0)
    second = rig(again=True)
    second.now = first.now + 3700
    second.run(0)
    assert ["previous" in ping for ping in receiver.accepted] == [False, False]


def test_how_old_a_ping_is(rig: Make, receiver: Receiver) -> None:
    receiver.reply = (500, b"")
    sender = rig()
    sender.run(2 * INTERVAL)
    receiver.reply = None
    sender.run(3 * INTERVAL)
    ages = {ping["sequence_number"]: ping["age_ms"] for ping in receiver.accepted}
    assert ages[4] == 0
    assert ages[1] - ages[2] == pytest.approx(INTERVAL * 1e3, abs=200)
    assert ages[1] >= 2 * INTERVAL * 1e3


def test_too_old_and_unreadable_pings_are_dropped(rig: Make, receiver: Receiver) -> None:
    sender = rig()
    ancient = Ping("x", 1, 0, 0.0, "an earlier boot").stored()
    sender.sender.buffer.add([Entry(ancient), Entry("{}"), Entry("no")])
    sender.run(INTERVAL / 2)
    assert sender.value("ping_buffer_dropped_total") == 3
    assert len(receiver.accepted) == 1


def test_two_targets_and_one_is_down(rig: Make, receiver: Receiver, closed: str) -> None:
    up, down = rig(), rig(closed, "europe")
    for sender in (up, down):
        sender.run(3 * INTERVAL)
    assert up.value("ping_requests_total", status="success") == 4
    assert (up.value("ping_buffer_pings"), down.value("ping_buffer_pings")) == (0, 4)
    assert (up.value("ping_circuit_open"), down.value("ping_circuit_open")) == (0, 1)
    assert (up.value("ping_service_up"), down.value("ping_service_up")) == (1, 1)


def test_a_disk_that_refuses(rig: Make, receiver: Receiver, tmp_path: Path) -> None:
    sender = rig(buffer_directory=str(tmp_path / "none"))
    sender.run(0)
    assert len(receiver.accepted) == 1  # it is sent nevertheless
    assert sender.sender.health()["buffer_error"]
    receiver.reply = (500, b"")
    sender.run(INTERVAL)
    assert sender.value("ping_buffer_dropped_total") == 1
    (tmp_path / "none").mkdir()
    sender.run(INTERVAL)
    assert sender.value("ping_buffer_pings") == 1
    assert sender.sender.health()["buffer_error"] is None


def test_a_ping_that_cannot_be_removed_is_not_sent_in_a_loop(
    rig: Make, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender = rig()

    def refuse(_items: list[Item], _note: str | None) -> None:
        raise SpoolError("read-only")

    monkeypatch.setattr(sender.sender.buffer, "remove", refuse)
    sender.run(10 * INTERVAL)
    assert receiver.requests < 30
    assert len(set(receiver.ids)) == len(receiver.ids)


def test_a_connection_is_kept_and_replaced_when_the_server_has_closed_it(
    rig: Make, receiver: Receiver
) -> None:
    sender = rig()
    sender.run(0)
    kept = sender.sender.client.kept
    sender.run(INTERVAL)
    assert sender.sender.client.kept is kept
    assert kept
    kept.sock.shutdown(socket.SHUT_RDWR)
    sender.run(INTERVAL)
    assert sender.value("ping_errors_total", error_type="connection_error") == 0
    assert len(receiver.accepted) == 3


def test_a_rehearsal_sends_and_writes_nothing(
    rig: Make, receiver: Receiver, tmp_path: Path
) -> None:
    sender = rig(rehearse=True)
    sender.run(INTERVAL)
    assert not receiver.requests
    assert not list(tmp_path.glob("*.db"))
