# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The policy tree, mute timings, templates, and all of it in one answer."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any

from fastapi import APIRouter

from . import templates
from .answers import Call, Refused, answer, no_content, stated_as
from .auth import needs
from .contact_points import READ, WRITE, provenance_of, require_alerting
from .routes import mute_timing, receivers, route, timings
from .state import Org, default_route

router = APIRouter()
ROOT = ("policies", "")


NAMES = {"mute timing": "time-intervals", "template": "templates"}


def _invalid(message: str) -> Refused:
    return Refused(400, f"invalid object specification: {message}")


def _stated(status: int, name: str, message: str, **extra: Any) -> Refused:
    return stated_as(status, f"alerting.notifications.{name}", message, **extra)


def _bad_route(call: Call, error: str) -> Refused:
    if not call.behaviour.recorded_12:
        return _invalid(error)
    text = f"Invalid format of the submitted route: {error}. Correct the payload and try again."
    return _stated(400, "routes.invalidFormat", text, Error=error)


def _not_found(call: Call, kind: str) -> Refused:
    if not call.behaviour.recorded_12:
        return Refused(404, None)
    return _stated(404, f"{NAMES[kind]}.notFound", "NotFound")


def _version(one: dict[str, Any]) -> str:
    """12.0 and later tell one content from another by a digest."""
    return hashlib.sha256(json.dumps(one, sort_keys=True).encode()).hexdigest()[:16]


def _check_version(call: Call, kind: str, stored: dict[str, Any]) -> None:
    version = call.body().get("version")
    if call.behaviour.recorded_12 and version and version != _version(stored):
        raise _stated(409, f"{NAMES[kind]}.conflict", "Conflict")


@router.get("/api/v1/provisioning/policies")
async def get_policies(call: Annotated[Call, needs(READ)]) -> Any:
    require_alerting(call, 404)
    provenance = call.org.provenance.get(ROOT)
    return {**call.org.route, **({"provenance": provenance} if provenance else {})}


@router.put("/api/v1/provisioning/policies")
async def put_policies(call: Annotated[Call, needs(WRITE)]) -> Any:
    tree = route(call.body(), root=True)
    require_alerting(call, 404)
    known = {receiver["name"] for receiver in call.org.receivers}
    for name in receivers(tree):
        if name not in known:
            raise _bad_route(call, f"receiver '{name}' does not exist")
    known = {timing["name"] for timing in call.org.mute_timings}
    for name in timings(tree):
        if name not in known:
            raise _bad_route(call, f"mute time interval '{name}' does not exist")
    held = call.org.provenance.get(ROOT, "")
    if call.behaviour.recorded_12 and held not in ("", call.provenance):
        raise _stated(
            403,
            "invalidProvenance",
            f"Resource with provenance status '{held}' cannot be managed via API that handles "
            "resources with provenance status 'none'. You must use appropriate API to manage this "
            "resource",
            SourceProvenance=held,
            TargetProvenance="none",
        )
    call.org.route = tree
    call.org.provenance[ROOT] = provenance_of(call)
    return answer(202, {"message": "policies updated"})


@router.delete("/api/v1/provisioning/policies")
async def reset_policies(call: Annotated[Call, needs(WRITE)]) -> Any:
    require_alerting(call)
    call.org.route = default_route(call.org.empty)
    call.org.provenance.pop(ROOT, None)
    return answer(202, call.org.route)


def _told(call: Call, kind: str, one: dict[str, Any]) -> dict[str, Any]:
    """One as it is listed: the recorded servers do not tell its provenance."""
    held = call.org.provenance.get((kind, one["name"]))
    if call.behaviour.recorded_12:
        one = {**one, "version": _version(one)}
    return {**one, "provenance": held} if held and call.state.behaviour.free_provenance else one


def _written(call: Call, kind: str, one: dict[str, Any]) -> dict[str, Any]:
    """What is answered to a write; its provenance is kept."""
    provenance = call.org.provenance[(kind, one["name"])] = provenance_of(call)
    if call.behaviour.recorded_12:
        one = {**one, "version": _version(one)}
    return {**one, **({"provenance": provenance} if provenance else {})}


@router.get("/api/v1/provisioning/mute-timings")
async def list_timings(call: Annotated[Call, needs(READ)]) -> Any:
    require_alerting(call)
    return [_told(call, "mute timing", timing) for timing in call.org.mute_timings]


def _position(call: Call, name: str) -> int | None:
    names = [timing["name"] for timing in call.org.mute_timings]
    return names.index(name) if name in names else None


@router.get("/api/v1/provisioning/mute-timings/{name:path}")
async def get_timing(call: Annotated[Call, needs(READ)], name: str) -> Any:
    require_alerting(call)
    position = _position(call, name)
    if position is None:
        raise _not_found(call, "mute timing")
    timing = call.org.mute_timings[position]
    return _told(call, "mute timing", timing) if call.behaviour.recorded_12 else timing


@router.post("/api/v1/provisioning/mute-timings")
async def create_timing(call: Annotated[Call, needs(WRITE)]) -> Any:
    timing = mute_timing(call.body())
    require_alerting(call)
    if _position(call, timing["name"]) is not None and call.behaviour.recorded_12:
        raise _stated(
            400,
            "time-intervals.nameExists",
            "Time interval with this name already exists. Use a different name or update existing "
            "one.",
        )
    if _position(call, timing["name"]) is not None:
        raise _invalid("a mute timing with this name already exists")
    call.org.mute_timings.append(timing)
    return answer(201, _written(call, "mute timing", timing))


@router.put("/api/v1/provisioning/mute-timings/{name:path}")
async def put_timing(call: Annotated[Call, needs(WRITE)], name: str) -> Any:
    # The name of the path counts, not that of the body.
    timing = {**mute_timing(call.body()), "name": name}
    require_alerting(call)
    position = _position(call, name)
    if position is None:
        raise _not_found(call, "mute timing")
    _check_version(call, "mute timing", call.org.mute_timings[position])
    call.org.mute_timings[position] = timing
    return answer(202, _written(call, "mute timing", timing))


@router.delete("/api/v1/provisioning/mute-timings/{name:path}")
async def delete_timing(call: Annotated[Call, needs(WRITE)], name: str) -> Any:
    require_alerting(call)
    if name in timings(call.org.route) and call.behaviour.recorded_12:
        raise _stated(409, "time-intervals.used", "Conflict", UsedByRoutes=True)
    if name in timings(call.org.route):
        raise Refused(500, f"mute time '{name}' is currently used by a notification policy")
    call.org.mute_timings = [one for one in call.org.mute_timings if one["name"] != name]
    call.org.provenance.pop(("mute timing", name), None)
    return no_content()


@router.get("/api/v1/provisioning/templates")
async def list_templates(call: Annotated[Call, needs(READ)]) -> Any:
    require_alerting(call)
    # The real server gives them in any order: never in the expected one here.
    found = sorted(call.org.templates.items(), reverse=True)
    if not found and call.behaviour.recorded_12:
        return answer(200, None)
    return [_told(call, "template", {"name": name, "template": text}) for name, text in found]


@router.get("/api/v1/provisioning/templates/{name:path}")
async def get_template(call: Annotated[Call, needs(READ)], name: str) -> Any:
    require_alerting(call)
    if name not in call.org.templates:
        raise _not_found(call, "template")
    template = {"name": name, "template": call.org.templates[name]}
    return _told(call, "template", template) if call.behaviour.recorded_12 else template


@router.put("/api/v1/provisioning/templates/{name:path}")
async def put_template(call: Annotated[Call, needs(WRITE)], name: str) -> Any:
    text = str(call.body().get("template") or "")
    problem = templates.problem(text)
    if problem and call.behaviour.recorded_12:
        text = "Template is in invalid format. Correct the payload and try again."
        raise _stated(400, "templates.invalidFormat", text, Error=problem)
    if problem:
        raise _invalid(problem)
    require_alerting(call)
    if name in call.org.templates:
        _check_version(call, "template", {"name": name, "template": call.org.templates[name]})
    call.org.templates[name] = templates.stored(name, text)
    written = {"name": name, "template": call.org.templates[name]}
    return answer(202, _written(call, "template", written))


@router.delete("/api/v1/provisioning/templates/{name:path}")
async def delete_template(call: Annotated[Call, needs(WRITE)], name: str) -> Any:
    require_alerting(call)
    call.org.templates.pop(name, None)
    call.org.provenance.pop(("template", name), None)
    return no_content()


def _integration(call: Call, config: dict[str, Any]) -> dict[str, Any]:
    keys = ("uid", "name", "type", "disableResolveMessage", "settings")
    provenance = call.org.provenance.get(("contact point", config["uid"]))
    return {
        **{key: config[key] for key in keys},
        "secureFields": {key: True for key, value in config["secrets"].items() if value},
        **({"provenance": provenance} if provenance else {}),
    }


def _generated(org: Org) -> dict[str, Any]:
    """The tree with what 12.0 and later put before it: a route to each receiver, by its name."""
    routes = []
    for receiver in org.receivers:
        matchers = [["__grafana_receiver__", "=", receiver["name"]]]
        named = {"receiver": receiver["name"]} if receiver["name"] else {}
        labels = org.route.get("group_by") or []
        routes.append({**named, "group_by": labels, "object_matchers": matchers})
    first = {
        "receiver": org.route["receiver"],
        "object_matchers": [["__grafana_autogenerated__", "=", "true"]],
        "routes": routes,
    }
    return {**org.route, "routes": [first, *org.route.get("routes", [])]}


@router.get("/api/alertmanager/grafana/config/api/v1/alerts")
async def whole(call: Annotated[Call, needs("alert.notifications:read")]) -> Any:
    org = call.org
    if not org.alerting:
        raise Refused(
            404,
            "failed to get latest configuration: could not find an Alertmanager configuration",
        )
    provenance = org.provenance.get(ROOT)
    later = call.behaviour.recorded_12
    config = {
        "route": {
            **(_generated(org) if later else org.route),
            **({"provenance": provenance} if provenance else {}),
        },
        **({} if later else {"templates": None}),
        "receivers": [
            {
                "name": receiver["name"],
                "grafana_managed_receiver_configs": [
                    _integration(call, one) for one in receiver["configs"]
                ],
            }
            if receiver["configs"]
            else {"name": receiver["name"]}
            for receiver in org.receivers
        ],
    }
    if org.mute_timings:
        config["time_intervals" if later else "mute_time_intervals"] = org.mute_timings
        config["muteTimeProvenances"] = {one["name"]: "api" for one in org.mute_timings}
    result: dict[str, Any] = {"template_files": org.templates, "alertmanager_config": config}
    if org.templates:
        result["template_file_provenances"] = dict.fromkeys(org.templates, "api")
    return result
