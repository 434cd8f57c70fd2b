# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests that failed: the texts in English."""

from __future__ import annotations

TEXTS: dict[str, str | dict[str, str]] = {
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
    "http.tls_strict": {
        "cause": "Python 3.13 and newer are strict: the certificate of {host}, or its CA, lacks extensions that RFC 5280 asks for",
        "fix": "issue it anew by a CA with key usage and key identifiers, as certificate_local does",
    },
    "http.tls_rule": {
        "cause": "an authority of the chain of {host} limits what it signs (length, names, usage), or a certificate has an unknown critical extension",
        "fix": "ask the authority for a certificate within its limits; the check certificate says which link it is, where that is certain",
    },
    "http.tls_name": {
        "cause": "{address}:{port} presents a certificate that is not for {host}",
        "fix": "check host and port; issue the certificate for {host} (subject alternative name)",
    },
    "http.tls_expired": {
        "cause": "a certificate that {host} presents has expired: its own, an intermediate or the authority",
        "fix": "read which one it is (the check certificate, or openssl s_client -showcerts), and renew that one",
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
    "http.tls_other_key": {
        "cause": "the private key of the server at {address}:{port} does not belong to the certificate that it presents",
        "fix": "one of the two was renewed and the other was not: give the server the pair that belongs together, and restart or reload it",
    },
    "http.tls_no_certificate": {
        "cause": "the server at {address}:{port} says that it has no certificate for {host} (unrecognized name)",
        "fix": "give it one for {host}, or ask it by a name that it has",
    },
    "http.tls_weak": {
        "cause": "a key or a signature of the certificates of {host} is too weak for this host's OpenSSL",
        "fix": "have it issued again: RSA with 2048 bits or EC, signed with SHA-256; the check certificate says which one it is",
    },
    "http.tls": {
        "cause": "one side ended the handshake without saying why: no version or cipher in common, a missing client certificate, or an error of the server",
        "fix": "read the server's log of this moment; then compare versions and ciphers (openssl s_client)",
    },
    "http.not_json": {
        "cause": "another service, or a proxy's error or login page, answers at this address",
        "fix": "check host, port and path",
    },
    "http.too_large": {
        "cause": "not decided here: another service answers, or this one has that much (a gateway with very many groups)",
        "fix": "check host, port and path; see how long the answer is, and remove what nobody needs",
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
    "http.encoded_path": {
        "cause": "a proxy before Grafana refuses or decodes encoded characters in a path (%2F is / in a name)",
        "fix": "let the proxy pass them as they are (Traefik: encodedCharacters; Apache: AllowEncodedSlashes NoDecode), or choose a name without them",
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
}
