# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each default image has a whole version as its tag, and a digest beside it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

DEFAULTS = Path(__file__).parents[3] / "roles/observability/defaults/main.yml"
IMAGES = yaml.safe_load(DEFAULTS.read_text("utf-8"))["observability_default_images"]
PINNED = re.compile(r"[a-z/-]+:v?\d+\.\d+(\.\d+)?(-[a-z-]+)?@sha256:[0-9a-f]{64}")


@pytest.mark.parametrize("name", IMAGES)
def test_tag_and_digest(name: str) -> None:
    reference = IMAGES[name]["reference"]
    assert PINNED.fullmatch(reference), reference


def test_each_digest_is_another() -> None:
    digests = {image["reference"].partition("@")[2] for image in IMAGES.values()}
    assert len(digests) == len(IMAGES)
