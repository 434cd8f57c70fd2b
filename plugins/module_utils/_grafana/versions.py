# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each version of Grafana can do: the one place for differences between versions.

Differences that are not listed here show in the server's answers (a status, a missing field).
"""

from __future__ import annotations

from dataclasses import dataclass

OLDEST = (9, 3)


@dataclass(frozen=True)
class Feature:
    """Something that servers can do from a version on.

    Args:
        since: The first version, as major and minor.
        assumed: Whether a server that hides its version is assumed to have it.
    """

    since: tuple[int, ...]
    assumed: bool = True

    def is_in(self, version: tuple[int, ...]) -> bool:
        """Return whether a version has it; an empty one is unknown."""
        return version >= self.since if version else self.assumed


# Folders have parents. Before, only with the feature toggle nestedFolders.
NESTED_FOLDERS = Feature((11,), assumed=False)
# Two dashboards of a folder, or two folders beside each other, may have one title.
SHARED_TITLES = Feature((11, 3), assumed=False)
# So may two rules of a folder.
SHARED_RULE_TITLES = Feature((12,), assumed=False)
# X-Disable-Provenance works for all alerting objects. Before, only for single rules.
FREE_PROVENANCE = Feature((10,))
# The data source proxy takes any uid. Before, it cuts a uid at its first hyphen.
PROXY_BY_UID = Feature((10,))
# The order of the rules in a group is kept and returned.
RULE_ORDER = Feature((10,), assumed=False)
RULE_PAUSE = Feature((9, 5))
RULE_KEEP_LAST = Feature((10, 4))
RULE_RECEIVER = Feature((10, 4))  # notification_settings
# An instant query of Loki gives numbers, not time series.
LOKI_NUMBERS = Feature((9, 4))
