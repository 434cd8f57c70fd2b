# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The policy tree, mute timings, templates, and all of it in one answer."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter

from . import templates
from .answers import Call, Refused, answer, no_content
from .auth import needs
from .contact_points import READ, WRITE, provenance_of, require_alerting
from .routes import mute_timing, receivers, route, timings
from .state import default_route

router = APIRouter()
ROOT = ("policies", "")


def _invalid(message: str) -> Refused:
    return Refused(400, f"invalid object specification: {message}")


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
            raise _invalid(f"receiver '{name}' does not exist")
    known = {timing["name"] for timing in call.org.mute_timings}
    for name in timings(tree):
        if name not in known:
            raise _invalid(f"mute time interval '{name}' does not exist")
    call.org.route = tree
    call.org.provenance[ROOT] = provenance_of(call)
    return answer(202, {"message": "policies updated"})


@router.delete("/api/v1/provisioning/policies")
async def reset_policies(call: Annotated[Call, needs(WRITE)]) -> Any:
    require_alerting(call)
    call.org.route = default_route()
    call.org.provenance.pop(ROOT, None)
    return answer(202, call.org.route)


def _told(call: Call, kind: str, one: dict[str, Any]) -> dict[str, Any]:
    """One as it is listed: the recorded servers do not tell its provenance."""
    held = call.org.provenance.get((kind, one["name"]))
    return {**one, "provenance": held} if held and call.state.behaviour.free_provenance else one


def _written(call: Call, kind: str, one: dict[str, Any]) -> dict[str, Any]:
    """What is answered to a write; its provenance is kept."""
    provenance = call.org.provenance[(kind, one["name"])] = provenance_of(call)
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
        raise Refused(404, None)
    return call.org.mute_timings[position]


@router.post("/api/v1/provisioning/mute-timings")
async def create_timing(call: Annotated[Call, needs(WRITE)]) -> Any:
    timing = mute_timing(call.body())
    require_alerting(call)
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
        raise Refused(404, None)
    call.org.mute_timings[position] = timing
    return answer(202, _written(call, "mute timing", timing))


@router.delete("/api/v1/provisioning/mute-timings/{name:path}")
async def delete_timing(call: Annotated[Call, needs(WRITE)], name: str) -> Any:
    require_alerting(call)
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
    return [_told(call, "template", {"name": name, "template": text}) for name, text in found]


@router.get("/api/v1/provisioning/templates/{name:path}")
async def get_template(call: Annotated[Call, needs(READ)], name: str) -> Any:
    require_alerting(call)
    if name not in call.org.templates:
        raise Refused(404, None)
    return {"name": name, "template": call.org.templates[name]}


@router.put("/api/v1/provisioning/templates/{name:path}")
async def put_template(call: Annotated[Call, needs(WRITE)], name: str) -> Any:
    text = str(call.body().get("template") or "")
    if problem := templates.problem(text):
        raise _invalid(problem)
    require_alerting(call)
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


@router.get("/api/alertmanager/grafana/config/api/v1/alerts")
async def whole(call: Annotated[Call, needs("alert.notifications:read")]) -> Any:
    org = call.org
    if not org.alerting:
        raise Refused(
            404,
            "failed to get latest configuration: could not find an Alertmanager configuration",
        )
    provenance = org.provenance.get(ROOT)
    config = {
        "route": {**org.route, **({"provenance": provenance} if provenance else {})},
        "templates": None,
        "receivers": [
            {
                "name": receiver["name"],
                "grafana_managed_receiver_configs": [
                    _integration(call, one) for one in receiver["configs"]
                ],
            }
            for receiver in org.receivers
        ],
    }
    if org.mute_timings:
        config["mute_time_intervals"] = org.mute_timings
        config["muteTimeProvenances"] = {one["name"]: "api" for one in org.mute_timings}
    result: dict[str, Any] = {"template_files": org.templates, "alertmanager_config": config}
    if org.templates:
        result["template_file_provenances"] = dict.fromkeys(org.templates, "api")
    return result
