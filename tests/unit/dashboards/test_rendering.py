# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""The templates are up to date, and Ansible makes of them what the other tests look at."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ...generate import dashboards
from ...processes import play
from .files import NAMES, ROLE, TEXTS, render, render_text, variables

PLAY = """\
- hosts: localhost
  gather_facts: false
  connection: local
  tasks:
    - ansible.builtin.copy:
        content: "{{ lookup('ansible.builtin.template', file) | from_json | to_json }}"
        dest: "{{ out }}/{{ item }}.json"
      loop: "{{ names }}"
      vars:
        file: "{{ folder }}{{ item }}.json.j2"
"""


CHOSEN = """\
- hosts: localhost
  gather_facts: false
  connection: local
  tasks:
    - ansible.builtin.include_vars: "{{ role }}/vars/main.yml"
    - ansible.builtin.copy:
        content: "{{ grafana_dashboard_templates | map('basename') | join(' ') }}"
        dest: "{{ out }}/names"
"""


@pytest.mark.parametrize(
    ("url", "uid", "there"),
    [
        ("", "vya-loki", False),
        ("https://loki.example.com", "vya-loki", True),
        ("", "their-loki", True),
    ],
)
def test_errors_and_logs_only_where_there_is_a_loki(
    url: str, uid: str, there: bool, tmp_path: Path
) -> None:
    values = {"grafana_loki_url": url, "grafana_loki_uid": uid, "role": str(ROLE)}
    (tmp_path / "play.yml").write_text(CHOSEN)
    given = json.dumps({**values, "out": str(tmp_path)})
    done = play(*("-i", "localhost,", "play.yml", "-e", given), seconds=120, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    names = (tmp_path / "names").read_text().split()
    assert ("errors.json.j2" in names) is there
    assert len(names) == 6 + there


def test_each_dashboard_has_a_template() -> None:
    assert NAMES == dashboards.NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_template_is_up_to_date(name: str) -> None:
    assert TEXTS[name] == dashboards.template(name), "run: make generate"


@pytest.mark.parametrize("language", ["en", "pt-BR"])
def test_ansible_renders_the_same(language: str, tmp_path: Path) -> None:
    values = {
        **variables(grafana_language=language),
        "folder": f"{ROLE}/templates/dashboards/",
        "names": NAMES,
        "out": str(tmp_path),
    }
    (tmp_path / "play.yml").write_text(PLAY)
    (tmp_path / "values.json").write_text(json.dumps(values))
    done = play(*("-i", "localhost,", "play.yml", "-e", "@values.json"), seconds=120, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    for name in NAMES:
        written = json.loads((tmp_path / f"{name}.json").read_text("utf-8"))
        assert written == render(name, grafana_language=language)


@pytest.mark.parametrize("name", NAMES)
def test_ansible_before_2_19_takes_it_as_text(name: str) -> None:
    # It reads what begins with a brace as Python's, and from_json gets no text.
    assert render_text(name).startswith("\n{")
