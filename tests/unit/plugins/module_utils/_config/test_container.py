# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path
from unittest.mock import MagicMock

from ansible_collections.vya.observability.plugins.module_utils._config.container import one_off


def test_what_a_killed_run_left_is_removed_whichever_label_it_has() -> None:
    """Earlier versions gave the label without `io.`."""
    left = {"io.vya.observability.check": MagicMock(), "vya.observability.check": MagicMock()}
    client = MagicMock()
    client.containers.list.side_effect = lambda filters, **_: [
        left[filters["label"].partition("=")[0]]
    ]
    with one_off(client, "image", ["tool"], Path("/s"), "/etc/x", Path("/srv/x"), (0, 0)):
        pass
    for container in left.values():
        container.remove.assert_called_once_with(force=True, v=True)
    assert client.containers.create.call_args.kwargs["labels"] == {
        "io.vya.observability.check": "/srv/x"
    }
