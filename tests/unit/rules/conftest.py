# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from .rendered import Rendered, render


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rendered]:
    """The files of each server, by its name in the inventory of ``rendered.py``."""
    return render(tmp_path_factory.mktemp("rules"))
