# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The example of the docs: Ansible leaves a text that is marked with !unsafe to the server."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize("page", ["alerts.md", "pt-BR/alerts.md"])
def test_an_alerts_text_reaches_prometheus_as_it_is_written(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    (example,) = [
        block for block in re.findall(r"```yaml\n(.*?)```", text, re.S) if "!unsafe" in block
    ]
    loader = DataLoader()
    variables = Templar(loader, variables={}).template(loader.load(example))
    (rule,) = variables["prometheus_rules"]["tills"][0]["rules"]
    assert "{{ $labels.instance }}" in rule["annotations"]["summary"]
    assert "{{ $value | humanizePercentage }}" in rule["annotations"]["summary"]
