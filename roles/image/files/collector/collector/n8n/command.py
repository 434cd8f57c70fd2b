# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run of an exporter, from the lock to the exit code."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time

from collector import logs
from collector.n8n.budget import Budget, CappedError, RunError
from collector.n8n.delivery import Delivery
from collector.n8n.exporter import Exporter, State
from collector.n8n.exposition import Families, Run, add_run
from collector.n8n.settings import Common
from collector.n8n.state import BusyError, StateError, Store

log = logging.getLogger(__name__)
EXIT_FAILED = 1
EXIT_BUSY = 3
# For what has no limit of its own: resolving a name, a disk that hangs.
_GRACE_SECONDS = 30.0


def run(exporter: Exporter[State]) -> int:
    """Read and deliver. 0: it ended well, at a cap or not. 1: n8n or the target failed. 3: another
    run has not ended, nothing was done."""
    settings = exporter.settings
    logs.configure(settings.log_level)
    store = Store(settings.state_directory, exporter.name, exporter.model)
    timer = _end_for_sure(settings)
    try:
        with store.locked():
            return _run(exporter, store)
    except (BusyError, StateError) as error:
        log.error("nothing done", extra={"data": {"error": str(error)}})
        return EXIT_BUSY if isinstance(error, BusyError) else EXIT_FAILED
    finally:
        timer.cancel()


def _end_for_sure(settings: Common) -> threading.Timer:
    target = settings.pushgateway or settings.victoriametrics
    delivery = 5 * target.timeout_seconds if target else 0.0
    timer = threading.Timer(settings.limits.seconds + delivery + _GRACE_SECONDS, _give_up)
    timer.daemon = True
    timer.start()
    return timer


def _give_up() -> None:
    log.error("run abandoned: it did not end")
    sys.stdout.flush()
    os._exit(EXIT_FAILED)


def _run(exporter: Exporter[State], store: Store[State]) -> int:
    budget = Budget(exporter.settings.limits)
    try:
        state = store.load()
    except StateError as error:
        state = exporter.model()
        _failed(budget, RunError("state", str(error)))
    before = state.model_copy(deep=True)
    _collect(exporter, budget, state)
    if budget.errors["other"]:
        state = before.model_copy(deep=True)  # it may have crashed between two of its changes
    state.not_before = budget.not_before
    if not budget.failed:
        state.last_success = time.time()
    delivery = Delivery(exporter.settings, f"n8n_{exporter.name}")
    told: State | None = state
    try:
        text = _text(exporter, budget, state, delivery.timestamp)
        store.save(state)
    except Exception as error:
        # The next run counts the same again: what is told must be what is remembered.
        if isinstance(error, StateError):
            _failed(budget, RunError("state", str(error)))
        else:
            _crashed(budget, error)
        told, text = _fall_back(exporter, budget, before, delivery.timestamp)
    refused = delivery.deliver(text)
    noted = refused is not None or told is None or _note_told(exporter, store, told)
    run = _run_of(exporter, budget)
    _report(run, refused)
    return 0 if refused is None and noted and run.success else EXIT_FAILED


def _fall_back(
    exporter: Exporter[State], budget: Budget, before: State, timestamp: float | None
) -> tuple[State | None, bytes]:
    """The state from before and what it says, or none if that cannot be told either."""
    try:
        return before, _text(exporter, budget, before, timestamp)
    except Exception as error:
        _crashed(budget, error)
        return None, _text(exporter, budget, None, timestamp)


def _text(
    exporter: Exporter[State], budget: Budget, state: State | None, timestamp: float | None
) -> bytes:
    """What to deliver. Without a state: that this run has failed, and no more."""
    families = Families(timestamp)
    add_run(families, _run_of(exporter, budget), state.last_success if state else None)
    if state:
        exporter.add(families, state)
    return families.text()


def _note_told(exporter: Exporter[State], store: Store[State], state: State) -> bool:
    """Whether it is noted. If not, the next run says the same zeros again, which does no harm."""
    told = state.model_copy(deep=True)
    try:
        exporter.told(told)
        if told != state:
            store.save(told)
    except Exception:
        log.exception("not noted that it was delivered")
        return False
    return True


def _run_of(exporter: Exporter[State], budget: Budget) -> Run:
    return Run(
        exporter=exporter.name,
        success=not budget.failed,
        seconds=budget.spent,
        requests=budget.requests,
        caps=exporter.caps,
        capped=budget.capped,
        errors=budget.errors,
    )


def _collect(exporter: Exporter[State], budget: Budget, state: State) -> None:
    """Ask n8n; whatever happens is in the budget."""
    wait = state.not_before - time.time()
    if wait > 0:
        budget.not_before = state.not_before
        _failed(budget, RunError("retry_after", f"n8n wants no request for another {wait:.0f} s"))
        return
    try:
        exporter.collect(budget, state)
    except CappedError:
        if not exporter.learned():
            said = "the caps ended the run before n8n had told anything"
            _failed(budget, RunError("timeout", said))
    except RunError as error:
        _failed(budget, error)
    except Exception as error:
        # A run that crashes has to say so too.
        _crashed(budget, error)


def _crashed(budget: Budget, error: Exception) -> None:
    log.exception("crashed")
    _failed(budget, RunError("other", repr(error)))


def _failed(budget: Budget, error: RunError) -> None:
    budget.failed = True
    budget.errors[error.error_type] += 1
    log.error("failed", extra={"data": {"error_type": error.error_type, "error": str(error)}})


def _report(run: Run, refused: str | None) -> None:
    data = {
        "success": run.success,
        "delivered": refused is None,
        "seconds": round(run.seconds, 3),
        "requests": run.requests,
        "capped": sorted(run.capped),
        "errors": dict(run.errors),
    }
    if refused:
        log.error("not delivered", extra={"data": {"error": refused}})
    log.info("run ended", extra={"data": data})
