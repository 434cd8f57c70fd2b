# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import collector
from collector import catalogue
from collector.metrics import Metrics
from collector.parts import Parts

PROJECT = Path(__file__).parents[3]
CATALOGUE = catalogue.load()


def test_the_registry_holds_what_the_catalogue_says_and_nothing_else() -> None:
    families = {
        family.name + ("_total" if family.type == "counter" else ""): family.type
        for family in Metrics().registry.collect()
    }
    wanted = {
        metric.name: metric.type
        for metric in CATALOGUE
        if metric.component == "collector" and metric.path == "pushgateway"
    }
    assert families == wanted


def test_labels_and_buckets_come_from_the_catalogue(parts: Parts) -> None:
    for metric in CATALOGUE:
        if metric.component == "collector" and metric.path == "pushgateway" and metric.labels:
            assert parts.metrics[metric.name]._labelnames == metric.labels


def test_each_name_has_one_path() -> None:
    names = [metric.name for metric in CATALOGUE]
    assert len(names) == len(set(names))
    assert {metric.path for metric in CATALOGUE} <= set(catalogue.PATHS)
    assert {metric.component for metric in CATALOGUE} == set(catalogue.TITLES)


@pytest.mark.parametrize("metric", CATALOGUE, ids=lambda metric: metric.name)
def test_conventions(metric: catalogue.Metric) -> None:
    assert metric.help.endswith(".")
    assert (metric.type == "counter") == metric.name.endswith("_total")
    assert bool(metric.buckets) == (metric.type == "histogram")
    assert list(metric.buckets) == sorted(metric.buckets)
    if metric.unit in ("seconds", "bytes"):
        assert metric.unit in metric.name


def test_the_page_is_current() -> None:
    page = (PROJECT / "docs/metrics.md").read_text("utf-8")
    assert page == catalogue.markdown(), "run: make generate"


def test_one_version() -> None:
    galaxy = yaml.safe_load((PROJECT / "galaxy.yml").read_text())
    facts = yaml.safe_load((PROJECT / "roles/observability/defaults/main.yml").read_text())
    assert collector.__version__ == galaxy["version"] == facts["observability_image_version"]
