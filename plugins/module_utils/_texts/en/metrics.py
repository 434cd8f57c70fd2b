# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Metrics that are pushed, and rules and alerts on them: the texts in English."""

from __future__ import annotations

TEXTS: dict[str, str | dict[str, str]] = {
    "metrics": {
        "expected": "the collectors' metrics arrive",
    },
    "all": "everything",
    "group.missing": {
        "seen": "no group on the gateway",
        "cause": "see the check of the push",
        "fix": "fix that one first",
    },
    "series.missing": {
        "seen": "no series",
        "cause": "see the checks of push and scrape",
        "fix": "fix those first",
    },
    "push": {
        "expected": "the collector pushes when asked",
    },
    "push.ok": {
        "seen": "pushed in {seconds:.2f} s",
    },
    "push.wrong_key": {
        "seen": "401",
        "cause": "the collector has a different key",
        "fix": "deploy it, or use the key that it has",
    },
    "push.refused": {
        "seen": "{status}: {error}",
        "cause": "the collector cannot push to its gateway, for the reason above",
        "fix": "correct the gateway's address, CA or credentials in the collector's settings",
    },
    "pushed": {
        "expected": "{group} on the gateway, at most {oldest:g} s old, last push successful",
        "seen": "{families} families, {age:.0f} s old",
        "fix": "{look}",
    },
    "look.health": "read the collector's /health for its last push and its error",
    "look.log": "read its log on its host, and check its service or schedule",
    "pushed.refused": {
        "seen": "{families} families, {age:.0f} s old, but the last push, {failed:.0f} s ago, failed",
        "cause": "the gateway refused it: timestamps, or a type that differs from another group's",
        "fix": "read the gateway's log, and compare the types of the families with other groups",
    },
    "pushed.future": {
        "seen": "{families} families, pushed {ahead:.0f} s in the future",
        "cause": "the clock of the gateway's host was set back, and nothing was pushed since",
    },
    "pushed.elsewhere": {
        "cause": "the collector reports a push just now: it pushes to another gateway",
        "fix": "compare the collector's pushgateway url with the one that was checked",
    },
    "pushed.old": {
        "cause": "it no longer pushes: it is stopped, or cannot reach the gateway, which keeps showing its last values",
    },
    "pushed.seldom": {
        "seen": "{families} families, {age:.0f} s old; the last push before it was asked was {before:.0f} s old",
        "cause": "it pushes less often than expected, or could not push until now",
        "fix": "compare its push interval with the inventory's; look for failed pushes in its log",
    },
    "pushed.seldom.never": {
        "seen": "{families} families, {age:.0f} s old; it had not pushed before it was asked",
    },
    "pushed.other_name": {
        "seen": "no such group, but {near:some; }",
        "cause": "it pushes under another job or instance",
        "fix": "compare host and region in its settings with what is expected here",
    },
    "pushed.missing": {
        "seen": "not among {groups} groups",
        "cause": "it does not push, or pushes to another gateway",
    },
    "drills": {
        "expected": "no group of a drill is left",
    },
    "drills.under_way": {
        "seen": "a drill is under way, last push {age:span} ago: {groups:; }",
    },
    "drills.left": {
        "seen": "{groups:; }, last push {age:span} ago",
        "cause": "a drill was killed before it could remove its groups",
        "fix": "run the next drill, which removes them; or pushgateway_group with job: (collector_api_)?drill_.+",
    },
    "pushers": {
        "expected": "no group on the gateway from an unknown program",
        "fix": "stop it, or add its job to known_jobs; delete a dead group with pushgateway_group",
    },
    "pushers.ok": {
        "seen": "{count} groups, all known",
    },
    "pushers.unknown": {
        "seen": "{groups:some; }",
        "cause": "a program outside the inventory pushes here",
    },
    "pushers.dead": {
        "seen": "{groups:some; }",
        "cause": "the program that pushed is gone; the gateway keeps showing its last values",
    },
    "pushed_group": "{labels}, pushed {age:span} ago",
    "pushgateway": {
        "expected": "the Pushgateway answers",
    },
    "prometheus": {
        "expected": "Prometheus answers, and has the push that the gateway shows",
    },
    "prometheus.ok": {
        "seen": "push_time_seconds {pushed:.3f}",
    },
    "prometheus.not_arrived": {
        "seen": "not within {wait:.0f} s",
        "cause": "Prometheus scrapes another gateway, or its scrape fails",
        "fix": "compare the scrape target's address with the gateway's",
    },
    "prometheus.not_arrived.older": {
        "seen": "not within {wait:.0f} s; the newest push there is {age:.0f} s older",
    },
    "victoriametrics": {
        "expected": "VictoriaMetrics answers, and has the push that the gateway shows",
    },
    "victoriametrics.ok": {
        "seen": "push_time_seconds {pushed:.3f}",
    },
    "victoriametrics.not_arrived": {
        "seen": "not within {wait:.0f} s",
        "cause": "Prometheus does not write there (remote_write), or is behind",
        "fix": "check prometheus_remote_storage_* in Prometheus, and its log",
    },
    "victoriametrics.not_arrived.older": {
        "seen": "not within {wait:.0f} s; the newest push there is {age:.0f} s older",
    },
    "deduplication": {
        "expected": "VictoriaMetrics keeps one of several samples with the same time, and all with different times",
    },
    "deduplication.ok": {
        "seen": "-dedup.minScrapeInterval={interval}",
    },
    "deduplication.off": {
        "seen": "it keeps all of them",
        "cause": "VictoriaMetrics runs without -dedup.minScrapeInterval: a batch of pings that is sent again is stored twice",
        "fix": "start it with -dedup.minScrapeInterval=1ms",
    },
    "deduplication.coarse": {
        "seen": "-dedup.minScrapeInterval={interval}, and a ping every {pings:g} s",
        "cause": "it keeps one sample of each {interval}: the other pings of that time are dropped",
        "fix": "start it with -dedup.minScrapeInterval=1ms",
    },
    "deduplication.hidden": {
        "seen": "not judged: {seen} do not tell its flags",
        "cause": "a proxy has no route to /flags and /metrics, or they need a key",
        "fix": "look for -dedup.minScrapeInterval=1ms on its command line",
    },
    "families": {
        "expected": "every pushed family and every family of the catalogue is in {where}, with all its parts",
    },
    "families.ok": {
        "seen": "all {families} families",
    },
    "families.not_pushed": {
        "seen": "{count} missing: {missing:some}",
        "cause": "the collector does not push {never:some}",
        "fix": "compare the collector's version with the catalogue that is expected",
    },
    "families.dropped": {
        "seen": "{count} missing: {missing:some}",
        "cause": "{where} drops them on the way (relabelling, a limit), or does not have this push yet",
        "fix": "look for metric_relabel_configs, write_relabel_configs and sample_limit",
    },
    "labels": {
        "expected": "only {group}, no exported_* labels, and each metric's labels as in the catalogue",
    },
    "labels.ok": {
        "seen": "{series} series",
    },
    "labels.no_honor_labels": {
        "seen": "{series} series with exported_job or exported_instance, from scrape job {jobs:some}",
        "cause": "the scrape job {jobs:some} has no honor_labels: true",
        "fix": "set honor_labels: true in that scrape job and reload Prometheus",
    },
    "labels.bind_address": {
        "seen": "also instance {instances:some}",
        "cause": "a bind address was pushed as the instance; it is the same on every host",
        "fix": "stop the program that pushes it, and delete the group from the gateway",
    },
    "labels.other_instance": {
        "seen": "also instance {instances:some}",
        "cause": "the group was pushed under another instance before, or by a second collector",
        "fix": "stop the program that pushes it, and delete the group from the gateway",
    },
    "labels.not_of_catalogue": {
        "seen": "{count} metrics with a label too many or too few: {metrics:some; }",
        "cause": "another version of the collector, or relabelling on the way",
        "fix": "compare the collector's version; look for metric_relabel_configs",
    },
    "metric_labels": "{metric}: {labels}",
    "once": {
        "expected": "each family from {group} alone",
    },
    "once.ok": {
        "seen": "{names} names, each by one path",
    },
    "once.twice": {
        "seen": "{ways:; }",
        "cause": "the same registry is collected twice: sums and alerts count it twice",
        "fix": "remove the second scrape job, or stop the second program that pushes and delete its group",
    },
    "way.pushed": "{names} of {of} names also pushed as {labels}",
    "way.scraped": "{names} of {of} names also scraped as {labels}",
    "targets": {
        "expected": "every scrape target is up",
    },
    "targets.ok": {
        "seen": "{total} of {total}, for {seconds:span}",
    },
    "targets.none": {
        "seen": "no target at all",
        "cause": "Prometheus has no scrape configuration",
        "fix": "add one, and reload Prometheus",
    },
    "targets.down": {
        "seen": "{down} of {total} down; {targets:some; }",
        "cause": "the target is gone, has moved, or refuses Prometheus; its series end there",
        "fix": "repair it, or remove the target; this causes gaps in graphs, not a short retention",
    },
    "down_target": "{job} {instance}, down for {seconds:span}: {error}",
    "down_target.ever": "{job} {instance}, down for {days:g} d or more: {error}",
    "ages": {
        "expected": "pushes at most {push_seconds:g} s old, pings of each source at most {ping_seconds:g} s",
    },
    "ages.ok": {
        "seen": "pushes to {targets:some}; pings of: {sources:some}",
    },
    "ages.undelivered": {
        "seen": "successful pushes: {targets:; }",
        "cause": "the collector cannot push there; data is missing there, not elsewhere",
        "fix": "read the collector's /health for the error of that target",
    },
    "last_push": "none to {target} for {age:span}",
    "last_push.never": "none to {target} ever",
    "ages.silent": {
        "seen": "silent: {sources}",
        "cause": "that ping service has stopped, cannot reach the collector, or is refused",
        "fix": "read its log; if it is gone for good, send DELETE /api/ping/stats?location=... to the API",
    },
    "silent_source": "{source} {age:span}",
    "ages.wrong_key": {
        "seen": "{refused:.0f} pings were answered 401 within {minutes} min",
        "cause": "a ping service has a different key from this collector's",
        "fix": "deploy whichever of the two has the old key; the collector's log has the sender's address",
    },
    "run": {
        "expected": "its last successful run ended at most {limit:g} s ago",
        "seen": "{last}",
        "cause": "n8n or its database does not answer, or refuses its credentials",
        "fix": "read the log of its last run, in n8n_exporter_logs on its host",
    },
    "run.failed": {
        "seen": "{last}; errors of the last run: {errors:some}",
    },
    "run.overdue": {
        "cause": "its schedule (cron) is gone, or its runs take too long",
    },
    "last_run": "the last successful run ended {age:span} ago",
    "last_run.never": "no run has succeeded",
    "ping_sources": {
        "expected": "a ping of each ping service within {seconds:g} s",
    },
    "ping_sources.ok": {
        "seen": "{sources:some}",
    },
    "ping_sources.silent": {
        "seen": "none of {sources:some}",
        "cause": "it is not running, cannot reach the collectors, or its key is refused",
        "fix": "read its log; the checks ages show pings that were answered 401",
    },
    "ping_service": {
        "expected": "by its own metrics, it runs, pings of the last {seconds:g} s are answered, none wait or are lost",
    },
    "ping_service.ok": {
        "seen": "answered by {targets:some}; {waiting:.0f} pings wait",
    },
    "ping_service.not_scraped": {
        "seen": "not judged: Prometheus has none of its metrics now",
        "cause": "it is not running, or Prometheus has no scrape job for its port 9101",
        "fix": "see the checks targets and ping sources; add the job ping to an existing Prometheus",
    },
    "ping_service.told": {
        "seen": "not judged: its pings do not arrive, which another check reports; {waiting:.0f} wait; errors: {errors:some}",
        "cause": "see the checks ages and ping sources",
        "fix": "repair that first",
    },
    "ping_service.unanswered": {
        "seen": "no ping answered by {targets:some}; {waiting:.0f} wait; errors: {errors:some}",
        "cause": "the path to that collector is down, or the collector refuses the pings",
        "fix": "read last_error of that target in the ping service's /health",
    },
    "ping_service.circuit": {
        "seen": "pings to {targets:some} are held back; {waiting:.0f} wait; errors: {errors:some}",
        "cause": "several pings in a row failed: the collector was away, or still is",
        "fix": "validate again in two minutes; if it stays, read last_error in the ping service's /health",
    },
    "ping_service.dropped": {
        "seen": "{count:.0f} pings to {targets:some} lost within {minutes} min",
        "cause": "the buffer is full or cannot be written, or the collector refused the pings for good",
        "fix": "the ping service's log says pings dropped, and why",
    },
    "ping_service.growing": {
        "seen": "{waiting:.0f} pings wait, and more and more to {targets:some}",
        "cause": "the collector answers slowly, or 429 or 503",
        "fix": "read last_error of that target in the ping service's /health",
    },
    "ping_service.no_rtt": {
        "seen": "its pings arrive, but no collector has a round trip of it",
        "cause": "a proxy or an older collector drops the field previous of the pings",
        "fix": "compare the versions of the two, and look at network_latency_rtt_seconds",
    },
    "rules": {
        "expected": "every rule is evaluated, and its metrics still exist",
    },
    "rules.ok": {
        "seen": "{rules} rules",
    },
    "rules.broken": {
        "seen": "{count} of {rules} fail: {errors:some; }",
        "cause": "the expression matches series that it cannot combine, most likely duplicates",
        "fix": "evaluate the expression in Prometheus; until then its alert cannot fire",
    },
    "broken_rule": "{rule}: {error}",
    "rules.not_loaded": {
        "seen": "not loaded: {groups:some}",
        "cause": "they were not deployed, or Prometheus's rule_files does not name them",
        "fix": "deploy Prometheus; until then none of their alerts can fire",
    },
    "rules.metric_gone": {
        "seen": "{metrics:some; }",
        "cause": "an upgrade of its exporter removed or renamed it, or the exporter no longer runs",
        "fix": "read the exporter's release notes, and change the rules to what replaces the metric",
    },
    "gone_metric": "{metric}, used by {rules:some}, gone {age:span} ago",
    "alerts": {
        "expected": "no alert is firing",
    },
    "alerts.ok": {
        "seen": "{rules} rules, none firing",
    },
    "alerts.firing": {
        "seen": "{count} firing; {alerts:some; }",
        "cause": "see the alert: these checks may show only a part of it",
        "fix": "open its runbook (docs/runbooks); silence known problems in Alertmanager",
    },
    "firing_alert": "{alert} for {seconds:span}: {labels}",
    "alerts_sent": {
        "expected": "no alert was lost on its way to Alertmanager within {minutes} min",
    },
    "alerts_sent.ok": {
        "seen": "none lost",
    },
    "alerts_sent.lost": {
        "seen": "lost: {alertmanagers}",
        "cause": "that Alertmanager is down or refuses them, or another service answers at its address",
        "fix": "read Prometheus's log; correct alertmanagers in its configuration",
    },
    "lost_alerts": "{alerts:.0f} to {alertmanager}",
}
