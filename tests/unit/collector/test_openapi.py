# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import InvalidArgument, Unsatisfiable

from collector.api.app import create_app
from collector.check import load
from collector.parts import Parts

KEY = "the-first-key-0123456789"
EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "20"))


@pytest.fixture
def schema(tmp_path: Path) -> Any:
    (tmp_path / "keys").write_text(KEY)
    (tmp_path / "collector.json").write_text(
        '{"host": "wf001", "region": "usa", "location": "Virginia",'
        f'"api": {{"keys_file": "{tmp_path}/keys", "burst": 100000}}}}'
    )
    parts = Parts(load(str(tmp_path / "collector.json")))
    parts.listening = {"api": True, "metrics": True}
    return schemathesis.openapi.from_asgi("/openapi.json", create_app(parts))


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode))
@pytest.mark.parametrize("key", [KEY, None], ids=["with the key", "without"])
def test_no_input_breaks_the_api(
    schema: Any, key: str | None, mode: schemathesis.GenerationMode
) -> None:
    tested = []
    for result in schema.get_all_operations():
        operation = result.ok()
        try:
            cases = operation.as_strategy(generation_mode=mode)
        except InvalidArgument:
            continue

        @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=cases)
        def check(case: schemathesis.Case) -> None:
            response = case.call(headers={"X-API-Key": key} if key else {})
            assert response.status_code < 500
            if not key and case.path.startswith("/api/"):
                assert response.status_code in (401, 405)

        with contextlib.suppress(Unsatisfiable):  # nothing can be wrong with it
            check()
            tested.append(operation.label)
    assert "POST /api/ping" in tested
