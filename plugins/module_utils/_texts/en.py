# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
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
        "cause": "the address of {title} was given instead",
        "fix": "give the service's own host and port, or the path that the proxy routes to it",
    },
    "address.other_service.prometheus_for_pushgateway": {
        "cause": "the address of Prometheus was given for the Pushgateway; it answers a push with 404 or 405",
    },
    "address.other_service.pushgateway_for_prometheus": {
        "cause": "the address of the Pushgateway was given for Prometheus; it keeps no history",
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
        "cause": "it is starting or stopping, or something that it needs is missing",
        "fix": "read the log of {title}",
    },
    "service.login_page": {
        "seen": "{status}, a page that asks for a password",
        "cause": "it is a login page; what is behind it was not checked",
        "fix": "give contains: a text that only the right answer has",
    },
    "health": {
        "expected": "every database is up, every push target accepts what it is sent",
        "seen": "databases: {databases}; push targets: {targets}",
    },
    "health.part_down": {
        "seen": "{parts:; }",
        "cause": "the part is down, or the collector has a wrong address or password for it",
        "fix": "check {names} from the collector's host; {url} has the details",
    },
    "health_database": "database {name}: {error}",
    "health_target": "push to {name}: {error}",
    "health_task": "task {name}: {error}",
    "not_yet": "not yet",
    "none": "none",
    "health.no_target": {
        "seen": "it has no push target",
        "cause": "its settings name neither pushgateway nor victoriametrics",
        "fix": "deploy it with a push target",
    },
    "health.not_probed": {
        "seen": "it does not probe {missing}; it probes: {databases}",
        "cause": "it was not deployed since the inventory's databases changed, or from another one",
        "fix": "deploy the collector",
    },
    "health.not_expected": {
        "seen": "it also probes {more}, which is not in the inventory",
        "cause": "it was not deployed since the inventory's databases changed, or from another one",
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
        "cause": "the certificate is not renewed in time",
        "fix": "renew the certificate of {host}, and find out why it was not renewed automatically",
    },
    "certificate.old_protocol": {
        "seen": "{left:.1f} days left, {protocol}, issued by {issuer}; {old} is accepted too",
        "cause": "the server, or the proxy before it, accepts protocols that are no longer safe",
        "fix": "allow TLS 1.2 and newer only (in Traefik: tls.options, minVersion VersionTLS12)",
    },
    "certificate.only_old_protocol": {
        "seen": "{error}; nothing newer than {old} is accepted",
        "cause": "the server, or the proxy before it, is set to protocols that are no longer safe",
        "fix": "allow TLS 1.2 and newer only (in Traefik: tls.options, minVersion VersionTLS12)",
    },
    # --- ping
    "ping": {
        "expected": "200 to {count} pings, each with its id and all fields",
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
        "cause": "the collector has a different key: it was not deployed since the key changed",
        "fix": "deploy the collector, or give this check the key that was deployed",
    },
    "ping.other_version": {
        "seen": "{answer}",
        "cause": "another version of the API",
        "fix": "compare the version at / with the deployed one",
    },
    "ping.not_protected": {
        "seen": "200 {body}",
        "cause": "the API does not check keys: anybody can send pings",
        "fix": "take the collector off the network, then check its keys_file",
    },
    "ping.lost": {
        "seen": "the collector itself counts {known} of {count} pings",
        "cause": "it was restarted meanwhile, or several collectors answer at this address",
        "fix": "ask each collector by its own URL",
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
        "expected": '{metric} of instance="{instance}" in Prometheus is that of the last ping',
        "seen": "{pings} pings, in Prometheus after {seconds:.1f} s",
    },
    "counted.missing": {
        "seen": "not within {seconds:.0f} s",
        "cause": "the collector's pushes do not reach this Prometheus, or arrive under another instance",
        "fix": "see the checks of push and scrape",
    },
    "counted.missing.older": {
        "seen": "not within {seconds:.0f} s; what is there is {behind:span} older",
    },
    "sampled": {
        "expected": '{metric} of host="{host}" in VictoriaMetrics, from these pings',
        "seen": "none within {seconds:.0f} s",
    },
    "sampled.ok": {
        "seen": "after {seconds:.1f} s",
    },
    "sampled.not_sent": {
        "cause": "the collector has no victoriametrics in its settings, so it sends no samples",
        "fix": "deploy the collector with the URL of VictoriaMetrics",
    },
    "sampled.queued": {
        "cause": "the collector cannot deliver: {error}",
        "fix": "read its /health: {samples} samples are queued",
    },
    "samples_queued": "its samples are queued",
    "sampled.elsewhere": {
        "cause": "the collector sends to another VictoriaMetrics",
        "fix": "compare victoriametrics.url in the collector's settings with the one that was asked",
    },
    "forgotten": {
        "expected": "no series of the validation is left",
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
        "cause": "the collector is older than this check: it cannot forget a source",
        "fix": "deploy the collector",
    },
    "forgotten.not_done": {
        "cause": "the collector took the pings, but now it fails or does not answer",
        "fix": "restart the collector: its next push is without them",
    },
    "left_on_collector": "series on the collector and the gateway (DELETE {path}: {error})",
    "left_on_gateway": "series on the gateway, as the collector cannot push",
    "left_in_victoriametrics": "samples in VictoriaMetrics",
    # --- scrape target of the gateway
    "target": {
        "expected": "the scrape target of job {job} is up",
        "seen": "{target} is up",
    },
    "target.missing": {
        "seen": "no target; there are: {jobs:some}",
        "cause": "Prometheus has no scrape job for the gateway",
        "fix": "add a scrape job {job} with honor_labels: true, and reload",
    },
    "target.down": {
        "seen": "{target} is down since its last scrape: {error}",
        "cause": "Prometheus does not reach the gateway at this address, or not with these credentials",
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
        "expected": "{place} at {url} has the marker, as it was pushed",
        "seen": "not within {seconds:.0f} s",
    },
    "roundtrip.ok": {
        "seen": "{seconds:.2f} s after the push",
    },
    "roundtrip.check_mode": {
        "seen": "check mode: nothing is pushed",
    },
    "roundtrip.not_on_gateway": {
        "seen": "it is not on the gateway: see roundtrip gateway",
    },
    "roundtrip.dropped": {
        "seen": "the push was accepted, but its group is not there after {seconds:.0f} s",
        "cause": "the address leads to several gateways, or something else accepts pushes and drops them",
        "fix": "give the address of one gateway, the one that Prometheus scrapes",
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
        "cause": "Prometheus scrapes another gateway than the one pushed to, or less often than that",
        "fix": "compare the target's address with the gateway's; make wait longer than the interval",
    },
    "roundtrip.see_prometheus": {
        "cause": "it may not have reached Prometheus as it was pushed either",
        "fix": "see roundtrip Prometheus, and repair that first",
    },
    "roundtrip.not_written": {
        "cause": "Prometheus has no remote_write to this VictoriaMetrics, drops the marker (write_relabel_configs), or lags",
        "fix": "compare its remote_write with the URL that was asked here",
    },
    "roundtrip.other_source": {
        "cause": "the data source {uid} leads to another server; or to a VictoriaMetrics, which hides samples younger than its -search.latencyOffset (30 s by default)",
        "fix": "compare it with the servers that were asked here",
    },
    "roundtrip_removed": {
        "expected": "the marker is gone from each place that it reached",
        "seen": "{places:; }",
    },
    "roundtrip_removed.not_pushed": {
        "seen": "nothing was pushed",
    },
    "roundtrip_removed.gateway": {
        "cause": "the gateway went away or refuses DELETE, or its address leads to several gateways",
        "fix": "remove the groups of job {job} with pushgateway_group, or run this again",
    },
    "roundtrip_removed.prometheus": {
        "cause": "it scrapes less often than wait, or another gateway has the group too",
        "fix": "make wait longer than the scrape interval; a series that is not scraped ends in 5 min",
    },
    "roundtrip_removed.victoriametrics": {
        "cause": "Prometheus has not ended it yet, or another one writes it there too",
        "fix": "run this again: it deletes what has ended meanwhile",
    },
    "roundtrip_removed.not_allowed": {
        "cause": "VictoriaMetrics has a -deleteAuthKey, or these credentials may not delete",
        "fix": "delete the series of job {job} by hand, or run this again",
    },
    "marker_off_gateway": "gone from the gateway {seconds:.2f} s after the push",
    "marker_on_gateway": "still on the gateway",
    "marker_gateway_silent": "perhaps still on the gateway ({error})",
    "marker_ended_in_prometheus": "ended in Prometheus {seconds:.2f} s after the push",
    "marker_not_in_prometheus": "not in Prometheus",
    "marker_in_prometheus": "still in Prometheus {seconds:.0f} s after the push",
    "marker_prometheus_silent": "perhaps still in Prometheus ({error})",
    "marker_deleted": "deleted in VictoriaMetrics {seconds:.2f} s after the push",
    "marker_not_in_victoriametrics": "not in VictoriaMetrics",
    "marker_in_victoriametrics": "still written to VictoriaMetrics {seconds:.0f} s after the push",
    "marker_victoriametrics_silent": "perhaps still in VictoriaMetrics ({request}: {error})",
    "marker_others": "with it {n} left by runs that were killed",
    # --- the inventory
    "host": {
        "expected": "its checks have run",
    },
    "host.lost": {
        "seen": "it left the run before its checks",
        "cause": "it cannot be reached, or one of its variables cannot be read: a vault without its "
        "password, a misspelt name",
        "fix": "see what the run says of this host above the report",
    },
    "group": {
        "expected": "a host of the inventory that pushes it, or its job in deploy_known_groups",
        "seen": "{labels}; last push {age:span} ago",
        "cause": "a program that the inventory does not know pushes it, or did",
        "fix": "ensure that nothing pushes it any more, then deploy with "
        "-e deploy_remove_stale_groups=true",
    },
    "group.left": {
        "cause": "the host has left the inventory, has another name or region now, or pushes under "
        "another name",
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
    "log_hidden": "its log is not shown, as its secrets are not known",
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
        "cause": "this user may not use the daemon's socket",
        "fix": "run the task with become: true",
    },
    "docker.not_running": {
        "seen": "connection refused at {docker_host}",
        "cause": "the daemon is not running",
        "fix": "start it: systemctl status docker; journalctl -u docker",
    },
    "docker.no_answer": {
        "seen": "{error}",
        "cause": "the daemon at {docker_host} hangs, has ended, or refuses the request",
        "fix": "systemctl status docker; journalctl -u docker",
    },
    "releases": {
        "expected": "every release is checked",
    },
    "releases.none": {
        "seen": "container_release has deployed nothing here",
    },
    "running": {
        "expected": "running and healthy",
        "seen": "{also:; }",
    },
    "running.ok": {
        "seen": "running since {since}Z, healthy",
    },
    "running.interrupted": {
        "seen": "no container of that name; left: {left}",
        "cause": "a deploy was interrupted, or is under way",
        "fix": "deploy again, which repairs it",
    },
    "running.removed": {
        "seen": "no container of that name",
        "cause": "it was removed by hand: its files are still on this host",
        "fix": "deploy it",
    },
    "running.never_deployed": {
        "seen": "no container of that name",
        "cause": "never deployed on this host, or under another name; deployed here: {here}",
        "fix": "deploy it",
    },
    "running.paused": {
        "cause": "somebody ran docker pause",
        "fix": "docker unpause it",
    },
    "paused": "it is paused",
    "running.no_healthcheck": {
        "cause": "it was made without a healthcheck, which container_release refuses",
        "fix": "deploy it again",
    },
    "running.stopped": {
        "cause": "somebody stopped it",
        "fix": "docker start it, or deploy it again",
    },
    "running.unhealthy": {
        "cause": "the program, or what it depends on, is broken",
        "fix": "see docker logs {container}; roll back if it began with a deploy",
    },
    "running.left": {
        "seen": "running since {since}Z, healthy; {also:; }",
        "cause": "a deploy was killed, or is under way just now",
        "fix": "deploy it again: it repairs that",
    },
    "image": {
        "expected": "image {deployed}, as deployed and as {named} names it now",
    },
    "image.ok": {
        "seen": "it runs {runs} ({names}) of {made}",
    },
    "image.recreated": {
        "seen": "it runs {runs}, {deployed} was deployed",
        "cause": "the container was recreated by hand or by another program",
        "fix": "deploy it again",
    },
    "image.no_such_name": {
        "seen": "it runs {runs}; no image is named {reference} here",
        "cause": "the name was removed, or the image was never built or pulled on this host",
        "fix": "build or pull it, and deploy",
    },
    "image.rolled_back": {
        "seen": "it runs {runs} of {made}; {reference} names {now} of {now_made} now",
        "cause": "the release was rolled back",
        "fix": "deploy when it is repaired",
    },
    "image.rolled_back.without_name": {
        "seen": "it runs {runs}, which no longer has a name",
    },
    "image.tag_moved": {
        "seen": "it runs {runs} of {made}; {reference} names {now} of {now_made} now",
        "cause": "the tag has moved: another image was pulled or built since, and not deployed",
        "fix": "deploy it again: docker restart goes on with the old image",
    },
    "image.other_reference": {
        "seen": "it runs {runs} of {made}; {reference} names {now} of {now_made} now",
        "cause": "it was deployed from {deployed_from}",
        "fix": "deploy it again: docker restart goes on with the old image",
    },
    "image.name_taken": {
        "seen": "it runs {runs}, which no longer has a name",
        "cause": "another image was built under its name since, and was not deployed",
        "fix": "deploy it again",
    },
    "image.other_digest": {
        "seen": "{digest} was deployed, its digests are {digests}",
        "cause": "the image was loaded or pushed again under another digest",
        "fix": "deploy it again",
    },
    "image.only_latest": {
        "seen": "it runs {runs} ({names}) of {made}",
        "cause": "latest names whatever was pulled last: there is nothing to roll back to by name",
        "fix": "deploy a version's tag or a digest",
    },
    "source": {
        "expected": "built from today's source, {today}",
        "seen": "an image of {made}, built from {source}",
    },
    "source.ok": {
        "seen": "made {made} from it",
    },
    "source.unknown": {
        "seen": "an image of {made} that does not say what it was built from",
        "cause": "it was not built by image_build",
        "fix": "build it, and deploy",
    },
    "source.rolled_back": {
        "cause": "the release was rolled back",
        "fix": "deploy when it is repaired",
    },
    "source.not_rebuilt": {
        "cause": "the image was not rebuilt since the code changed",
        "fix": "build it, and deploy",
    },
    "source.not_deployed": {
        "cause": "the image was rebuilt since the code changed, and not deployed",
        "fix": "deploy it",
    },
    "configuration": {
        "expected": "as deployed: options, limits, networks, files and secrets",
    },
    "configuration.ok": {
        "seen": "as deployed; a secret counts so while its file is untouched",
    },
    "configuration.adopted": {
        "seen": "it was not made by container_release, but adopted, and rolled back to",
        "cause": "the release that replaced it was rolled back",
        "fix": "deploy again",
    },
    "configuration.recreated": {
        "seen": "it has none of the labels of a deploy",
        "cause": "it was recreated by hand or by another program",
        "fix": "deploy it again, with adopt",
    },
    "configuration.changed": {
        "seen": "{differences:; }",
        "cause": "it was recreated by hand, changed with docker, or its files were edited on this host",
        "fix": "deploy it again",
    },
    "configuration.not_readable": {
        "seen": "{error}",
        "cause": "only root can read the files of a release",
        "fix": "run the task with become: true",
    },
    "disk.gone": "{what} is no longer on disk",
    "disk.replaced": "{what} was replaced on disk: the container has the old one",
    "disk.changed": "{what} was changed on disk after the deploy",
    "disk.permissions": "{what} has other permissions on disk than it was given",
    "differs": "{what} differs",
    "differs.no_record": "no record of its options is in {directory}",
    "differs.record": "its record is not the one that its digest was made of",
    "differs.drift": "a deploy would {action}",
    "differs.no_image": "its image is no longer on this host",
    "differs.variable": "environment variable {name} differs",
    "differs.field": "{key} is not as it was set",
    "differs.connected": "it was connected to network {network}",
    "differs.alias": "it has no name {alias} in network {network}",
    "differs.not_connected": "it is not connected to network {network}",
    "reason.image": "image",
    "reason.configuration": "configuration",
    "reason.option": "option {option}",
    "reason.file": "file {path}",
    "reason.secret": "secret {path}",
    "reason.no_record": "no record of its options",
    "reason.limited": "{key} was limited by hand",
    "reason.network": "network {network} was created again",
    "drift.set": "set {keys} of container {container}",
    "drift.connect": "connect container {container} to network {network}",
    "drift.own": "give {path} to {owner}",
    "restarts": {
        "expected": "at most {most} restarts, none under way, enough memory",
        "seen": "restarts: {restarts}; {also:; }",
    },
    "restarts.ok": {
        "seen": "restarts: {restarts}",
    },
    "restarts.ends": {
        "cause": "the program ends by itself",
        "fix": "see docker logs {container}",
    },
    "restarts.out_of_memory": {
        "seen": "restarts: {restarts}; out of memory; {also:; }",
        "cause": "its limit of {limit} MiB is too low, or it leaks",
        "fix": "raise memory, or repair the program",
    },
    "restarts.killed": {
        "seen": "restarts: {restarts}; killed (SIGKILL); {also:; }",
        "cause": "most likely its limit of {limit} MiB is too low, or it leaks",
        "fix": "raise memory, or repair the program",
    },
    "restart_under_way": "another one is under way",
    "exit_code": "exit code {exit_code}",
    "exit_code.unknown": "exit code not kept",
    "ports": {
        "expected": "the declared ports are published, and something listens behind each TCP port",
    },
    "ports.ok": {
        "seen": "{ports}",
    },
    "ports.not_running": {
        "seen": "it does not run",
    },
    "ports.not_declared": {
        "seen": "configured: {configured}; declared: {declared}",
        "cause": "it was deployed with other ports than are declared now, or recreated by hand",
        "fix": "deploy it again",
    },
    "ports.not_published": {
        "seen": "configured: {configured}; Docker publishes: {ports}",
        "cause": "the daemon could not publish them, or its network was disconnected",
        "fix": "docker restart it; see docker ps",
    },
    "ports.silent": {
        "seen": "{ports:; }",
        "cause": "the program was not told to listen on that port, or only on its own loopback",
        "fix": "compare the port inside with what the program's configuration and log say",
    },
    "no_ports": "no port published",
    "port_closed": "{port}: a connection is refused, or closed at once without a byte",
    "port_unused": "{port}: nothing listens on {inside} in the container",
    "port_on_loopback": "{port}: the program listens on {addresses} in the container only",
    "public_ports": {
        "expected": "only declared ports are published on public addresses",
        "seen": "{ports}",
    },
    "public_ports.open": {
        "cause": "published without an address, which means all; Docker publishes past the firewall",
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
        "cause": "everyone who may run docker inspect can read them, and everyone who gets its output",
        "fix": "give the program a file (*_FILE, secrets of container_release) and change the secret, or add {first} to accepted_secrets",
    },
    # --- drills of alerts
    "drill": {
        "expected": "within {timeout:g} s",
        "seen": "after {took:.1f} s",
    },
    "drill.no_scenario": {
        "seen": "no drill is known for it",
    },
    "drill.no_rule": {
        "seen": "Prometheus has no such rule loaded",
    },
    "drill.not_expected": {
        "seen": "the rule covers only what is expected; its query has no {missing}",
    },
    "drill.too_short": {
        "seen": "it takes at least {least:g} s to fire; timeout_hops is {timeout:g}",
    },
    "drill.missed": {
        "seen": "not within that time",
        "fix": "look at the alert in Prometheus and in Alertmanager, or raise timeout_hops",
    },
    "drill.missed.settled": {
        "cause": "it fired before, or Prometheus does not scrape the gateway",
    },
    "drill.missed.pending": {
        "cause": "the rule does not see what was pushed: Prometheus does not scrape the gateway, or scrapes it without honor_labels",
    },
    "drill.missed.firing": {
        "cause": "its condition did not hold for as long as its `for`",
    },
    "drill.missed.in_alertmanager": {
        "cause": "Prometheus has no Alertmanager, or does not reach it",
    },
    "drill.missed.told": {
        "cause": "no receiver for its route, the receiver refuses it, a silence or an inhibition",
    },
    "drill.missed.cleared": {
        "cause": "the rule looks back over a window that is longer than timeout_hops",
    },
    "drill.missed.cleared_in_alertmanager": {
        "cause": "Prometheus no longer reaches it",
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
        "cause": "a receiver of that type is down or refuses: check its address, its credentials and its limits; others may have been notified",
        "fix": "read Alertmanager's log, which names the receiver and the error",
    },
    "failed_receiver": "{receiver}: {n} failed",
    # --- who is notified of alerts
    "receiver": {
        "expected": "a receiver that notifies somebody",
    },
    "receiver.alertmanager_none": {
        "seen": "none: Alertmanager drops alerts that no route takes",
        "cause": "alertmanager_receivers is empty, or alertmanager_default_receiver is",
        "fix": "configure a webhook, an e-mail address, a Slack or a Telegram channel (docs/alerting.md)",
    },
    "receiver.grafana_nobody": {
        "seen": "{names}: nobody is notified",
        "cause": "no contact point has been configured yet",
        "fix": "send the alerts to Alertmanager (grafana_alerts_to_alertmanager and grafana_alertmanager_url), or configure grafana_contact_points and grafana_notification_policy (docs/grafana.md)",
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
        "fix": "create the record, or give the address in the option resolve",
    },
    "http.refused": {
        "cause": "nothing listens on port {port} of {address}: service down, wrong port or wrong host",
        "fix": "compare the port with what the service publishes (docker ps, ss -ltn)",
    },
    "http.unreachable": {
        "cause": "no route to {address}, or a firewall rejects",
        "fix": "check route and firewall between this host and {address}",
    },
    "http.timeout": {
        "cause": "the service hangs or is overloaded, or a firewall drops packets to {address}:{port}",
        "fix": "ask it from its own host; raise the option timeout if it is only slow",
    },
    "http.closed": {
        "cause": "the server closed the connection without an answer: crash, restart, or TLS is expected",
        "fix": "read the service's log; check http:// against https://",
    },
    "http.tls_untrusted": {
        "cause": "the certificate of {host} was signed by an authority that is not trusted here",
        "fix": "give the right CA bundle in the option ca_path, or serve the whole chain",
    },
    "http.tls_name": {
        "cause": "{address}:{port} presents a certificate that is not for {host}",
        "fix": "check host and port; issue the certificate for {host} (subject alternative name)",
    },
    "http.tls_expired": {
        "cause": "renewal of the certificate stopped",
        "fix": "renew the certificate of {host}",
    },
    "http.tls_not_yet_valid": {
        "cause": "the certificate is of the future, or this host's clock is behind",
        "fix": "check the clocks (NTP)",
    },
    "http.tls_not_spoken": {
        "cause": "port {port} of {address} does not speak TLS",
        "fix": "use http://, or the port of the TLS listener",
    },
    "http.tls_client": {
        "cause": "the server wants a client certificate, or refuses the one it got",
        "fix": "give client_cert and client_key",
    },
    "http.tls": {
        "cause": "the TLS handshake failed",
        "fix": "compare protocol versions and ciphers of both ends",
    },
    "http.not_json": {
        "cause": "another service, or a proxy's error or login page, answers at this address",
        "fix": "check host, port and path",
    },
    "http.too_large": {
        "cause": "another service answers here",
        "fix": "check host, port and path",
    },
    "http.redirect": {
        "cause": "a proxy sends to another scheme, path or login page",
        "fix": "use the final URL",
    },
    "http.login": {
        "cause": "the service, or a proxy before it, wants a login first",
        "fix": "give credentials, or a URL that answers without a login",
    },
    "http.other": {
        "cause": "see what was seen",
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
        "cause": "these credentials may not do this",
        "fix": "check the permissions of the user",
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
        "cause": "the proxy is up, the service behind it is not",
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
        "cause": "organisation {org_id} does not exist there, or these credentials have no right",
        "fix": "check org_id; a token belongs to one organisation and needs the role Admin in it",
    },
    "http.grafana_source": {
        "cause": "the data source's address or credentials are wrong, or what it leads to is down",
        "fix": "test the data source in Grafana; ask its address from Grafana's host or container",
    },
    "http.grafana_source_unknown": {
        "cause": "no data source has the uid {uid}",
        "fix": "compare the uid with the data sources of that Grafana and organisation",
    },
    "http.query": {
        "cause": "a mistake in {query}",
        "fix": "correct the query",
    },
    "http.stopped": {
        "cause": "the run was stopped, or its deadline was over",
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
    "container.check_failed": "its healthcheck failed {failures} times",
    "container.check_output": "; its healthcheck said: {output}",
    "container.exited": "it exited with code {exit_code}{error}",
    "container.killed": "it was killed (SIGKILL, exit code 137): it ran out of memory{limit}, or somebody ran docker kill or docker stop",
    "container.limit": " (limit {megabytes} MiB)",
    "container.no_healthcheck": "it has no healthcheck, and that never counts as healthy",
    "container.not_ended": "it had not ended after {timeout:g} s",
    "container.out_of_memory": "it was killed because it ran out of memory{limit}",
    "container.restarts": "it restarts in a loop",
    "container.restarts_after": "it restarts in a loop ({end})",
    "container.timeout": "it was not healthy within {timeout:g} s{check}",
    "container.unhealthy": "Docker calls it unhealthy{check}",
    # --- metrics
    "all": "everything",
    "group.missing": {
        "seen": "no group on the gateway",
        "cause": "see the check of the push",
        "fix": "repair that first",
    },
    "series.missing": {
        "seen": "no series",
        "cause": "see the checks of push and scrape",
        "fix": "repair those first",
    },
    "push": {
        "expected": "the collector pushes when asked",
    },
    "push.ok": {
        "seen": "pushed in {seconds:.2f} s",
    },
    "push.wrong_key": {
        "seen": "401",
        "cause": "the collector has another key",
        "fix": "deploy it, or give the key that it has",
    },
    "push.refused": {
        "seen": "{status}: {error}",
        "cause": "the collector cannot push to its gateway, for the reason seen",
        "fix": "correct the gateway's address, CA or credentials in the collector's settings",
    },
    "pushed": {
        "expected": "{group} on the gateway, at most {oldest:g} s old, last push successful",
        "seen": "{families} families, {age:.0f} s old",
        "fix": "{look}",
    },
    "look.health": "read the collector's /health for its last push and its error",
    "look.log": "read its log on its host, and check what starts it",
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
        "cause": "the collector says that it has just pushed: it pushes to another gateway",
        "fix": "compare the collector's pushgateway url with the one that was checked",
    },
    "pushed.old": {
        "cause": "it no longer pushes: it is stopped, or cannot reach the gateway, which keeps showing its last values",
    },
    "pushed.seldom": {
        "seen": "{families} families, {age:.0f} s old; before it was asked, its last push was {before:.0f} s old",
        "cause": "it pushes less often than is expected here, or could not until now",
        "fix": "compare its push interval with the inventory's; look for failed pushes in its log",
    },
    "pushed.seldom.never": {
        "seen": "{families} families, {age:.0f} s old; before it was asked, it had pushed nothing",
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
        "fix": "stop it, or name its job in known_jobs; delete a dead group with pushgateway_group",
    },
    "pushers.ok": {
        "seen": "{count} groups, all known",
    },
    "pushers.unknown": {
        "seen": "{groups:some; }",
        "cause": "a program that the inventory does not know pushes here",
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
        "fix": "compare the scrape target's address with the gateway that was checked",
    },
    "prometheus.not_arrived.older": {
        "seen": "not within {wait:.0f} s; the newest one there is {age:.0f} s older",
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
        "fix": "read prometheus_remote_storage_* of Prometheus, and its log",
    },
    "victoriametrics.not_arrived.older": {
        "seen": "not within {wait:.0f} s; the newest one there is {age:.0f} s older",
    },
    "families": {
        "expected": "every family that is pushed, and every one of the catalogue, in {where}, with all its parts",
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
        "expected": "only {group}, nothing exported_*, and each metric's labels as in the catalogue",
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
        "expected": "each family by {group} alone",
    },
    "once.ok": {
        "seen": "{names} names by one path",
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
        "fix": "give it one, and reload",
    },
    "targets.down": {
        "seen": "{down} of {total} down; {targets:some; }",
        "cause": "the target is gone, has moved, or does not let Prometheus in; its series end there",
        "fix": "repair it, or remove the target; a gap in a graph is this, not a short retention",
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
        "cause": "the collector cannot deliver there; data are missing there, not elsewhere",
        "fix": "read the collector's /health for the error of that target",
    },
    "last_push": "none to {target} for {age:span}",
    "last_push.never": "none to {target} ever",
    "ages.silent": {
        "seen": "silent: {sources}",
        "cause": "that ping service has stopped, has no way here, or is refused (its own log says)",
        "fix": "read its log; if it is gone for good, DELETE /api/ping/stats?location=... on the API",
    },
    "silent_source": "{source} {age:span}",
    "ages.wrong_key": {
        "seen": "{refused:.0f} pings were answered 401 within {minutes} min",
        "cause": "a sender has another key than this collector",
        "fix": "deploy the one of the two that has the old key; the collector's log has the address",
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
        "cause": "it does not run, has no way to the collectors, or its key is refused",
        "fix": "read its log; see the checks ages for pings that were answered 401",
    },
    "rules": {
        "expected": "every rule is evaluated, and the metrics that it needs still exist",
    },
    "rules.ok": {
        "seen": "{rules} rules",
    },
    "rules.broken": {
        "seen": "{count} of {rules} fail: {errors:some; }",
        "cause": "its expression matches series that it cannot combine, most likely duplicates",
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
        "expected": "no alert fires",
    },
    "alerts.ok": {
        "seen": "{rules} rules, none fires",
    },
    "alerts.firing": {
        "seen": "{count} firing; {alerts:some; }",
        "cause": "what the alert says: these checks may see only a part of it",
        "fix": "open its runbook (docs/runbooks); silence in Alertmanager what is known",
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
        "expected": "{type} at {address} answers Grafana",
    },
    "data_source.its_address": "its address",
    "data_source.ok": {
        "seen": "{answer}",
    },
    "data_source.down": {
        "seen": "{answer}",
        "cause": "its URL or credentials are wrong, or it is down, as seen from Grafana's own host",
        "fix": "ask {address} from Grafana's host or container",
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
        "seen": "a library panel: its queries are kept there",
    },
    "panel.empty": {
        "seen": "no data: no series match in the window; query {ref} of {source}: {query}",
        "cause": "nothing exports this name, or not yet, or the labels match nothing",
        "fix": "look for the name in the data source; give prove.wait for data that has yet to come",
    },
    "panel.no_number": {
        "seen": "no data: only values that are not numbers (NaN); query {ref} of {source}: {query}",
        "cause": "the query divides by nothing, or what it divides by is 0",
        "fix": "run it in Grafana's Explore",
    },
    "panel.unanswered": {
        "seen": "no data: query {ref} of {source} is not in Grafana's answer: {query}",
        "cause": "Grafana does not run this query: hidden, or of a kind that the browser asks",
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
