# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""The stand-in for Grafana as the process of a container. This is not Grafana.

As Grafana's image does, it takes the administrator's password from a file when it makes its
database, and never again; here the database is that password.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import uvicorn

from tests.grafana_stand_in import Behaviour, Recorder, State
from tests.grafana_stand_in.answers import Call, Refused
from tests.grafana_stand_in.app import create_app
from tests.grafana_stand_in.auth import needs

DATABASE = Path("/var/lib/grafana/password")


def main() -> None:
    if not DATABASE.exists():
        given = Path(os.environ["GF_SECURITY_ADMIN_PASSWORD__FILE"]).read_text("utf-8")
        DATABASE.write_text(given, "utf-8")
    user = os.environ["GF_SECURITY_ADMIN_USER"]
    state = State(Behaviour("11.6.0"), user, DATABASE.read_text("utf-8"))
    app = create_app(state)

    @app.put("/api/user/password")
    async def change(call: Annotated[Call, needs("")]) -> Any:
        body = call.body()
        if body["oldPassword"] != call.account.password:
            raise Refused(401, "invalid old password")
        call.account.password = body["newPassword"]
        DATABASE.write_text(body["newPassword"], "utf-8")
        return {"message": "User password changed"}

    port = int(os.environ["GF_SERVER_HTTP_PORT"])
    uvicorn.run(Recorder(app), host="0.0.0.0", port=port, log_level="warning")


if __name__ == "__main__":
    main()
