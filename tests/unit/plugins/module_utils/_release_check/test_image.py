# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Is the image the one that was deployed, and built from today's source?"""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.vya.observability.plugins.module_utils._release_check.image import (
    image_check,
    source_check,
)

from .tools import NEW, OLD, TAG, container, image, look

# Deployed by id, as what is built here is.
BY_ID = {"image-reference": OLD}
ONE = {"image-digest": "sha256:one"}
LATEST = {"RepoTags": ["app:latest"]}


@pytest.mark.parametrize(
    ("labels", "named", "changes", "wanted", "outcome"),
    [
        ({}, {}, {}, None, "pass image.ok"),
        ({}, {TAG: NEW}, {}, None, "fail image.tag_moved"),
        ({}, {TAG: None}, {}, None, "warn image.no_such_name"),
        (BY_ID, {TAG: NEW}, {}, TAG, "fail image.tag_moved"),  # the tag is what was asked for
        ({}, {"other/app:2": NEW}, {}, "other/app:2", "fail image.other_reference"),
        ({}, {"other:2": None}, {}, "other:2", "fail image.no_such_name"),
        ({}, {"other:2": OLD}, {}, "other:2", "pass image.ok"),
        (ONE, {}, {"RepoDigests": ["example/app@sha256:two"]}, None, "fail image.other_digest"),
        (ONE, {}, {"RepoDigests": ["example/app@sha256:one"]}, None, "pass image.ok"),
        (BY_ID, {}, {"RepoTags": []}, None, "fail image.name_taken"),
        ({"image-reference": "app"}, {}, {}, None, "warn image.only_latest"),
        (BY_ID, {}, LATEST, None, "warn image.only_latest"),
        ({"image-reference": f"app@{NEW}"}, {}, {}, None, "pass image.ok"),
    ],
)
def test_image(
    labels: dict[str, str],
    named: dict[str, str | None],
    changes: dict[str, Any],
    wanted: str | None,
    outcome: str,
) -> None:
    """`named`: what names stand for besides the deployed one, or instead of its image."""
    now = {labels.get("image-reference", TAG): OLD, **named}
    images = {name: image(digest) if digest else None for name, digest in now.items()}
    seen = look(container(labels=labels), images, image=image(OLD, **changes))
    found = image_check(seen, wanted)
    assert found.id == "image h app"
    assert f"{found.status} {found.code}" == outcome


def test_another_image_than_the_one_deployed_runs() -> None:
    assert image_check(look(container(NEW))).code == "image.recreated"


def test_a_rollback_is_named_and_no_failure() -> None:
    """Today's tag and source are those of the release that was rolled back."""
    newer = container(NEW, "2026-11-25T08:00:00Z", labels={"source-digest": "today"})
    found = image_check(look(named={TAG: image(NEW)}, previous=newer))
    assert (found.status, found.code) == ("warn", "image.rolled_back")
    seen = look(previous=newer, image=image(OLD, source="yesterday"))
    found = source_check(seen, "today")
    assert (found.status, found.code) == ("warn", "source.rolled_back")
    nameless = container(labels={"image-reference": OLD})
    seen = look(nameless, {OLD: image(OLD)}, newer, image=image(OLD, RepoTags=[]))
    assert image_check(seen).code == "image.rolled_back.without_name"
    older = container(NEW, "2026-11-01T08:00:00Z")
    assert image_check(look(named={TAG: image(NEW)}, previous=older)).status == "fail"


def test_what_is_told_of_an_image() -> None:
    values = image_check(look()).values
    assert (values["names"], values["made"]) == ([TAG], "2026-11-24T20:37:25Z")
    moved = image_check(look(named={TAG: image(OLD), "other/app:2": image(NEW)}), "other/app:2")
    assert (moved.values["reference"], moved.values["deployed_from"]) == ("other/app:2", TAG)


@pytest.mark.parametrize(
    ("built", "now", "status", "code"),
    [
        ("today", OLD, "pass", "ok"),
        ("", OLD, "fail", "unknown"),
        ("yesterday", OLD, "fail", "not_rebuilt"),
        ("yesterday", NEW, "fail", "not_deployed"),
    ],
)
def test_source(built: str, now: str, status: str, code: str) -> None:
    named = {TAG: image(now, source="today")}
    found = source_check(look(image=image(OLD, source=built), named=named), "today")
    assert (found.status, found.code) == (status, f"source.{code}")
