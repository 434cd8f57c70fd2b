# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""service_check against real servers: what is right passes, each thing that is wrong is named."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from ...grafana_stand_in import Behaviour, serve
from ...http_stand_in import between
from .conftest import Answer, Authority, Collector, Proxy, Servers, free_port, run_module


def service(name: str, kind: str, url: str, **options: Any) -> dict[str, Any]:
    return {"name": name, "kind": kind, "url": url, **options}


def asked(kind: str, url: str, **options: Any) -> Answer:
    """The answer about one service, x."""
    return run_module("service_check", services=[service("x", kind, url)], **options)


@pytest.fixture
def trusting(authority: Authority) -> dict[str, Any]:
    """Options with which the proxy's certificates are trusted."""
    return {"ca_path": str(authority.path)}


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
    trusting: dict[str, Any],
) -> None:
    kinds = {
        "pushgateway": gateway,
        "prometheus": prometheus,
        "victoriametrics": storage,
        "alertmanager": servers.alertmanager(),
        "traefik": proxy.api,
        "collector": collector.url,
    }
    services = [
        *(service(kind, kind, url) for kind, url in kinds.items()),
        service("g", "pushgateway", proxy.url("good", "/pushgateway")),
        service("h", "prometheus", proxy.url("good", "/")),
        service("i", "http", f"{prometheus}/-/healthy", contains="Healthy"),
    ]
    answer = run_module("service_check", **trusting, services=services)
    assert answer.wrong == []
    ids = [f"service {one['name']}" for one in services]
    certificate = f"certificate good.localhost:{proxy.port}"
    assert list(answer.statuses) == [*ids, "health collector", certificate]
    for kind in ("pushgateway", "prometheus"):
        name, version = answer.values(f"service {kind}")["name"].split()
        assert name.lower() == kind
        assert version[0].isdigit()
    assert 89 < answer.values(certificate)["left"] <= 90
    assert answer.values(certificate)["protocol"] == "TLSv1.3"


def test_a_grafana_that_hides_its_version() -> None:
    with serve(Behaviour(hidden_version=True)) as server:
        answer = asked("grafana", server.url)
    assert answer.wrong == []
    assert answer.values("service x")["name"] == "Grafana"


def test_check_mode_does_the_same(gateway: str) -> None:
    assert asked("prometheus", gateway, check=True).statuses == {"service x": "fail"}


OTHER = "address.other_service"


@pytest.mark.parametrize(
    ("kind", "where", "found", "code"),
    [
        ("pushgateway", "prometheus", "prometheus", f"{OTHER}.prometheus_for_pushgateway"),
        ("prometheus", "gateway", "pushgateway", f"{OTHER}.pushgateway_for_prometheus"),
        ("prometheus", "storage", "victoriametrics", OTHER),
        ("alertmanager", "prometheus", "prometheus", OTHER),
        ("collector", "gateway", "pushgateway", OTHER),
        ("victoriametrics", "prometheus", "prometheus", OTHER),
    ],
)
def test_another_service_is_named(
    kind: str, where: str, found: str, code: str, request: pytest.FixtureRequest
) -> None:
    check = asked(kind, request.getfixturevalue(where)).check("service x")
    assert (check["status"], check["code"]) == ("fail", code)
    assert (check["values"]["kind"], check["values"]["found"]) == (kind, found)


def test_it_fails_the_task_and_says_why(prometheus: str) -> None:
    result = asked("pushgateway", prometheus, fail_on="fail").result
    assert result["failed"]
    assert result["code"] == "checks_failed"
    (check,) = result["checks"]
    assert all(check[part] in result["msg"] for part in ("expected", "seen", "cause", "fix"))
    assert result["counts"]["fail"] == 1


def test_an_authority_that_is_not_trusted(
    proxy: Proxy, authority: Authority, other_authority: Authority
) -> None:
    # The right one in the environment must not help: ca_path is what was asked for.
    answer = asked(
        "prometheus",
        proxy.url("good"),
        environment={"REQUESTS_CA_BUNDLE": str(authority.path)},
        ca_path=str(other_authority.path),
    )
    assert set(answer.statuses.values()) == {"fail"}
    assert set(answer.codes.values()) == {"certificate.issuer_missing"}
    described = answer.values(f"certificate good.localhost:{proxy.port}")["seen"]["values"]
    assert described["issuer"] == "CN=Test CA"
    assert described["names"] == ["good.localhost"]


def test_the_environment_changes_nothing(
    proxy: Proxy, trusting: dict[str, Any], other_authority: Authority
) -> None:
    environment = {
        "REQUESTS_CA_BUNDLE": str(other_authority.path),
        "HTTPS_PROXY": "http://127.0.0.1:9",
    }
    answer = asked("prometheus", proxy.url("good"), environment=environment, **trusting)
    assert answer.wrong == []


def test_a_name_that_is_resolved_here_is_still_verified(
    proxy: Proxy, trusting: dict[str, Any]
) -> None:
    url = f"https://good.example.org:{proxy.port}"
    answer = asked("prometheus", url, resolve={"good.example.org": "127.0.0.1"}, **trusting)
    # Neither the name nor a route for it is there.
    assert set(answer.codes.values()) == {"route.missing"}
    assert answer.values("service x")["host"] == "good.example.org"


def test_a_certificate_that_expires_soon(proxy: Proxy, trusting: dict[str, Any]) -> None:
    url, check_id = proxy.url("soon", "/-/ready"), f"certificate soon.localhost:{proxy.port}"
    soon = asked("http", url, **trusting).check(check_id)
    assert (soon["status"], soon["code"]) == ("warn", "certificate.expires_soon")
    assert soon["values"]["left"] == pytest.approx(3, abs=0.1)
    assert asked("http", url, certificate_days=2, **trusting).statuses[check_id] == "pass"


@pytest.mark.parametrize(
    ("name", "status", "code", "values"),
    [
        ("expired", "fail", "http.tls_expired", {"host": "expired.localhost"}),
        ("nobody", "fail", "http.tls_name", {"host": "nobody.localhost"}),
        ("lenient", "warn", "certificate.old_protocol", {"old": "TLSv1.1"}),
        ("old", "fail", "certificate.only_old_protocol", {"old": "TLSv1.1"}),
    ],
)
def test_a_certificate_or_a_protocol_that_is_wrong(
    name: str,
    status: str,
    code: str,
    values: dict[str, Any],
    proxy: Proxy,
    trusting: dict[str, Any],
) -> None:
    answer = asked("prometheus", proxy.url(name), **trusting)
    certificate = answer.check(f"certificate {name}.localhost:{proxy.port}")
    assert (certificate["status"], certificate["code"]) == (status, code)
    assert values.items() <= certificate["values"].items()
    assert answer.statuses["service x"] == ("fail" if status == "fail" else "pass")
    if code.startswith("http."):
        described = certificate["values"]["seen"]["values"]
        assert described["names"] == [f"{'good' if name == 'nobody' else name}.localhost"]
        assert described["until"].startswith("20")


def test_a_certificate_that_is_not_verified_is_a_warning(proxy: Proxy) -> None:
    answer = asked("prometheus", proxy.url("expired"), validate_certs=False)
    assert answer.codes == {
        "service x": "service.ok",
        f"certificate expired.localhost:{proxy.port}": "certificate.not_verified",
    }


def test_plain_http_on_a_tls_url(gateway: str) -> None:
    answer = asked("pushgateway", gateway.replace("http://", "https://"))
    assert set(answer.statuses.values()) == {"fail"}
    assert set(answer.codes.values()) == {"http.tls_not_spoken"}


def test_nothing_answers() -> None:
    port = free_port()
    refused = asked("prometheus", f"https://127.0.0.1:{port}")
    assert refused.statuses == {"service x": "fail", f"certificate 127.0.0.1:{port}": "skip"}
    assert set(refused.codes.values()) == {"http.refused"}
    assert refused.values("service x")["port"] == port
    unknown = asked("prometheus", "http://nobody.invalid")
    assert unknown.codes == {"service x": "http.dns"}
    assert unknown.values("service x")["host"] == "nobody.invalid"


def test_a_dead_service_behind_the_proxy(proxy: Proxy, trusting: dict[str, Any]) -> None:
    answer = asked("prometheus", proxy.url("good", "/dead"), **trusting)
    assert answer.outcomes["service x"] == "fail http.status.502"


def test_the_deadline_holds(silent: str, gateway: str) -> None:
    services = [service("hangs", "prometheus", silent), service("a", "pushgateway", gateway)]
    answer = run_module("service_check", deadline=6, timeout=600, services=services)
    assert answer.codes == {"service hangs": "deadline.passed", "service a": "service.ok"}
    assert 0 < answer.values("service hangs")["deadline"] <= 6


def test_one_that_hangs(silent: str) -> None:
    hangs = service("hangs", "prometheus", silent)
    answer = run_module("service_check", timeout=0.5, retries=0, services=[hangs])
    assert answer.codes == {"service hangs": "http.timeout"}


def test_many_are_asked_side_by_side() -> None:
    """None of them answers before all have been asked."""
    together = threading.Barrier(10, timeout=60)

    def answer_all(*_asked: Any) -> tuple[int, bytes]:
        together.wait()
        return 200, b"all"

    with between(answer_all) as url:
        services = [{"name": f"s{n}", "url": url, "contains": "all"} for n in range(10)]
        answer = run_module("service_check", timeout=60, retries=0, services=services)
    assert answer.wrong == []


def test_slow_is_a_warning(gateway: str) -> None:
    check = asked("pushgateway", gateway, slow=0.000001).check("service x")
    assert (check["status"], check["code"]) == ("warn", "service.slow")


def test_http_that_says_something_else(gateway: str) -> None:
    services = [
        service("text", "http", f"{gateway}/-/ready", contains="welcome"),
        service("status", "http", f"{gateway}/nothing"),
        service("expected", "http", f"{gateway}/nothing", status=[404]),
    ]
    assert run_module("service_check", services=services).codes == {
        "service text": "address.unknown_service",
        "service status": "http.status.404",
        "service expected": "service.ok",
    }


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"ca_path": "/nowhere/ca.crt"}, "ca_path"),
        ({"ca_path": __file__}, "ca_path"),
        ({"client_key": __file__}, "client_cert"),
        ({"timeout": 0}, "timeout"),
    ],
)
def test_a_bad_option_is_named(options: dict[str, Any], named: str, gateway: str) -> None:
    result = asked("pushgateway", gateway, **options).result
    assert result["failed"]
    assert (result["code"], result["values"]["option"]) == ("http.option", named)


@pytest.mark.parametrize(
    "url", ["127.0.0.1:9090", "ftp://127.0.0.1", "http://127.0.0.1:99999", "http://", "http://a b"]
)
def test_a_bad_url_is_refused_before_anything_is_asked(url: str, gateway: str) -> None:
    services = [service("a", "pushgateway", gateway), service("b", "prometheus", url)]
    result = run_module("service_check", services=services).result
    assert result["failed"]
    assert (result["code"], result["values"]["option"]) == ("http.option", "services[b].url")
    assert "checks" not in result


def test_a_password_in_a_url_is_refused_and_not_shown() -> None:
    result = asked("prometheus", "http://user:very-secret@127.0.0.1:1").result
    assert result["failed"]
    assert result["values"]["option"] == "services[x].url"
    assert "very-secret" not in f"{result['msg']} {result['values']}"


def test_a_password_is_shown_nowhere(gateway: str) -> None:
    login = {"url_username": "u", "url_password": "very-secret"}
    services = [service("a", "prometheus", gateway, **login)]
    answer = run_module("service_check", services=services)
    assert answer.statuses == {"service a": "fail"}
    assert "very-secret" not in answer.output


def test_a_text_that_comes_late() -> None:
    """Prometheus knows its Alertmanagers only some seconds after a reload."""
    moments = iter([b"", b"", b"ready"])
    with between(lambda *_asked: (200, next(moments, b"ready"))) as url:
        one = {"name": "x", "url": url, "contains": "ready"}
        assert run_module("service_check", services=[one]).statuses == {"service x": "fail"}
        late = run_module("service_check", services=[{**one, "within": 60}])
    assert late.statuses == {"service x": "pass"}


@pytest.mark.parametrize(
    "answer",
    [
        {"service": "orders", "version": "2.1"},
        {"service": "collector", "version": "2.1"},
        {"service": "orders", "version": "2.1", "revision": "a", "host": "b", "region": "c"},
    ],
)
def test_another_program_that_says_its_service_and_version(answer: dict[str, str]) -> None:
    with between(lambda *_asked: (200, json.dumps(answer).encode())) as url:
        services = [service("x", "collector", url), service("y", "pushgateway", url)]
        codes = run_module("service_check", services=services).codes
    unknown = "address.unknown_service"
    assert codes == {f"service {name}": unknown for name in "xy"} | {"health x": unknown}


LOGIN = b'<form><input name="user"><input type="password" name="p"></form>'


@pytest.mark.parametrize(
    ("content", "contains", "code"),
    [
        ("text/html; charset=utf-8", None, "service.login_page"),
        ("text/html; charset=utf-8", 'name="user"', "service.ok"),
        ("text/html; charset=utf-8", "Orders", "address.unknown_service"),
        ("text/plain", None, "service.ok"),
    ],
)
def test_a_login_page_proves_nothing(content: str, contains: str | None, code: str) -> None:
    with between(lambda *_asked: (200, LOGIN, {"Content-Type": content})) as url:
        services = [service("x", "http", url, contains=contains)]
        check = run_module("service_check", services=services).check("service x")
    statuses = {"service.login_page": "warn", "service.ok": "pass"}
    assert (check["code"], check["status"]) == (code, statuses.get(code, "fail"))


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("/login?next=%2F", "http.login"),
        ("https://sso.example.org/realms/a/protocol/openid-connect/auth", "http.login"),
        ("/graph?login=no", "http.redirect"),
        ("https://blog.example.org/", "http.redirect"),
    ],
)
def test_a_redirect_to_a_login_is_named(location: str, code: str) -> None:
    headers: Mapping[str, str] = {"Location": location}
    with between(lambda *_asked: (302, b"", headers)) as url:
        services = [service("x", "http", url), service("y", "prometheus", url)]
        answer = run_module("service_check", services=services)
    assert answer.codes == {"service x": code, "service y": code}
    assert set(answer.statuses.values()) == {"fail"}
