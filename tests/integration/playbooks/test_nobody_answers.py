# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""An inventory that is right, and none of its hosts answers: told at once, with nothing done."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from ...processes import PROJECT
from .test_wrong_inventories import played, write
from .wrong import Case

CASES = {
    "deploy": (Case([]), "host.none ansible_host"),
    "validate": (Case([], all={"validate_from": "hub"}), "checker.unreachable validate_from"),
}


@pytest.mark.parametrize("playbook", [*CASES])
def test_it_ends_before_anything_is_done(playbook: str, tmp_path: Path) -> None:
    case, expected = CASES[playbook]
    directory = tmp_path / playbook
    path = PROJECT / "playbooks" / f"{playbook}.yml"
    write(directory, case, yaml.safe_dump([{"import_playbook": str(path)}]))
    # The faults of what fails are in its result only if it is asked for more.
    (run,) = played(directory, ANSIBLE_VERBOSITY="1")
    assert run.code == 2, run.output
    assert [f"{fault['code']} {fault['variable']}" for fault in run.faults] == [expected]
    assert run.actions <= {
        "vya.observability.preflight",
        "vya.observability.host_reach",
        "ansible.builtin.add_host",
        "ansible.builtin.group_by",
        "ansible.builtin.set_fact",
        "ansible.builtin.debug",
        "ansible.builtin.meta",
    }
