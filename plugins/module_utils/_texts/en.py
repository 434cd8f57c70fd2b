# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the checks say, in English: the catalogue that every other language follows."""

from __future__ import annotations

TEXTS: dict[str, str | dict[str, str]] = {
    "separators": ",.",
    "more": "{items} and {n} more",
    "plain": {
        "expected": "{expected}",
    },
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
    # --- requests that failed
    "http": {
        "seen": "{request}: {seen}",
    },
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
}
