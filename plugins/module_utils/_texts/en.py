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
        "seen": "did not answer within {deadline:g} s",
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
}
