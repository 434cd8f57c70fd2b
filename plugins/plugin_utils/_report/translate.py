# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Translate what checks say into the language of the report.

All modules say it in English, on any host. Only what people read is translated, here on the
controller, by the check's code. A check whose code the catalogues do not know (a user's own, or one
of a report that another version wrote) is shown as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...module_utils._texts.pt_br.catalogue import TEXTS
from ...module_utils._texts.text import FIELDS, Catalogue, fields_of, find, from_data
from .language import Language
from .since import with_since

CATALOGUES: dict[str, Catalogue] = {"pt-BR": TEXTS}


def texts_of(check: Mapping[str, Any], language: Language) -> dict[str, str]:
    """Return what a check says, by FIELDS."""
    catalogue = CATALOGUES.get(language.code, {})
    name, code = str(check.get("name", "")), str(check.get("code", ""))
    if not find(catalogue, name, "expected") or not find(catalogue, code, "seen"):
        return {key: str(check.get(key, "")) for key in FIELDS}
    values = from_data(check.get("values", {}))
    return fields_of(name, code, check["status"], values, catalogue)


def report_in(report: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """Return the report with its checks, plots and facts in that language.

    The ids of the checks stay: comparisons, JSON and JUnit identify a check by them.
    """
    return {
        **report,
        "checks": [
            with_since({**check, **texts_of(check, language)}, language)
            for check in report["checks"]
        ],
        "plots": [
            {**plot, "name": language.name(plot.get("name", ""))} for plot in report["plots"]
        ],
        "facts": {language.name(key): value for key, value in report["facts"].items()},
    }
