# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Metrics that are pushed, and rules and alerts on them: the texts in English."""

from __future__ import annotations

TEXTS: dict[str, str | dict[str, str]] = {
    "metrics": {
        "expected": "the collectors' metrics arrive",
    },
    "metrics.no_collectors": {"seen": "no collector is given"},
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
        "cause": "it pushes less often than expected, or stood still until now: none of its pushes failed in between",
        "fix": "compare its push interval with the inventory's; look at its log and at the load of its host",
    },
    "pushed.recovered": {
        "seen": "{families} families, {age:.0f} s old; in the {before:.0f} s before it was asked {failures:.0f} pushes failed, and it can push again",
    },
    "pushed.seldom.never": {
        "seen": "{families} families, {age:.0f} s old; it had not pushed before it was asked",
    },
    "pushed.meanwhile": {
        "seen": "not judged: its group was gone, on a gateway that started {gateway:span} ago, and the collector has pushed since",
        "cause": "the gateway was restarted without its groups, or somebody deleted the group: both fit; another validation asked for that push",
        "fix": "the push has made the group again; validate once more in two minutes: what is deleted again is told then",
    },
    "pushed.lost": {
        "seen": "{families} families, {age:.0f} s old; not judged: it had pushed {own:.0f} s before, and its group was gone",
        "cause": "the gateway was restarted without its groups, or somebody deleted the group; its /metrics, which would tell, is hidden",
        "fix": "compare the start of the gateway with that time; let the checks reach its /metrics",
    },
    "pushed.restarted": {
        "seen": "{families} families, {age:.0f} s old; the gateway was restarted without its groups {gateway:span} ago, and the next push was still to come",
    },
    "pushed.removed": {
        "seen": "{families} families, {age:.0f} s old; it had pushed {own:.0f} s before, and its group was gone, on a gateway that started {gateway:span} ago",
        "cause": "somebody deleted the group on the gateway; the push that this validation asked for has made it again",
        "fix": "find who deletes groups there: a script, pushgateway_group, the gateway's page; until the next push of each, data are missing",
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
        "cause": "not decided here: Prometheus does not store what it scrapes, drops it (metric_relabel_configs), or scrapes more seldom than that",
        "fix": "look at the checks target and storage, then at the scrape job's interval and relabelling",
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
        "cause": "Prometheus does not write to this VictoriaMetrics, is refused there, or is behind: the checks remote write tell which, if they fail",
        "fix": "compare the url of remote_write with the one that was checked here; read Prometheus's log",
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
        "cause": "this push is in {where} without them: relabelling drops them on the way",
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
    "ages.left": {
        "seen": "pushes to {targets:some}; pings of: {sources:some}; no longer of: {left}, which pings others",
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
    "prometheus.seldom": {
        "seen": "not within {wait:.0f} s: Prometheus scrapes the gateway every {every:span}",
        "cause": "scrape_interval of the scrape job is longer than a push may take to arrive",
        "fix": "shorten scrape_interval, or give pushes more time (wait, validate_wait_seconds)",
    },
    "prometheus.relabelled": {
        "seen": "not with these labels; the push is there as {labels:some; }",
        "cause": "metric_relabel_configs of the scrape job change job or instance",
        "fix": "correct metric_relabel_configs, and reload Prometheus",
    },
    "prometheus.other_gateway": {
        "seen": "not within {wait:.0f} s; the gateway that job {job} scrapes is another process than the one that was pushed to",
        "cause": "Prometheus scrapes another gateway",
        "fix": "compare the scrape target's address with the gateway's",
    },
    "families.not_arrived": {
        "seen": "not judged: this push has not arrived in {where}; {count} are missing",
        "cause": "see the check of the push in {where}",
        "fix": "fix that one first",
    },
    "labels.no_instance": {
        "seen": "also a group of job {job} without the label instance",
        "cause": "another program pushes under this job without an instance, or did so before",
        "fix": "stop that program, and delete the group from the gateway",
    },
    "pushed.refused.never": {
        "seen": "no push was ever accepted; the last one, {failed:.0f} s ago, was refused",
    },
    "pushed_group.never": "{labels}, whose only pushes were refused, the last one {age:span} ago",
    "evaluated": {
        "expected": "every rule is evaluated on time",
    },
    "evaluated.ok": {
        "seen": "{rules} rules, at least every {seconds:g} s",
    },
    "evaluated.late": {
        "seen": "{groups:some; }",
        "cause": "the interval of the group, or evaluation_interval, is too long for alerts, or Prometheus is too busy to evaluate it",
        "fix": "correct the interval and reload Prometheus; until then these alerts do not fire",
    },
    "late_group": "{group}, last evaluated {seconds:span} ago (interval {interval:g} s)",
    "late_group.never": "{group}, loaded {seconds:span} ago and never evaluated (interval {interval:g} s)",
    "evaluated.slow": {
        "seen": "{groups:some; }",
        "cause": "an evaluation takes longer than the interval, so evaluations are left out",
        "fix": "make the interval longer, or the expressions cheaper",
    },
    "slow_group": "{group} took {seconds:.1f} s (interval {interval:g} s)",
    "rules_deployed": {
        "expected": "the loaded rules are those that were deployed",
    },
    "rules_deployed.ok": {
        "seen": "{groups} groups, word for word",
    },
    "rules_deployed.differ": {
        "seen": "{count} differ; {rules:some; }",
        "cause": "somebody changed them by hand, or the inventory was changed and Prometheus not deployed since",
        "fix": "deploy Prometheus; move what was changed by hand into the inventory",
    },
    "rules_deployed.unformatted": {
        "seen": "not judged: Prometheus does not write the expressions in one form ({error})",
        "cause": "an older Prometheus, or a proxy without a route to /api/v1/format_query",
        "fix": "let the checks reach all of Prometheus's API",
    },
    "differing_rule": "{group} {rule}: {parts}",
    "alertmanagers": {
        "expected": "Prometheus sends its alerts to the Alertmanager at {url}",
    },
    "alertmanagers.ok": {
        "seen": "{active:some}",
    },
    "alertmanagers.none": {
        "seen": "it sends them nowhere",
        "cause": "Prometheus has no Alertmanager: alerting is not configured, or its discovery finds none",
        "fix": "set alerting.alertmanagers in its configuration, and reload it",
    },
    "alertmanagers.other": {
        "seen": "it sends them to {active:some}; expected: {wanted:some}",
        "cause": "Prometheus sends its alerts to another Alertmanager than the one that is checked",
        "fix": "correct alerting.alertmanagers in its configuration, or the URL that is checked",
    },
    "alertmanagers.also": {
        "seen": "it sends them to {active:some}, too",
        "cause": "Prometheus has a second Alertmanager, which nobody checks",
        "fix": "remove it, or make it a member of the same cluster",
    },
    "alertmanagers.hidden": {
        "seen": "not judged: it sends them to {active:some}, and whether that is the same process is not known from here",
        "cause": "Prometheus does not scrape that Alertmanager, or its /metrics is hidden",
        "fix": "add a scrape job for Alertmanager at the address that alerts are sent to",
    },
    "told": {
        "expected": "somebody is told of the alerts by the Alertmanager at {url}",
    },
    "told.ok": {
        "seen": "of {count} of {alerts} alerts, by {receivers:some}",
    },
    "told.no_alerts": {
        "seen": "Prometheus has no alerts",
        "cause": "no rules are loaded",
        "fix": "see the check rules",
    },
    "told.unread": {
        "seen": "not judged: {part} in the configuration is not understood here",
        "cause": "a newer Alertmanager, or PyYAML is missing where the checks run",
        "fix": "ask amtool config routes test where an alert goes",
    },
    "told.nobody": {
        "seen": "of none of {count} alerts: they end at {by:some}",
        "cause": "the routes lead to a receiver that has no integration",
        "fix": "give that receiver an integration, or correct the routes, and reload Alertmanager",
    },
    "told.nobody.deployed": {
        "cause": "it was deployed so: alertmanager_default_receiver is empty",
        "fix": "set alertmanager_receivers and alertmanager_default_receiver, and deploy Alertmanager",
    },
    "told.dropped": {
        "seen": "of none of {count} alerts: Prometheus drops them before it sends them",
        "cause": "alert_relabel_configs in Prometheus's configuration",
        "fix": "correct alerting.alert_relabel_configs, and reload Prometheus",
    },
    "told.muted": {
        "seen": "of none of {count} alerts: they are muted at all times by {by:some}",
        "cause": "the time intervals of their routes leave no moment of the coming month",
        "fix": "correct those intervals, and reload Alertmanager",
    },
    "told.silenced": {
        "seen": "of none of {count} alerts: {silences:some; }",
        "cause": "a silence hides all of them",
        "fix": "expire that silence (amtool silence expire), or make its matchers narrower",
    },
    "told.inhibited": {
        "seen": "of none of {count} alerts: they are inhibited by {by:some}",
        "cause": "an inhibition without labels that must be equal lets one firing alert hide the others",
        "fix": "correct inhibit_rules, and reload Alertmanager; repair what that alert tells of",
    },
    "told.not_there": {
        "seen": "of none of {count} that fire: this Alertmanager does not have {alerts:some}",
        "cause": "what Prometheus sends does not arrive there: a wrong path or credentials, or another Alertmanager gets it",
        "fix": "read Prometheus's log (Error sending alert), and compare alerting.alertmanagers with the URL that is checked",
    },
    "told.late": {
        "seen": "of none of {count} alerts within an hour: a new one waits {by:some}",
        "cause": "group_wait of their routes",
        "fix": "shorten group_wait, and reload Alertmanager",
    },
    "told.aside": {
        "seen": "of other alerts, and of none of {of:some}: {by:some}",
        "cause": "a route, or a step of alert_relabel_configs, takes the alerts of one place aside",
        "fix": "correct it, and reload; amtool config routes test says where alerts with these labels go",
    },
    "told_dropped": "Prometheus drops them",
    "told.for_ever": {
        "seen": "{silences} hides {alerts:some}",
        "cause": "a silence that ends in more than a month",
        "fix": "expire it, or remove the alerts that nobody wants",
    },
    "silence": "silence {id} of {createdBy} until {endsAt} ({matchers}): {comment}",
    "notified": {
        "expected": "the receivers accept what the Alertmanager at {url} sends them",
    },
    "notified.ok": {
        "seen": "{sent:.0f} attempts, none failed ({within})",
    },
    "notified.refused": {
        "seen": "failed {within}: {integrations:; }",
        "cause": "the receiver is down, refuses the message, or its address or credentials are wrong",
        "fix": "read Alertmanager's log: it has the receiver's answer",
    },
    "notified.partly": {
        "seen": "failed {within}: {integrations:; }",
        "cause": "one of several receivers of this kind refuses the messages, or it does so now and then",
        "fix": "read Alertmanager's log: it has the receiver and its answer",
    },
    "notified.before": {
        "seen": "not judged: attempts failed {within} ({integrations:; }), and none that was made since tells whether they still do",
        "cause": "a receiver refused messages; whether it still does, the next alert shows",
        "fix": "run a drill, which sends an alert the whole way",
    },
    "notified.hidden": {
        "seen": "not judged: its /metrics does not tell",
        "cause": "a proxy has no route to /metrics, or it needs credentials",
        "fix": "let the checks reach /metrics of Alertmanager",
    },
    "failed_notifications": "{failed:.0f} of {sent:.0f} to {kind}",
    "this_run": "during this validation",
    "within": "within {seconds:span}",
    "since_start": "since its start",
    "own_metrics": {
        "expected": "it tells of itself at /metrics",
    },
    "own_metrics.ok": {
        "seen": "it does",
    },
    "own_metrics.hidden": {
        "seen": "not judged: its /metrics is not shown",
        "cause": "a proxy has no route to /metrics, or it needs credentials",
        "fix": "let the checks reach /metrics, which tells of lost data and refused configuration",
    },
    "storage": {
        "expected": "it writes its files, and has lost none",
    },
    "storage.ok": {
        "seen": "no failure during this validation, nothing corrupt at its start",
    },
    "storage.not_written": {
        "seen": "during this validation: {metrics:some; }",
        "cause": "it cannot write to its directory: the disk is full, read-only, over its quota, or has another owner",
        "fix": "look at the space and the owner of its volume (df, docker inspect), and at its log",
    },
    "storage.read_only": {
        "seen": "{free:.0f} MiB are free, and it stops at {limit:.0f} MiB: it takes no more samples",
        "cause": "its disk is full",
        "fix": "make room on its disk, or shorten the retention; it takes samples again by itself",
    },
    "storage.corrupt": {
        "seen": "when it started, {age:span} ago: {metrics:some; }",
        "cause": "files were damaged: it was killed while writing, its disk failed, or somebody changed them; what came after the damage is lost",
        "fix": "read its log of that start, check the disk, and restore a backup if the gap matters",
    },
    "risen": "{metric}{labels} by {count:.0f}",
    "limits": {
        "expected": "no limit of its configuration drops data, and it refuses none",
    },
    "limits.ok": {
        "seen": "none during this validation",
    },
    "limits.exceeded": {
        "seen": "during this validation: {metrics:some; }",
        "cause": "a limit of its configuration drops data",
        "fix": "raise the limit that the metric names, or send less",
    },
    "limits.refused": {
        "seen": "during this validation: {metrics:some; }",
        "cause": "samples or alerts that it cannot take: two sources of one series, wrong clocks, or bad labels",
        "fix": "read its log: it names the scrape or the sender",
    },
    "reload": {
        "expected": "it runs the configuration that is on its disk",
    },
    "reload.ok": {
        "seen": "the last load succeeded",
    },
    "reload.refused": {
        "seen": "it refused the last load",
        "cause": "its configuration has a mistake, so it goes on with an older one and will not start again",
        "fix": "check it with promtool or amtool check-config; its log has the line; deploy it again",
    },
    "remote_write": {
        "expected": "what Prometheus writes to other stores is accepted there",
    },
    "remote_write.ok": {
        "seen": "{sent:.0f} samples during this validation, none refused; {pending:.0f} wait",
    },
    "remote_write.none": {
        "seen": "Prometheus writes nowhere",
        "cause": "its configuration has no remote_write",
        "fix": "add remote_write to Prometheus's configuration, and reload it",
    },
    "remote_write.refused": {
        "seen": "{failed:.0f} samples were refused for good during this validation, and are lost",
        "cause": "the store or a proxy answers 4xx: 400 for content, 401 or 403 for credentials, 404 or 405 for the path, 413 for size",
        "fix": "read the status in Prometheus's log (non-recoverable error), then correct url or credentials of remote_write",
    },
    "remote_write.refused_before": {
        "seen": "none during this validation, but about {recent:.0f} samples within {minutes} min before were refused and are lost",
        "cause": "the store, or a proxy before it, answered with a status 4xx until then",
        "fix": "read the status in Prometheus's log (non-recoverable error), and validate again",
    },
    "remote_write.dropped": {
        "seen": "{dropped:.0f} samples were dropped during this validation, before they were sent",
        "cause": "they were too old: the store was away longer than Prometheus keeps its log, or sample_age_limit is short",
        "fix": "look at the store, and at sample_age_limit of remote_write",
    },
    "remote_write.retried": {
        "seen": "{retried:.0f} samples are sent again and again; {pending:.0f} wait, {behind:.0f} s behind",
        "cause": "the store cannot be reached, or answers with 5xx or 429",
        "fix": "check the store at this URL from Prometheus's host or container; Prometheus's log has its answer",
    },
    "remote_write.stuck": {
        "seen": "{pending:.0f} samples wait, and no answer has come since this validation began",
        "cause": "the store accepts the connection, or not even that, and does not answer: it hangs, or a firewall drops the packets",
        "fix": "ask the store at this URL from Prometheus's host or container (curl); look at what lies between",
    },
    "remote_write.nothing": {
        "seen": "nothing was ever sent; {relabelled:.0f} samples were dropped before",
        "cause": "write_relabel_configs drop all that Prometheus has",
        "fix": "correct write_relabel_configs, and reload Prometheus",
    },
    "remote_write.behind": {
        "seen": "{behind:.0f} s behind, {pending:.0f} samples wait",
        "cause": "the store, or the way to it, is too slow, or was away",
        "fix": "look at the store's load; prometheus_remote_storage_shards shows whether Prometheus keeps up",
    },
    "remote_write.off": {
        "seen": "Prometheus writes nowhere, and need not",
    },
}
