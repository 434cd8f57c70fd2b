# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""service_check against real servers: what is right passes, each thing that is wrong is named."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from ansible_collections.vya.observability.tests.grafana_stand_in import Behaviour, serve

from .conftest import Authority, Collector, Proxy, Servers, free_port, run_module


def service(name: str, kind: str, url: str, **options: Any) -> dict[str, Any]:
    return {"name": name, "kind": kind, "url": url, **options}


@pytest.fixture
def silent() -> Iterator[str]:
    """A port that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_every_service_is_recognised(
    servers: Servers,
    gateway: str,
    prometheus: str,
    storage: str,
    collector: Collector,
    proxy: Proxy,
    authority: Authority,
) -> None:
    answer = run_module(
        "service_check",
        ca_path=str(authority.path),
        services=[
            service("a", "pushgateway", gateway),
            service("b", "prometheus", prometheus),
            service("c", "victoriametrics", storage),
            service("d", "alertmanager", servers.alertmanager()),
            service("e", "traefik", proxy.api),
            service("f", "collector", collector.url),
            service("g", "pushgateway", proxy.url("good", "/pushgateway")),
            service("h", "prometheus", proxy.url("good", "/")),
            service("i", "http", f"{prometheus}/-/healthy", contains="Healthy"),
        ],
    )
    assert answer.wrong == []
    assert [check["id"] for check in answer.result["checks"]][:3] == [f"service {c}" for c in "abc"]
    assert answer.check("service a")["seen"].startswith("Pushgateway 1.")
    certificate = answer.check(f"certificate good.localhost:{proxy.port}")
    assert "days left" in certificate["seen"]
    assert "TLSv1.3" in certificate["seen"]
    assert answer.result["seconds"] < 5


def test_a_grafana_that_hides_its_version() -> None:
    with serve(Behaviour(hidden_version=True)) as server:
        answer = run_module("service_check", services=[service("a", "grafana", server.url)])
    assert answer.wrong == []
    assert answer.check("service a")["seen"].startswith("Grafana, in ")


def test_check_mode_does_the_same(gateway: str) -> None:
    answer = run_module("service_check", check=True, services=[service("a", "prometheus", gateway)])
    assert answer.check("service a")["status"] == "fail"


@pytest.mark.parametrize(
    ("kind", "where", "found"),
    [
        ("pushgateway", "prometheus", "Prometheus 2."),
        ("prometheus", "gateway", "Pushgateway 1."),
        ("prometheus", "storage", "VictoriaMetrics"),
        ("alertmanager", "prometheus", "Prometheus 2."),
        ("collector", "gateway", "Pushgateway 1."),
        ("victoriametrics", "prometheus", "Prometheus 2."),
    ],
)
def test_another_service_is_named(
    kind: str, where: str, found: str, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue(where)
    check = run_module("service_check", services=[service("x", kind, url)]).check("service x")
    assert check["status"] == "fail"
    assert check["seen"].startswith(found)
    assert "address of" in check["cause"]


def test_it_fails_the_task_and_says_why(prometheus: str) -> None:
    services = [service("x", "pushgateway", prometheus)]
    result = run_module("service_check", fail_on="fail", services=services).result
    assert result["failed"]
    assert "404 or 405, never refused" in result["msg"]
    assert result["counts"]["fail"] == 1


def test_an_authority_that_is_not_trusted(
    proxy: Proxy, authority: Authority, other_authority: Authority
) -> None:
    # The right one in the environment must not help: ca_path is what was asked for.
    answer = run_module(
        "service_check",
        environment={"REQUESTS_CA_BUNDLE": str(authority.path)},
        ca_path=str(other_authority.path),
        services=[service("x", "prometheus", proxy.url("good"))],
    )
    for check in answer.result["checks"]:
        assert check["status"] == "fail"
        assert "authority that is not trusted" in check["cause"]
    certificate = answer.check(f"certificate good.localhost:{proxy.port}")
    assert "issued by CN=Test CA" in certificate["seen"]


def test_the_environment_changes_nothing(
    proxy: Proxy, authority: Authority, other_authority: Authority
) -> None:
    answer = run_module(
        "service_check",
        environment={
            "REQUESTS_CA_BUNDLE": str(other_authority.path),
            "HTTPS_PROXY": "http://127.0.0.1:9",
        },
        ca_path=str(authority.path),
        services=[service("x", "prometheus", proxy.url("good"))],
    )
    assert answer.wrong == []


def test_a_certificate_for_another_name(proxy: Proxy, authority: Authority) -> None:
    answer = run_module(
        "service_check",
        ca_path=str(authority.path),
        services=[service("x", "prometheus", proxy.url("nobody"))],
    )
    certificate = answer.check(f"certificate nobody.localhost:{proxy.port}")
    assert certificate["status"] == "fail"
    assert "certificate for good.localhost" in certificate["seen"]
    assert "not for nobody.localhost" in certificate["cause"]
    assert answer.check("service x")["status"] == "fail"


def test_a_name_that_is_resolved_here_is_still_verified(proxy: Proxy, authority: Authority) -> None:
    url = f"https://good.example.org:{proxy.port}"
    answer = run_module(
        "service_check",
        ca_path=str(authority.path),
        resolve={"good.example.org": "127.0.0.1"},
        services=[service("x", "prometheus", url)],
    )
    assert answer.check("service x")["status"] == "fail"
    assert "not for good.example.org" in answer.check("service x")["cause"]


def test_a_certificate_that_expires_soon(proxy: Proxy, authority: Authority) -> None:
    options = {
        "ca_path": str(authority.path),
        "services": [service("x", "http", proxy.url("soon", "/-/ready"))],
    }
    check_id = f"certificate soon.localhost:{proxy.port}"
    soon = run_module("service_check", **options).check(check_id)
    assert soon["status"] == "warn"
    assert soon["seen"].startswith("3.0 days left")
    assert (
        run_module("service_check", certificate_days=2, **options).check(check_id)["status"]
        == "pass"
    )


def test_an_expired_certificate(proxy: Proxy, authority: Authority) -> None:
    answer = run_module(
        "service_check",
        ca_path=str(authority.path),
        services=[service("x", "prometheus", proxy.url("expired"))],
    )
    certificate = answer.check(f"certificate expired.localhost:{proxy.port}")
    assert certificate["status"] == "fail"
    assert "expired" in certificate["seen"]
    assert "valid until 20" in certificate["seen"]
    assert answer.check("service x")["status"] == "fail"


def test_a_certificate_that_is_not_verified_is_a_warning(proxy: Proxy) -> None:
    answer = run_module(
        "service_check",
        validate_certs=False,
        services=[service("x", "prometheus", proxy.url("expired"))],
    )
    assert answer.check(f"certificate expired.localhost:{proxy.port}")["status"] == "warn"


def test_plain_http_on_a_tls_url(gateway: str) -> None:
    url = gateway.replace("http://", "https://")
    answer = run_module("service_check", services=[service("x", "pushgateway", url)])
    assert {check["status"] for check in answer.result["checks"]} == {"fail"}
    assert "does not speak TLS" in answer.check("service x")["cause"]


def test_nothing_answers() -> None:
    port = free_port()
    answer = run_module(
        "service_check",
        services=[
            service("refused", "prometheus", f"https://127.0.0.1:{port}"),
            service("unknown", "prometheus", "http://nobody.invalid"),
        ],
    )
    refused = answer.check("service refused")
    assert refused["status"] == "fail"
    assert f"nothing listens on port {port}" in refused["cause"]
    assert "DNS record of nobody.invalid" in answer.check("service unknown")["cause"]
    assert answer.check(f"certificate 127.0.0.1:{port}")["status"] == "skip"


def test_a_dead_service_behind_the_proxy(proxy: Proxy, authority: Authority) -> None:
    answer = run_module(
        "service_check",
        ca_path=str(authority.path),
        services=[service("x", "prometheus", proxy.url("good", "/dead"))],
    )
    assert answer.check("service x")["status"] == "fail"
    assert "the service behind it is not" in answer.check("service x")["cause"]


def test_the_deadline_holds(silent: str, gateway: str) -> None:
    started = time.monotonic()
    answer = run_module(
        "service_check",
        deadline=1,
        services=[service("hangs", "prometheus", silent), service("a", "pushgateway", gateway)],
    )
    assert time.monotonic() - started < 4
    assert answer.check("service hangs")["seen"] == "did not answer within 1 s"
    assert answer.check("service a")["status"] == "pass"


def test_many_that_hang_are_asked_side_by_side(silent: str) -> None:
    services = [service(f"s{n}", "prometheus", silent) for n in range(10)]
    started = time.monotonic()
    answer = run_module("service_check", timeout=0.5, retries=0, services=services)
    assert time.monotonic() - started < 4
    assert {check["seen"].rsplit(": ", 1)[1] for check in answer.wrong} == {"no answer in 0.5 s"}


def test_slow_is_a_warning(gateway: str) -> None:
    answer = run_module(
        "service_check", slow=0.000001, services=[service("a", "pushgateway", gateway)]
    )
    assert answer.check("service a")["status"] == "warn"


def test_http_that_says_something_else(gateway: str) -> None:
    services = [
        service("text", "http", f"{gateway}/-/ready", contains="welcome"),
        service("status", "http", f"{gateway}/nothing"),
        service("expected", "http", f"{gateway}/nothing", status=[404]),
    ]
    assert run_module("service_check", services=services).statuses == {
        "service text": "fail",
        "service status": "fail",
        "service expected": "pass",
    }


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"ca_path": "/nowhere/ca.crt"}, "option ca_path"),
        ({"ca_path": __file__}, "option ca_path"),
        ({"client_key": __file__}, "option client_cert"),
        ({"timeout": 0}, "option timeout"),
    ],
)
def test_a_bad_option_is_named(options: dict[str, Any], named: str, gateway: str) -> None:
    services = [service("a", "pushgateway", gateway)]
    result = run_module("service_check", services=services, **options).result
    assert result["failed"]
    assert named in result["msg"]


@pytest.mark.parametrize(
    "url", ["127.0.0.1:9090", "ftp://127.0.0.1", "http://127.0.0.1:99999", "http://", "http://a b"]
)
def test_a_bad_url_is_refused_before_anything_is_asked(url: str, gateway: str) -> None:
    services = [service("a", "pushgateway", gateway), service("b", "prometheus", url)]
    result = run_module("service_check", services=services).result
    assert result["failed"]
    assert "option services[b].url" in result["msg"]
    assert "checks" not in result


def test_a_password_in_a_url_is_refused_and_not_shown() -> None:
    services = [service("a", "prometheus", "http://user:very-secret@127.0.0.1:1")]
    result = run_module("service_check", services=services).result
    assert result["failed"]
    assert "url_password" in result["msg"]
    assert "very-secret" not in result["msg"]


def test_a_password_is_shown_nowhere(gateway: str) -> None:
    answer = run_module(
        "service_check",
        services=[
            service("a", "prometheus", gateway, url_username="u", url_password="very-secret")
        ],
    )
    assert answer.check("service a")["status"] == "fail"
    assert "very-secret" not in answer.output


@contextmanager
def answering(body: Callable[[], str], status: int = 200, **headers: str) -> Iterator[str]:
    """A server that answers all alike."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(body().encode())

        def log_message(self, *_arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_text_that_comes_late() -> None:
    """Prometheus knows its Alertmanagers only some seconds after a reload."""
    moments = iter(["", "", "ready"])
    with answering(lambda: next(moments, "ready")) as url:
        one = {"name": "x", "url": url, "contains": "ready"}
        assert run_module("service_check", services=[one]).check("service x")["status"] == "fail"
        late = run_module("service_check", services=[{**one, "within": 5}])
    assert late.check("service x")["status"] == "pass"


@pytest.mark.parametrize(
    "answer",
    [
        {"service": "orders", "version": "2.1"},
        {"service": "collector", "version": "2.1"},
        {"service": "orders", "version": "2.1", "revision": "a", "host": "b", "region": "c"},
    ],
)
def test_another_program_that_says_its_service_and_version(answer: dict[str, str]) -> None:
    with answering(lambda: json.dumps(answer)) as url:
        services = [service("x", "collector", url), service("y", "pushgateway", url)]
        result = run_module("service_check", services=services)
    for name in "xy":
        check = result.check(f"service {name}")
        assert check["status"] == "fail"
        assert "another service, or a proxy's own page" in check["cause"]
        assert "collector 2.1" not in check["seen"]


LOGIN = '<form><input name="user"><input type="password" name="p"></form>'
HTML = {"Content_Type": "text/html; charset=utf-8"}


def test_a_login_page_proves_nothing() -> None:
    with answering(lambda: LOGIN, **HTML) as url:
        services = [
            service("any", "http", url),
            service("known", "http", url, contains='name="user"'),
            service("expected", "http", url, contains="Orders"),
        ]
        answer = run_module("service_check", services=services)
    statuses = {"service any": "warn", "service known": "pass", "service expected": "fail"}
    assert answer.statuses == statuses
    assert "page that asks for a password" in answer.check("service any")["seen"]
    assert "contains" in answer.check("service any")["fix"]
    with answering(lambda: LOGIN, Content_Type="text/plain") as url:
        answer = run_module("service_check", services=[service("text", "http", url)])
    assert answer.wrong == []


@pytest.mark.parametrize(
    ("location", "cause"),
    [
        ("/login?next=%2F", "wants a login first"),
        ("https://sso.example.org/realms/a/protocol/openid-connect/auth", "wants a login first"),
        ("/graph?login=no", "a proxy sends to another scheme, path or login page"),
        ("https://blog.example.org/", "a proxy sends to another scheme, path or login page"),
    ],
)
def test_a_redirect_to_a_login_is_named(location: str, cause: str) -> None:
    with answering(lambda: "", 302, Location=location) as url:
        services = [service("x", "http", url), service("y", "prometheus", url)]
        answer = run_module("service_check", services=services)
    for name in "xy":
        assert answer.check(f"service {name}")["status"] == "fail"
        assert cause in answer.check(f"service {name}")["cause"]


@pytest.mark.parametrize(
    ("name", "status", "seen"),
    [
        ("lenient", "warn", "TLSv1.1 is spoken as well"),
        ("old", "fail", "nothing newer than TLSv1.1 is spoken"),
    ],
)
def test_a_protocol_that_is_too_old(
    name: str, status: str, seen: str, proxy: Proxy, authority: Authority
) -> None:
    services = [service("x", "prometheus", proxy.url(name))]
    answer = run_module("service_check", ca_path=str(authority.path), services=services)
    certificate = answer.check(f"certificate {name}.localhost:{proxy.port}")
    assert certificate["status"] == status
    assert seen in certificate["seen"]
    assert "TLS 1.2" in certificate["expected"]
    assert "minVersion" in certificate["fix"]
