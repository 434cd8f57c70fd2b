# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signals end a module cleanly, also in a process that is not its own (Mitogen's)."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._signals import (
    SIGNALS,
    Interrupted,
    background,
    deaf,
    ending,
    stoppable,
)

CONTEXTS = [stoppable, ending, deaf]


def handlers() -> list[Any]:
    return [signal.getsignal(number) for number in SIGNALS]


@pytest.mark.parametrize(("context", "raised"), [(stoppable, Interrupted), (ending, SystemExit)])
@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_is_an_exception(
    context: Callable[[], AbstractContextManager[Any]],
    raised: type[BaseException],
    number: signal.Signals,
) -> None:
    before = handlers()
    with pytest.raises(raised), context():
        signal.raise_signal(number)
    assert handlers() == before


@pytest.mark.parametrize("context", CONTEXTS)
def test_another_thread_has_no_handlers(
    context: Callable[[], AbstractContextManager[Any]],
) -> None:
    before, seen = handlers(), []

    def run() -> None:
        with context():
            seen.append(handlers())

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert seen == [before]


def test_a_thread_in_the_background_takes_no_signals() -> None:
    masks: list[set[int]] = []
    background(lambda: masks.append(signal.pthread_sigmask(signal.SIG_BLOCK, ()))).join()
    assert {*SIGNALS} <= masks[0]
    assert not {*SIGNALS} & signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_a_closed_output(monkeypatch: pytest.MonkeyPatch) -> None:
    with Path(os.devnull).open("w") as stream:
        pass
    monkeypatch.setattr(sys, "__stdout__", stream)
    with stoppable() as look:
        look()


def test_a_reader_that_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    with os.fdopen(writer, "w") as stream:
        monkeypatch.setattr(sys, "__stdout__", stream)
        with stoppable() as look:
            look()
            os.close(reader)
            with pytest.raises(Interrupted):
                look()
