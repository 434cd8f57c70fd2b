# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""When something may be sent after failures."""

from __future__ import annotations

import pytest

from collector.ping.circuit import Circuit


@pytest.mark.parametrize(("jitter", "share"), [(0.0, 0.5), (1.0, 1.0)])
def test_backoff_doubles_up_to_a_bound(jitter: float, share: float) -> None:
    circuit = Circuit(100, 60, lambda: jitter)
    waits = []
    for _n in range(8):
        circuit.failed(1000)
        waits.append(circuit.retry_at - 1000)
    assert waits == [share * seconds for seconds in (1, 2, 4, 8, 16, 30, 30, 30)]
    assert (circuit.send_at, circuit.open) == (0, False)


def test_it_opens_after_failures_in_a_row_and_closes_with_an_answer() -> None:
    circuit = Circuit(5, 60)
    for now in range(4):
        circuit.failed(now)
    circuit.succeeded()
    for now in range(5):
        assert not circuit.open
        circuit.failed(now)
    assert (circuit.open, circuit.send_at) == (True, 64)
    circuit.failed(64)  # the one that tried
    assert (circuit.open, circuit.send_at) == (True, 124)
    circuit.succeeded()
    assert (circuit.open, circuit.send_at, circuit.retry_at, circuit.failures) == (False, 0, 0, 0)


def test_a_server_that_asks_to_wait_is_no_failure() -> None:
    circuit = Circuit(1, 60)
    circuit.asked_to_wait(1000, 7)
    assert (circuit.failures, circuit.open, circuit.send_at) == (0, False, 1007)
    circuit.asked_to_wait(2000, 0)
    assert circuit.send_at > 2000
