# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a certificate of Traefik's set is said to expire soon."""

from __future__ import annotations

import pytest

from ansible_collections.vya.observability.plugins.module_utils._certificate import sign
from ansible_collections.vya.observability.plugins.module_utils._certificate.x509 import days_of
from ansible_collections.vya.observability.plugins.module_utils._config.traefik_certificates import (  # noqa: E501
    Certificates,
    Served,
)


@pytest.mark.parametrize(
    ("left", "life", "warned"),
    [
        (6.0, 7.0, False),
        (1.9, 6.0, True),
        (20.0, 90.0, False),
        (13.0, 90.0, True),
        (13.0, 365.0, True),
        (15.0, 45.0, False),
        (0.2, 1.0, True),
    ],
)
def test_it_is_judged_by_its_own_life(left: float, life: float, warned: bool) -> None:
    served = Served("a", ("a.example",), "x", left, life)
    assert bool(Certificates([served], complete=True).warnings()) is warned


def test_the_life_of_a_certificate() -> None:
    key, name = sign.new_key(), sign.name_of("CA")
    authority = sign.sign_authority(name, key, 6)
    assert 5.9 < days_of(authority) < 6.1
