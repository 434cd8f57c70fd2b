# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""A group of the gateway as a push: what its API tells, without the labels of its key."""

from __future__ import annotations

from ansible_collections.vya.observability.plugins.module_utils._backup.alerting import exposition

GROUP = {
    "labels": {"job": "j", "instance": "i"},
    "last_push_successful": True,
    "push_time_seconds": {"type": "GAUGE", "metrics": [{"labels": {}, "value": "1.7e+09"}]},
    "up": {
        "type": "UNTYPED",
        "help": 'a\\b\n"c"',
        "metrics": [{"labels": {"job": "j", "instance": "i", "x": 'a"\\\n'}, "value": "NaN"}],
    },
    "size": {
        "type": "HISTOGRAM",
        "metrics": [{"labels": {"job": "j"}, "buckets": {"+Inf": "2"}, "sum": "3", "count": "2"}],
    },
    "wait": {
        "type": "SUMMARY",
        "metrics": [{"labels": {}, "quantiles": {"0.5": "1"}, "sum": "3", "count": "2"}],
    },
}


def test_it_is_what_was_pushed() -> None:
    assert "".join(exposition(GROUP)) == (
        "# TYPE size histogram\n"
        'size_bucket{le="+Inf"} 2\nsize_sum 3\nsize_count 2\n'
        '# HELP up a\\\\b\\n"c"\n# TYPE up untyped\nup{x="a\\"\\\\\\n"} NaN\n'
        '# TYPE wait summary\nwait{quantile="0.5"} 1\nwait_sum 3\nwait_count 2\n'
    )
