# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the checks say, in English: the catalogue that every other language follows."""

from __future__ import annotations

TEXTS: dict[str, str | dict[str, str]] = {
    "separators": ",.",
    "more": "{items} and {n} more",
    # --- any check
    "deadline.passed": {
        "seen": "did not answer within {deadline:.1f} s",
        "cause": "the service hangs, or the deadline is shorter than the waits and timeouts inside it",
        "fix": "find out what hangs, or raise deadline",
    },
    "defect.raised": {
        "seen": "{error}",
        "cause": "a defect in the check itself ({function}, line {line})",
        "fix": "report it",
    },
    "defect.no_result": {
        "seen": "no result",
        "cause": "a defect in the check itself",
        "fix": "report it",
    },
    "result": {
        "expected": "the checks of this task",
        "cause": "the task failed before it could check anything",
        "fix": "read its error above",
    },
    "result.failed": {
        "seen": "{message}",
    },
    "result.empty": {
        "seen": "no checks in its result",
    },
    # --- who answers at an address
    "address.other_service": {
        "seen": "{name} answers there",
        "cause": "this is the address of {title}",
        "fix": "give the service's own host and port, or the path that the proxy routes to it",
    },
    "address.other_service.prometheus_for_pushgateway": {
        "cause": "the Pushgateway's URL points at Prometheus, which answers a push with 404 or 405",
    },
    "address.other_service.pushgateway_for_prometheus": {
        "cause": "Prometheus's URL points at the Pushgateway, which keeps no history",
    },
    "address.unknown_service": {
        "seen": "{status} from {url}: {body}",
        "cause": "another service, or a proxy's own page, answers at this address",
        "fix": "check host, port and path",
    },
    # --- services
    "service": {
        "expected": "{wanted}",
        "seen": "{name}, in {seconds:ms}",
    },
    "service_ready": "{title} at {url}, ready",
    "service_answers": "{url} answers {statuses:/}",
    "service_contains": '{url} answers {statuses:/} with the text "{contains}"',
    "service.slow": {
        "seen": "{name}, in {seconds:ms}; the limit is {limit:g} s",
        "cause": "the service, the proxy before it or the network is overloaded",
        "fix": "compare with the latency on the service's own host",
    },
    "service.not_ready": {
        "seen": "{name}, not ready: {path} answers {status} {body}",
        "cause": "it is starting or stopping, or a dependency is missing",
        "fix": "read the log of {title}",
    },
    "service.login_page": {
        "seen": "{status}, a page that asks for a password",
        "cause": "a login page answers; the service behind it was not checked",
        "fix": "set contains to a text that only the right page has",
    },
    "health": {
        "expected": "every database is up, and every push target accepts pushes",
        "seen": "databases: {databases}; push targets: {targets}",
    },
    "health.part_down": {
        "seen": "{parts:; }",
        "cause": "it is down, or the collector has the wrong address or password for it",
        "fix": "check {names} from the collector's host; {url} has the details",
    },
    "health_database": "database {name}: {error}",
    "health_target": "push to {name}: {error}",
    "health_task": "task {name}: {error}",
    "not_yet": "not yet",
    "untold": "it tells only who has its key",
    "none": "none",
    "health.no_target": {
        "seen": "it has no push target",
        "cause": "its settings name neither pushgateway nor victoriametrics",
        "fix": "deploy it with a push target",
    },
    "health.not_probed": {
        "seen": "it does not probe {missing}; it probes: {databases}",
        "cause": "it has not been deployed since the inventory's databases changed, or was deployed from another inventory",
        "fix": "deploy the collector",
    },
    "health.not_expected": {
        "seen": "it also probes {more}, which is not in the inventory",
        "cause": "it has not been deployed since the inventory's databases changed, or was deployed from another inventory",
        "fix": "deploy the collector",
    },
    "certificate": {
        "expected": "trusted, for {host}, at least {days:g} days left, TLS 1.2 or newer",
        "seen": "{left:.1f} days left, {protocol}, issued by {issuer}",
    },
    "issuer_no_name": "an issuer without a name",
    "certificate_refused": "{seen}; certificate for {names}, issued by {issuer}, valid until {until} UTC",
    "certificate_unread": "{seen}; the certificate could not be read ({error})",
    "certificate_no_name": "no name ({subject})",
    "certificate.not_verified": {
        "seen": "not verified",
        "cause": "the option validate_certs is off",
        "fix": "turn it on, with the CA in ca_path",
    },
    "certificate.expires_soon": {
        "cause": "the certificate has not been renewed in time",
        "fix": "renew the certificate of {host}, and find out why automatic renewal failed",
    },
    "certificate.old_protocol": {
        "seen": "{left:.1f} days left, {protocol}, issued by {issuer}; {old} is accepted too",
        "cause": "the server, or the proxy before it, accepts protocols that are no longer safe",
        "fix": "allow TLS 1.2 and newer only (in Traefik: tls.options, minVersion VersionTLS12)",
    },
    "certificate.only_old_protocol": {
        "seen": "{error}; nothing newer than {old} is accepted",
        "cause": "the server, or the proxy before it, only allows protocols that are no longer safe",
        "fix": "allow TLS 1.2 and newer only (in Traefik: tls.options, minVersion VersionTLS12)",
    },
    # --- ping
    "ping": {
        "expected": "200 for {count} pings, each answer with its id and all fields",
        "seen": "{count} of {count}, processing {processing:ms}",
    },
    "ping.bad_answer": {
        "cause": "another version of the API, or another service, answers at this address",
        "fix": "compare the version at / with the deployed one",
    },
    "ping.bad_answer.no_object": {
        "seen": "the answer is not a JSON object",
    },
    "ping.bad_answer.fields_missing": {
        "seen": "the answer lacks {missing}",
    },
    "ping.bad_answer.other_ping": {
        "seen": "the answer is for another ping: {other}, not {ping_id}",
    },
    "ping.bad_answer.no_time": {
        "seen": "not an ISO-8601 UTC time: {time}",
    },
    "ping.bad_answer.times_reversed": {
        "seen": "processed before it was received",
    },
    "ping.key_refused": {
        "seen": "{answer}",
        "cause": "the collector has a different key: it has not been deployed since the key changed",
        "fix": "deploy the collector, or give this check the key that was deployed",
    },
    "ping.other_version": {
        "seen": "{answer}",
        "cause": "another version of the API",
        "fix": "compare the version at / with the deployed one",
    },
    "ping.not_protected": {
        "seen": "200 {body}",
        "cause": "the API does not check keys: anyone can send pings",
        "fix": "take the collector off the network, then check its keys_file",
    },
    "ping.lost": {
        "seen": "the collector itself counts {known} of {count} pings",
        "cause": "it restarted in the meantime, or several collectors answer at this address",
        "fix": "check each collector at its own URL",
    },
    "rtt": {
        "expected": "the p95 of the round trips is at most {limit:g} s",
        "seen": "p50 {p50:ms}, p95 {p95:ms}",
    },
    "rtt.slow": {
        "cause": "the collector or the network is overloaded, or the collector is far away",
        "fix": "compare with a ping on its own host",
    },
    "clock": {
        "expected": "the clocks are at most {limit:g} s apart",
        "seen": "{offset:+.3f} s, ±{uncertainty:.3f} s",
    },
    "clock.apart": {
        "cause": "the clock of the collector's host, or of this one, is not synchronised (NTP)",
        "fix": "check timedatectl on both hosts",
    },
    "key": {
        "expected": "a ping with key {number} is answered 200",
        "seen": "200",
    },
    "wrong_key": {
        "expected": "a ping with a wrong key is answered 401",
        "seen": "401",
    },
    "no_key": {
        "expected": "a ping without a key is answered 401",
        "seen": "401",
    },
    "counted": {
        "expected": '{metric}{{instance="{instance}"}} in Prometheus is the time of the last ping',
        "seen": "{pings} pings, in Prometheus within {seconds:.1f} s",
    },
    "counted.missing": {
        "seen": "not within {seconds:.0f} s",
        "cause": "the collector's pushes do not reach this Prometheus, or arrive under another instance",
        "fix": "see the checks of push and scrape",
    },
    "counted.missing.older": {
        "seen": "not within {seconds:.0f} s; the newest value is {behind:span} older",
    },
    "sampled": {
        "expected": '{metric}{{host="{host}"}} in VictoriaMetrics has samples of these pings',
        "seen": "none within {seconds:.0f} s",
    },
    "sampled.ok": {
        "seen": "after {seconds:.1f} s",
    },
    "sampled.not_sent": {
        "cause": "the collector's settings have no victoriametrics section, so it sends no samples",
        "fix": "deploy the collector with the URL of VictoriaMetrics",
    },
    "sampled.queued": {
        "cause": "the collector cannot deliver: {error}",
        "fix": "read its /health: {samples} samples are queued",
    },
    "samples_queued": "its samples are queued",
    "sampled.elsewhere": {
        "cause": "the collector sends to another VictoriaMetrics",
        "fix": "compare victoriametrics.url in the collector's settings with the URL that was checked",
    },
    "forgotten": {
        "expected": "no test series are left behind",
        "seen": "left: {left:; }",
    },
    "forgotten.ok": {
        "seen": "removed",
    },
    "forgotten.another_run": {
        "seen": "removed; another validation is running",
    },
    "forgotten.left": {
        "cause": "the gateway or VictoriaMetrics did not accept the removal",
        "fix": "validate again",
    },
    "forgotten.not_able": {
        "cause": "the collector is too old: it cannot delete a source",
        "fix": "deploy the collector",
    },
    "forgotten.not_done": {
        "cause": "the collector accepted the pings, but now fails or does not answer",
        "fix": "restart the collector: its next push no longer has them",
    },
    "left_on_collector": "series on the collector and the gateway (DELETE {path}: {error})",
    "left_on_gateway": "series on the gateway, because the collector cannot push",
    "left_in_victoriametrics": "samples in VictoriaMetrics",
    # --- scrape target of the gateway
    "target": {
        "expected": "the scrape target of job {job} is up",
        "seen": "{target} is up",
    },
    "target.missing": {
        "seen": "no such target; existing jobs: {jobs:some}",
        "cause": "Prometheus has no scrape job for the gateway",
        "fix": "add a scrape job {job} with honor_labels: true, and reload Prometheus",
    },
    "target.down": {
        "seen": "{target} is down, its last scrape failed: {error}",
        "cause": "Prometheus cannot reach the gateway at this address, or its credentials are refused",
        "fix": "correct target, scheme, metrics_path or basic_auth of the scrape job",
    },
    "target.not_scraped": {
        "seen": "{target} is not scraped yet",
        "cause": "Prometheus has just started or was reloaded",
        "fix": "repeat the check",
    },
    # --- metrics, as a part of the validation
    "metrics": {
        "expected": "the collectors' metrics arrive",
    },
    # --- roundtrip
    "roundtrip": {
        "expected": "{place} at {url} has the marker with the labels it was pushed with",
        "seen": "not within {seconds:.0f} s",
    },
    "roundtrip.ok": {
        "seen": "{seconds:.2f} s after the push",
    },
    "roundtrip.check_mode": {
        "seen": "check mode: nothing is pushed",
    },
    "roundtrip.not_on_gateway": {
        "seen": "it is not on the gateway: see the check roundtrip gateway",
    },
    "roundtrip.dropped": {
        "seen": "the push was accepted, but its group is still missing after {seconds:.0f} s",
        "cause": "the address leads to several gateways, or something else accepts pushes and drops them",
        "fix": "use the address of the one gateway that Prometheus scrapes",
    },
    "roundtrip.no_honor_labels": {
        "seen": 'only as job="{job}" exported_job="{exported_job}", {seconds:.2f} s after the push',
        "cause": "the scrape job {job} has no honor_labels: true",
        "fix": "set honor_labels: true in that scrape job and reload Prometheus",
    },
    "roundtrip.relabelled": {
        "seen": 'as job="{job}" instance="{instance}"',
        "cause": "relabelling changes job or instance on the way to {place}",
        "fix": "look for metric_relabel_configs, write_relabel_configs and external_labels",
    },
    "roundtrip.other_gateway": {
        "seen": "not within {seconds:.0f} s; {target} is up, last scraped at {last_scrape}",
        "cause": "Prometheus scrapes another gateway, or its scrape interval is longer than this wait",
        "fix": "compare the target's address with the gateway's; make wait longer than the scrape interval",
    },
    "roundtrip.see_prometheus": {
        "cause": "it may not have reached Prometheus with its labels either",
        "fix": "fix the check roundtrip Prometheus first",
    },
    "roundtrip.not_written": {
        "cause": "Prometheus has no remote_write to this VictoriaMetrics, drops the marker (write_relabel_configs), or lags",
        "fix": "compare its remote_write with the URL that was checked here",
    },
    "roundtrip.other_source": {
        "cause": "the data source {uid} leads to another server, or to a VictoriaMetrics that hides samples younger than -search.latencyOffset (30 s)",
        "fix": "compare its URL with the servers that were checked here",
    },
    "roundtrip_removed": {
        "expected": "the marker is removed from every place that it reached",
        "seen": "{places:; }",
    },
    "roundtrip_removed.not_pushed": {
        "seen": "nothing was pushed",
    },
    "roundtrip_removed.gateway": {
        "cause": "the gateway is down or refuses DELETE, or its address leads to several gateways",
        "fix": "remove the groups of job {job} with pushgateway_group, or run this again",
    },
    "roundtrip_removed.prometheus": {
        "cause": "it scrapes less often than wait, or another gateway has the group too",
        "fix": "make wait longer than the scrape interval; a series that is no longer scraped ends after 5 min",
    },
    "roundtrip_removed.victoriametrics": {
        "cause": "the series has not ended in Prometheus yet, or another Prometheus also writes it",
        "fix": "run this again: it deletes series that have ended by then",
    },
    "roundtrip_removed.not_allowed": {
        "cause": "VictoriaMetrics has a -deleteAuthKey, or these credentials are not allowed to delete",
        "fix": "delete the series of job {job} by hand, or run this again",
    },
    "marker_off_gateway": "gone from the gateway {seconds:.2f} s after the push",
    "marker_on_gateway": "still on the gateway",
    "marker_gateway_silent": "may still be on the gateway ({error})",
    "marker_ended_in_prometheus": "ended in Prometheus {seconds:.2f} s after the push",
    "marker_not_in_prometheus": "not in Prometheus",
    "marker_in_prometheus": "still in Prometheus {seconds:.0f} s after the push",
    "marker_prometheus_silent": "may still be in Prometheus ({error})",
    "marker_deleted": "deleted in VictoriaMetrics {seconds:.2f} s after the push",
    "marker_not_in_victoriametrics": "not in VictoriaMetrics",
    "marker_in_victoriametrics": "still written to VictoriaMetrics {seconds:.0f} s after the push",
    "marker_victoriametrics_silent": "may still be in VictoriaMetrics ({request}: {error})",
    "marker_others": "also removed {n} left by killed runs",
    # --- the inventory
    "host": {
        "expected": "its checks run to the end",
    },
    "host.lost": {
        "seen": "it dropped out of the run before its checks",
        "cause": "it is unreachable, or one of its variables cannot be evaluated: a vault without "
        "its password, a misspelt name",
        "fix": "read this host's error above the report",
    },
    "group": {
        "expected": "pushed by a host of the inventory, or its job listed in deploy_known_groups",
        "seen": "{labels}; last push {age:span} ago",
        "cause": "a program outside the inventory pushes it, or used to",
        "fix": "ensure that nothing pushes it any longer, then deploy with "
        "-e deploy_remove_stale_groups=true",
    },
    "group.left": {
        "cause": "the host was removed from the inventory, renamed or moved to another region, or pushes "
        "under another name",
    },
    "group.unknown": {},
    "group.left.removed": {
        "fix": "removed by this run",
    },
    "group.unknown.removed": {
        "fix": "removed by this run",
    },
    # --- releases
    "unknown_date": "an unknown date",
    "nothing": "nothing",
    "running_container": "{name} (running)",
    "container.state": "{reason}{after}",
    "left_by_swap": "left by an interrupted swap: {containers}",
    "log_lines": "last log lines: {lines: / }",
    "log_hidden": "its log is not shown, because it may contain secrets",
    "docker": {
        "expected": "a Docker daemon at {docker_host}",
    },
    "docker.no_socket": {
        "seen": "no socket at {docker_host}",
        "cause": "Docker is not installed or not started",
        "fix": "install or start it: systemctl status docker",
    },
    "docker.no_permission": {
        "seen": "permission denied at {docker_host}",
        "cause": "this user has no access to the daemon's socket",
        "fix": "run the task with become: true",
    },
    "docker.not_running": {
        "seen": "connection refused at {docker_host}",
        "cause": "the daemon is not running",
        "fix": "start it: systemctl status docker; journalctl -u docker",
    },
    "docker.no_answer": {
        "seen": "{error}",
        "cause": "the daemon at {docker_host} hangs, has stopped, or refuses the request",
        "fix": "systemctl status docker; journalctl -u docker",
    },
    "releases": {
        "expected": "every release is checked",
    },
    "releases.none": {
        "seen": "container_release has not deployed anything on this host",
    },
    "running": {
        "expected": "running and healthy",
        "seen": "{also:; }",
    },
    "running.ok": {
        "seen": "running since {since}Z, healthy",
    },
    "running.interrupted": {
        "seen": "no container of that name; left over: {left}",
        "cause": "a deploy was interrupted, or is in progress",
        "fix": "deploy again: that repairs it",
    },
    "running.removed": {
        "seen": "no container of that name",
        "cause": "it was removed by hand; its files are still on this host",
        "fix": "deploy it",
    },
    "running.never_deployed": {
        "seen": "no container of that name",
        "cause": "never deployed on this host, or under another name; deployed here: {here}",
        "fix": "deploy it",
    },
    "running.paused": {
        "cause": "somebody ran docker pause",
        "fix": "unpause it with docker unpause",
    },
    "paused": "it is paused",
    "running.no_healthcheck": {
        "cause": "it was not created by container_release, which refuses containers without a healthcheck",
        "fix": "redeploy it",
    },
    "running.stopped": {
        "cause": "somebody stopped it",
        "fix": "start it with docker start, or redeploy it",
    },
    "running.unhealthy": {
        "cause": "the program, or what it depends on, is broken",
        "fix": "read docker logs {container}; roll back if it started with a deploy",
    },
    "running.left": {
        "seen": "running since {since}Z, healthy; {also:; }",
        "cause": "a deploy was killed, or is in progress",
        "fix": "deploy again: that repairs it",
    },
    "image": {
        "expected": "image {deployed}, as deployed, which {named} still points to",
    },
    "image.ok": {
        "seen": "it runs {runs} ({names}), built {made}",
    },
    "image.recreated": {
        "seen": "it runs {runs}, {deployed} was deployed",
        "cause": "the container was recreated by hand or by another program",
        "fix": "redeploy it",
    },
    "image.no_such_name": {
        "seen": "it runs {runs}; this host has no image {reference}",
        "cause": "the tag was removed, or the image was never built or pulled on this host",
        "fix": "build or pull it, and deploy",
    },
    "image.rolled_back": {
        "seen": "it runs {runs}, built {made}; {reference} now points to {now}, built {now_made}",
        "cause": "the release was rolled back",
        "fix": "deploy again once it is fixed",
    },
    "image.rolled_back.without_name": {
        "seen": "it runs {runs}, which no longer has a tag",
    },
    "image.tag_moved": {
        "seen": "it runs {runs}, built {made}; {reference} now points to {now}, built {now_made}",
        "cause": "the tag has moved: another image was pulled or built since, but not deployed",
        "fix": "redeploy it: docker restart keeps the old image",
    },
    "image.other_reference": {
        "seen": "it runs {runs}, built {made}; {reference} now points to {now}, built {now_made}",
        "cause": "it was deployed from {deployed_from}",
        "fix": "redeploy it: docker restart keeps the old image",
    },
    "image.name_taken": {
        "seen": "it runs {runs}, which no longer has a tag",
        "cause": "another image has been built under its tag since, but not deployed",
        "fix": "redeploy it",
    },
    "image.other_digest": {
        "seen": "{digest} was deployed; the image now has {digests}",
        "cause": "the image was loaded or pushed again under another digest",
        "fix": "redeploy it",
    },
    "image.only_latest": {
        "seen": "it runs {runs} ({names}), built {made}",
        "cause": "latest is whatever was pulled last: there is no tag to roll back to",
        "fix": "deploy a version tag or a digest",
    },
    "source": {
        "expected": "built from today's source, {today}",
        "seen": "an image built {made} from {source}",
    },
    "source.ok": {
        "seen": "built {made} from it",
    },
    "source.unknown": {
        "seen": "an image built {made}, without a record of its source",
        "cause": "it was not built by image_build",
        "fix": "build it, and deploy",
    },
    "source.rolled_back": {
        "cause": "the release was rolled back",
        "fix": "deploy again once it is fixed",
    },
    "source.not_rebuilt": {
        "cause": "the image has not been rebuilt since the code changed",
        "fix": "build it, and deploy",
    },
    "source.not_deployed": {
        "cause": "the image was rebuilt after the code changed, but not deployed",
        "fix": "deploy it",
    },
    "configuration": {
        "expected": "as deployed: options, limits, networks, files and secrets",
    },
    "configuration.ok": {
        "seen": "as deployed; a secret counts as unchanged while its file is untouched",
    },
    "configuration.adopted": {
        "seen": "not created by container_release: it was adopted and then rolled back to",
        "cause": "the release that replaced it was rolled back",
        "fix": "deploy again",
    },
    "configuration.recreated": {
        "seen": "it has no labels of a deploy",
        "cause": "it was recreated by hand or by another program",
        "fix": "redeploy it with adopt",
    },
    "configuration.changed": {
        "seen": "{differences:; }",
        "cause": "it was recreated by hand, changed with docker, or its files were edited on this host",
        "fix": "redeploy it",
    },
    "configuration.not_readable": {
        "seen": "{error}",
        "cause": "only root can read the files of a release",
        "fix": "run the task with become: true",
    },
    "disk.gone": "{what} is no longer on disk",
    "disk.replaced": "{what} was replaced on disk; the container still has the old one",
    "disk.changed": "{what} was changed on disk after the deploy",
    "disk.permissions": "the permissions of {what} on disk were changed",
    "differs": "{what} differs",
    "differs.no_record": "{directory} has no record of its options",
    "differs.record": "its record does not match its digest",
    "differs.drift": "a deploy would {action}",
    "differs.no_image": "its image is no longer on this host",
    "differs.variable": "environment variable {name} differs",
    "differs.field": "{key} is not as it was set",
    "differs.connected": "it was connected to network {network}",
    "differs.alias": "it has no alias {alias} in network {network}",
    "differs.not_connected": "it is not connected to network {network}",
    "reason.image": "image",
    "reason.configuration": "configuration",
    "reason.option": "option {option}",
    "reason.file": "file {path}",
    "reason.secret": "secret {path}",
    "reason.no_record": "no record of its options",
    "reason.limited": "{key} was changed by hand",
    "reason.network": "network {network} was recreated",
    "drift.set": "set {keys} of container {container}",
    "drift.connect": "connect container {container} to network {network}",
    "drift.own": "give {path} to {owner}",
    "restarts": {
        "expected": "at most {most} restarts, none in progress, enough memory",
        "seen": "restarts: {restarts}; {also:; }",
    },
    "restarts.ok": {
        "seen": "restarts: {restarts}",
    },
    "restarts.ends": {
        "cause": "the program exits by itself",
        "fix": "read docker logs {container}",
    },
    "restarts.out_of_memory": {
        "seen": "restarts: {restarts}; out of memory; {also:; }",
        "cause": "its limit of {limit} MiB is too low, or it leaks",
        "fix": "raise memory, or fix the program",
    },
    "restarts.killed": {
        "seen": "restarts: {restarts}; killed (SIGKILL); {also:; }",
        "cause": "most likely its limit of {limit} MiB is too low, or it leaks",
        "fix": "raise memory, or fix the program",
    },
    "restart_under_way": "another restart is in progress",
    "exit_code": "exit code {exit_code}",
    "exit_code.unknown": "exit code not known",
    "ports": {
        "expected": "the declared ports are published, and something listens behind each TCP port",
    },
    "ports.ok": {
        "seen": "{ports}",
    },
    "ports.not_running": {
        "seen": "it is not running",
    },
    "ports.not_declared": {
        "seen": "configured: {configured}; declared: {declared}",
        "cause": "the declared ports have changed since it was deployed, or it was recreated by hand",
        "fix": "redeploy it",
    },
    "ports.not_published": {
        "seen": "configured: {configured}; Docker publishes: {ports}",
        "cause": "the daemon could not publish them, or its network was disconnected",
        "fix": "restart it (docker restart), then check docker ps",
    },
    "ports.silent": {
        "seen": "{ports:; }",
        "cause": "the program is not configured to listen on that port, or listens on its loopback only",
        "fix": "compare the container's port with the program's configuration and log",
    },
    "no_ports": "no port published",
    "port_closed": "{port}: the connection is refused, or closed at once",
    "port_unused": "{port}: nothing listens on {inside} in the container",
    "port_on_loopback": "{port}: the program listens only on {addresses} in the container",
    "public_ports": {
        "expected": "only declared ports are published on public addresses",
        "seen": "{ports}",
    },
    "public_ports.open": {
        "cause": "published without an address, which means on all of them; Docker bypasses the host's firewall",
        "fix": "publish it on 127.0.0.1 or a private address, or add it to public_ports",
    },
    "secrets": {
        "expected": "no container has a secret in its environment",
    },
    "secrets.ok": {
        "seen": "none in {containers} containers; accepted: {accepted}",
    },
    "secrets.exposed": {
        "seen": "{variables}",
        "cause": "anyone who can run docker inspect, or who gets its output, can read them",
        "fix": "pass it as a file (*_FILE, secrets of container_release) and rotate the secret, or add {first} to accepted_secrets",
    },
    # --- drills of alerts
    "drill": {
        "expected": "within {timeout:g} s",
        "seen": "after {took:.1f} s",
    },
    "drill.no_scenario": {
        "seen": "it has no drill",
    },
    "drill.no_rule": {
        "seen": "Prometheus has not loaded such a rule",
    },
    "drill.not_expected": {
        "seen": "the rule covers only expected hosts and sources; its expression has no {missing}",
    },
    "drill.too_short": {
        "seen": "it takes at least {least:g} s to fire; timeout_hops is {timeout:g}",
    },
    "drill.missed": {
        "seen": "not within that time",
        "fix": "look at the alert in Prometheus and in Alertmanager, or raise timeout_hops",
    },
    "drill.missed.settled": {
        "cause": "it was already firing, or Prometheus does not scrape the gateway",
    },
    "drill.missed.pending": {
        "cause": "the rule does not see the pushed series: Prometheus does not scrape the gateway, or scrapes it without honor_labels",
    },
    "drill.missed.firing": {
        "cause": "its condition did not hold for as long as its `for`",
    },
    "drill.missed.in_alertmanager": {
        "cause": "Prometheus has no Alertmanager, or cannot reach it",
    },
    "drill.missed.told": {
        "cause": "its route has no receiver, the receiver refuses it, or it is silenced or inhibited",
    },
    "drill.missed.cleared": {
        "cause": "the rule looks back over a window that is longer than timeout_hops",
    },
    "drill.missed.cleared_in_alertmanager": {
        "cause": "Prometheus can no longer reach Alertmanager",
    },
    "drill.missed.told_of_its_end": {
        "cause": "send_resolved is off, or group_interval is longer than timeout_hops",
    },
    "receivers": {
        "expected": "no notification fails",
        "seen": "none failed",
    },
    "receivers.failed": {
        "seen": "{receivers:; }",
        "cause": "a receiver of that type is down or refuses messages: check its address, credentials and rate limits; others may have been notified",
        "fix": "read Alertmanager's log, which names the receiver and the error",
    },
    "failed_receiver": "{receiver}: {n} failed",
    # --- who is notified of alerts
    "receiver": {
        "expected": "a receiver that notifies someone",
    },
    "receiver.alertmanager_none": {
        "seen": "none: Alertmanager drops alerts that match no route",
        "cause": "alertmanager_receivers or alertmanager_default_receiver is empty",
        "fix": "configure a webhook, an e-mail address, a Slack or a Telegram channel (docs/alerting.md)",
    },
    "receiver.grafana_nobody": {
        "seen": "{names}: no one is notified",
        "cause": "no contact point has been configured yet",
        "fix": "set grafana_alerts_to_alertmanager, or grafana_contact_points and grafana_notification_policy (docs/grafana.md)",
    },
    "exporter_run": {
        "expected": "one run that reads from n8n and delivers",
        "seen": "it has read and delivered",
    },
    "exporter_run.failed": {
        "seen": "exit code {exit_code}",
        "cause": "{error}",
        "fix": "repair it and deploy again; {directory}/run-{exporter} on that host shows a whole run. Until then cron keeps its jobs",
    },
    "exporter_run.failed.silent": {
        "cause": "the run said nothing",
    },
    # --- requests that failed
    "http": {
        "seen": "{request}: {seen}",
    },
    "request_refused": "connection refused",
    "request_no_answer": "no answer",
    "request_no_answer_in": "no answer in {timeout:g} s",
    "request_too_large": "more than {limit} bytes",
    "request_too_slow": "{received} bytes in {seconds:g} s, and still more to come",
    "request_checked_against": "{seen} (checked against {ca_path})",
    "http.dns": {
        "cause": "the DNS record of {host} is missing, or this host's resolver does not know it",
        "fix": "create the record, or set the address in the option resolve",
    },
    "http.refused": {
        "cause": "nothing listens on port {port} of {address}: the service is down, or port or host is wrong",
        "fix": "compare the port with what the service publishes (docker ps, ss -ltn)",
    },
    "http.unreachable": {
        "cause": "no route to {address}, or a firewall rejects the connection",
        "fix": "check route and firewall between this host and {address}",
    },
    "http.timeout": {
        "cause": "the service hangs or is overloaded, or a firewall drops packets to {address}:{port}",
        "fix": "try from its own host; raise the option timeout if it is only slow",
    },
    "http.closed": {
        "cause": "the server closed the connection without an answer: it crashed, is restarting, or expects TLS",
        "fix": "read the service's log; check whether the URL needs https://",
    },
    "http.tls_untrusted": {
        "cause": "the certificate of {host} is signed by an authority that is not trusted here",
        "fix": "set the option ca_path to the right CA bundle, or let the server send the whole chain",
    },
    "http.tls_name": {
        "cause": "{address}:{port} presents a certificate that is not for {host}",
        "fix": "check host and port; issue the certificate for {host} (subject alternative name)",
    },
    "http.tls_expired": {
        "cause": "the certificate has not been renewed",
        "fix": "renew the certificate of {host}",
    },
    "http.tls_not_yet_valid": {
        "cause": "the certificate is not valid yet, or this host's clock is behind",
        "fix": "check the clocks (NTP)",
    },
    "http.tls_not_spoken": {
        "cause": "port {port} of {address} does not speak TLS",
        "fix": "use http://, or the port that speaks TLS",
    },
    "http.tls_client": {
        "cause": "the server requires a client certificate, or refuses the one it got",
        "fix": "set client_cert and client_key",
    },
    "http.tls": {
        "cause": "the TLS handshake failed",
        "fix": "compare the protocol versions and ciphers of client and server",
    },
    "http.not_json": {
        "cause": "another service, or a proxy's error or login page, answers at this address",
        "fix": "check host, port and path",
    },
    "path": {
        "expected": "only root (or the task's own user) can change {path}",
    },
    "path.link": {
        "seen": "{seen}",
        "cause": "somebody put a link there, perhaps to make root write elsewhere",
        "fix": "look where it leads, then remove it",
    },
    "path.owner": {
        "seen": "{seen} owns it",
        "cause": "it was made by hand, or by another program",
        "fix": "give it, and the directories above it, to root",
    },
    "path.writable": {
        "seen": "{seen}",
        "cause": "it was made with an open umask, or opened by hand",
        "fix": "take the right to write from group and others (chmod go-w)",
    },
    "path.kind": {
        "seen": "{seen}",
        "cause": "something else was put there by hand",
        "fix": "remove it",
    },
    "http.too_large": {
        "cause": "another service answers here",
        "fix": "check host, port and path",
    },
    "http.redirect": {
        "cause": "a proxy redirects to another scheme, path or login page",
        "fix": "use the final URL",
    },
    "http.login": {
        "cause": "the service, or a proxy before it, requires a login",
        "fix": "set credentials, or use a URL that answers without a login",
    },
    "http.other": {
        "cause": "not known; the error above is all there is",
        "fix": "repeat the request by hand from this host",
    },
    "http.status": {
        "cause": "an error inside the service",
        "fix": "read the service's log",
    },
    "http.status.400": {
        "cause": "the server refuses the content of the request",
        "fix": "read its answer above",
    },
    "http.status.401": {
        "cause": "no credentials, or wrong ones",
        "fix": "check url_username/url_password or bearer_token",
    },
    "http.status.403": {
        "cause": "these credentials do not have permission",
        "fix": "check the user's permissions",
    },
    "http.status.404": {
        "cause": "wrong path or prefix, or another service at this address",
        "fix": "check host, port and path",
    },
    "http.status.405": {
        "cause": "another service at this address",
        "fix": "check host, port and path",
    },
    "http.status.429": {
        "cause": "too many requests",
        "fix": "wait, or raise the server's limit",
    },
    "http.status.502": {
        "cause": "the proxy is up, but the service behind it is not",
        "fix": "check the service and the route",
    },
    "http.status.503": {
        "cause": "the service is starting, stopping or overloaded",
        "fix": "read the service's log",
    },
    "http.status.504": {
        "cause": "the service behind the proxy does not answer in time",
        "fix": "read the service's log",
    },
    "http.grafana_organization": {
        "cause": "organisation {org_id} does not exist there, or these credentials have no access to it",
        "fix": "check org_id; a token belongs to one organisation and needs the role Admin in it",
    },
    "http.grafana_source": {
        "cause": "the data source's URL or credentials are wrong, or its server is down",
        "fix": "test the data source in Grafana; try its URL from Grafana's host or container",
    },
    "http.grafana_source_unknown": {
        "cause": "no data source has uid {uid}",
        "fix": "compare the uid with the data sources of that Grafana and organisation",
    },
    "http.query": {
        "cause": "a mistake in {query}",
        "fix": "correct the query",
    },
    "http.stopped": {
        "cause": "the run was stopped, or its deadline has passed",
        "fix": "run it again",
    },
    "http.option": {
        "cause": "the value given to the module",
        "fix": "correct the variable that sets it",
    },
    # --- containers
    "container": {
        "seen": "{reason}{after}",
    },
    "container.after": ", after it had been healthy for {seconds:.1f} s",
    "container.check_failed": "its healthcheck failed {failures} times in a row",
    "container.check_output": "; its healthcheck said: {output}",
    "container.exited": "it exited with code {exit_code}{error}",
    "container.killed": "it was killed (SIGKILL, exit code 137): it ran out of memory{limit}, or somebody ran docker kill or docker stop",
    "container.limit": " (limit {megabytes} MiB)",
    "container.no_healthcheck": "it has no healthcheck, so it never counts as healthy",
    "container.not_ended": "it did not exit within {timeout:g} s",
    "container.out_of_memory": "it was killed because it ran out of memory{limit}",
    "container.restarts": "it keeps restarting",
    "container.restarts_after": "it keeps restarting ({end})",
    "container.timeout": "it was not healthy within {timeout:g} s{check}",
    "container.unhealthy": "Docker reports it as unhealthy{check}",
    # --- metrics
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
        "expected": "VictoriaMetrics keeps one of several samples with the same time",
    },
    "deduplication.ok": {
        "seen": "-dedup.minScrapeInterval={interval}",
    },
    "deduplication.off": {
        "seen": "it keeps all of them",
        "cause": "VictoriaMetrics runs without -dedup.minScrapeInterval: a batch of pings that is sent again is stored twice",
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
    # --- what grafana_bundle proves
    "data_source": {
        "expected": "{type} at {address} answers to Grafana",
    },
    "data_source.its_address": "its address",
    "data_source.ok": {
        "seen": "{answer}",
    },
    "data_source.down": {
        "seen": "{answer}",
        "cause": "its URL or credentials are wrong, or it is down, as seen from Grafana's own host",
        "fix": "try {address} from Grafana's host or container",
    },
    "data_source.no_health": {
        "seen": "this server has no health check for type {type}",
    },
    "panel": {
        "expected": "data in the last {window:g} s",
    },
    "panel.ok": {
        "seen": "data",
    },
    "panel.library": {
        "seen": "a library panel: its queries are in the library",
    },
    "panel.empty": {
        "seen": "no data: no series match in the window; query {ref} of {source}: {query}",
        "cause": "nothing exports this metric (yet), or the labels match no series",
        "fix": "look for the metric in the data source; set prove.wait if the data is still to come",
    },
    "panel.no_number": {
        "seen": "no data: only NaN values; query {ref} of {source}: {query}",
        "cause": "the query divides by zero or by an empty result",
        "fix": "run it in Grafana's Explore",
    },
    "panel.unanswered": {
        "seen": "no data: query {ref} of {source} is not in Grafana's answer: {query}",
        "cause": "Grafana's server does not run this query: it is hidden, or runs in the browser",
        "fix": "run it in Grafana's Explore",
    },
    "panel.failed": {
        "seen": "{reason}; query {ref} of {source}: {query}",
        "cause": "the query is wrong, or its data source refuses it",
        "fix": "run it in Grafana's Explore",
    },
    "panel.invalid": {
        "seen": "does not parse: {reason}; query {ref} of {source}: {query}",
        "cause": "the query is wrong",
        "fix": "correct the query",
    },
    "panel.source_down": {
        "seen": "data source {source}: {reason}; query {ref}: {query}",
        "cause": "its data source does not answer Grafana",
        "fix": "look at the check of the data source first",
    },
}
