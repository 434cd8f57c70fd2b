# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the kinds of values that options share, as Docker and Compose write them.

A reader raises ValueError, which says what it expected and what it got.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.validation import check_type_dict

_SIZES = {"": 1, "b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}
_SECONDS = {"h": 3600, "m": 60, "s": 1, "ms": 1e-3, "us": 1e-6}


def read_text(value: Any) -> str:
    """Return a YAML scalar as the text that a container gets; booleans as YAML writes them."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def read_pairs(value: Any, separator: str = "=", alone: bool = False) -> dict[str, Any]:
    """Return a mapping, or a list of texts such as `KEY=value`, as a mapping.

    Args:
        separator: What separates a key of the list from its value.
        alone: Whether a key may have no value; it is then None.
    """
    if isinstance(value, str):
        with contextlib.suppress(TypeError):
            value = check_type_dict(value)
    if isinstance(value, list):
        found: dict[str, Any] = {}
        for number, item in enumerate(value):
            key, *rest = str(item).split(separator, 1)
            if not key or isinstance(item, (dict, list)) or not (rest or alone):
                raise ValueError(f"item {number}: expected a text like KEY{separator}value")
            found[key] = rest[0] if rest else None
        value = found
    if not isinstance(value, Mapping):
        # Without the value: it may be a secret.
        raise ValueError(f"expected a mapping, or a list of texts like KEY{separator}value")
    empty = sorted(str(key) for key in value if value[key] is None)
    if empty and not alone:
        raise ValueError(f"{', '.join(empty)}: expected a value, got none")
    return {str(key): value[key] for key in value}


def read_texts(value: Any) -> dict[str, str]:
    """Return a mapping of texts, sorted by their keys."""
    return {key: read_text(each) for key, each in sorted(read_pairs(value).items())}


def read_options(item: Any, spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return suboptions with their defaults, as Ansible reads them.

    Args:
        spec: Their argument spec.
    """
    try:
        given = check_type_dict(item)
    except TypeError:
        raise ValueError(f"expected {', '.join(spec)}, got {item!r}") from None
    result = ArgumentSpecValidator(dict(spec)).validate(given)
    if result.error_messages:
        raise ValueError("; ".join(result.error_messages))
    return dict(result.validated_parameters)


def read_size(value: Any) -> int:
    """Return the bytes of a size such as `512m` or `1.5g`, with Docker's units (k = 1024)."""
    match = re.match(r"^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?$", str(value).strip().lower())
    if not match:
        raise ValueError(f"expected a size like 256m or 1.5g, got {value!r}")
    return int(float(match[1]) * _SIZES[match[2]])


def read_drain(value: Any) -> float | None:
    """Return the seconds of a duration, or None if there is none."""
    return None if value is None else read_seconds(value)


def read_seconds(value: Any) -> float:
    """Return the seconds of a number, or of a duration such as `30s` or `1m30s`."""
    text = str(value).strip()
    parts = re.findall(r"(\d+(?:\.\d+)?)(h|ms|us|m|s)", text)
    if parts and "".join(map("".join, parts)) == text:
        return float(sum(float(number) * _SECONDS[unit] for number, unit in parts))
    if isinstance(value, bool) or not re.match(r"^\d+(\.\d+)?$", text):
        raise ValueError(f"expected seconds, or a duration like 30s or 1m30s, got {value!r}")
    return float(text)
