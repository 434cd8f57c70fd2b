# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a server must say of a set: another one of its image is asked, and its words are kept.

Words are data of JSON: `version`, `documents` (what it prints, by what it is) and whatever else a
server says. Two servers of one image use the same ones, so they are compared as they are.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._docker.client import DOCKER_HOST
from .._docker.images import find_image
from .._failure import Failure
from .._http.answer import understood
from .._http.session import HttpError
from .aside import Unjudged, elsewhere
from .connection import Connection
from .container import RUN_TIMEOUT, DockerMissingError, check_with, connect
from .directory import ConfigError, Directory, FileSet
from .options import broken_at, texts
from .server import NotLoaded

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

Words = Mapping[str, Any]
LINE = re.compile(r"\blines? \d+")


class Rehearsal(ABC):
    """Starts a server aside with a set, and judges the running one by what that says.

    Args:
        at: The running server, if there is one to ask.
    """

    program = ""
    templates = False  # whether it renders its files before it reads them as YAML
    settling = 0.0  # seconds in which a difference may go away by itself

    def __init__(self, module: AnsibleModule, mount_path: str, at: Connection | None) -> None:
        self._module, self._params = module, module.params
        self._mount_path, self._at = mount_path, at
        self._of: FileSet | None = None  # the set that was rehearsed in this run
        self._words: Words | None = None
        self._reason = ""  # why there are no words
        self._image = ""
        self._differs: float | None = None  # since when

    @abstractmethod
    def _rehearse(self, wanted: FileSet, staging: Path, new: bool) -> Words:
        """Return what a server says that was started with the set.

        Args:
            new: Whether the set is about to be installed, so that it must also work.

        Raises:
            ConfigError: It does not take the set.
            Unjudged: It could not be asked.
        """

    def _checker(self, wanted: FileSet, staging: Path) -> list[str]:  # noqa: ARG002
        """Return the command that checks a staged set without a server; empty if there is none."""
        return []

    def _inside(self, wanted: FileSet) -> list[str]:
        """Return the same for the files as the server sees them; empty if it may be stricter."""
        return self._checker(wanted, Path(self._mount_path))

    def _unaided(self, wanted: FileSet, words: Words) -> None:  # noqa: B027  (most say nothing)
        """Judge what the running server says if no other one could be asked.

        Raises:
            NotLoaded: It cannot be the set that is wanted.
        """

    def _blind(self, wanted: FileSet, places: list[str]) -> str:  # noqa: ARG002
        """Return why differences at these places say nothing; empty if they do."""
        return ""

    def _other(self, expected: Words, words: Words, places: list[str]) -> NotLoaded:  # noqa: ARG002
        """Return the error for a server that says something else."""
        url = self._at.url if self._at else ""
        more = f" and {len(places) - 5} more" if len(places) > 5 else ""
        return NotLoaded(
            "server.other_config",
            f"{self.program.capitalize()} at {url} runs another configuration than "
            f"{self._params['path']}: it differs at {', '.join(places[:5])}{more}. Likely it was "
            "started with another configuration file, or its container mounts another directory.",
            settles=self.settling > 0,
            url=url,
            differences=places,
        )

    def check(self, wanted: FileSet, staging: Path, new: bool = True) -> None:
        """Let a server aside load a staged set; see `transaction.Validate`.

        Raises:
            ConfigError: It does not take the set.
        """
        self._of, self._words, self._reason = wanted, None, ""
        try:
            with understood(f"the {self.program} aside"):
                self._words = self._rehearse(wanted, staging, new)
        except (Unjudged, HttpError) as reason:
            self._reason = str(reason)
            if new:
                # What hangs on the server alone must not hide what is wrong in any case.
                self._check_inside(wanted, staging)
                self._module.warn(f"the set could not be tried: {reason}")
        except DockerMissingError as missing:
            named = missing.code == "config.image_missing" and self._params["image"]
            if self._params["container"] or named or self._params["docker_host"] != DOCKER_HOST:
                raise
            # A server of a package needs neither Docker nor an image on its host.
            self._reason = self._check_here(wanted, staging, missing)
            if new and self._reason:
                self._module.warn(f"not checked before it is written: {self._reason}")
            self._reason = self._reason or "it was only checked, as no server could be started"
            return
        except ConfigError as refused:
            raise _placed(refused, wanted, self.templates)  # noqa: B904  (pylint cannot tell what the cause is)
        with suppress(Failure):
            image = find_image(connect(self._params["docker_host"]), self._params["image"])
            self._image = (image or {}).get("Id", "")

    def _check_inside(self, wanted: FileSet, staging: Path) -> None:
        """Check the set with the program for that, from the server's image, if it has one.

        Raises:
            ConfigError: `config.refused`.
        """
        command = self._inside(wanted)
        if not command:
            return
        try:
            check_with(command, self._params, staging, self._mount_path)
        except ConfigError as error:
            if error.code == "config.refused" and elsewhere(
                str(error.values["output"]), self._mount_path
            ):
                return
            if error.code not in ("config.not_checked", "config.image_missing"):
                raise _placed(error, wanted, self.templates)  # noqa: B904  (as below)

    def _check_here(self, wanted: FileSet, staging: Path, missing: ConfigError) -> str:
        """Check the set with a program of this host; return why it could not.

        Raises:
            ConfigError: `config.refused`.
        """
        command = self._checker(wanted, staging)
        program = shutil.which(command[0]) if command else None
        if program is None:
            also = f"; there is no {command[0]} on this host, either" if command else ""
            return f"{missing}{also}"
        try:
            # run_command knows no deadline. pylint: disable-next=ansible-bad-function
            done = subprocess.run(  # noqa: S603  (the program is one of two, found in PATH)
                [program, *command[1:]],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=RUN_TIMEOUT,
                check=False,
            )
        except (OSError, subprocess.SubprocessError) as error:
            return f"{missing}; {program}: {error}"
        if done.returncode:
            output = done.stdout.decode("utf-8", "replace").strip().replace(f"{staging}/", "")
            raise ConfigError(
                "config.refused",
                f"{program} refuses the configuration; nothing was written to "
                f"{self._params['path']}. It says (exit code {done.returncode}):\n{output}",
                program=program,
                exit_code=done.returncode,
                output=output,
            )
        return ""

    def installed(self) -> None:
        """Keep what was said of the set, now that its files are in place."""
        if self._words is not None:
            self._remember(self._words, "", {})  # the running one is yet to say the same

    def _asked(self) -> dict[str, Any]:
        """Return where a check may ask the running server the same."""
        if self._at is None:
            return {}
        return {
            "program": self.program,
            "container": self._params["container"],
            "url": self._at.url,
            "mount_path": self._mount_path,
        }

    def _remember(self, words: Words, unjudged: str, asked: Mapping[str, Any]) -> None:
        said = {
            "image": self._image,
            "said": digest(words),
            "unjudged": unjudged,
            "asked": asked,
        }
        with suppress(OSError):  # then it is asked again
            Directory(self._params["path"]).remember(said)

    def judge(self, wanted: FileSet, words: Words) -> list[str]:
        """Compare what the running server says with what it must say.

        Nothing is started if that is known of the files as they are.

        Returns:
            Warnings: why it could not be compared.

        Raises:
            NotLoaded: `server.other_config`; its value `differences` has the places.
        """
        known = Directory(self._params["path"]).remembered()
        record = self._at.container.record() if self._at and self._at.container else None
        same = record is None or not known.get("image") or known["image"] == record["Image"]
        kept = same and known.get("said") == digest(words)
        unjudged = str(known.get("unjudged") or "") if kept else self._compared(wanted, words)
        if kept:
            self._image = str(known.get("image") or "")
        if not self._module.check_mode and not (kept and known.get("asked") == self._asked()):
            self._remember(words, unjudged, self._asked())
        return [f"what is loaded was not compared: {unjudged}"] if unjudged else []

    def _compared(self, wanted: FileSet, words: Words) -> str:
        """Return why the words say nothing; empty if they are what they must be."""
        try:
            if self._of != wanted:
                tmp = Path(self._module.tmpdir)
                with Directory(self._params["path"]).staged(wanted, tmp) as staging:
                    self.check(wanted, staging, new=False)
        except DockerMissingError as error:
            return str(error)
        except ConfigError as refused:
            said = str(refused)
            raise NotLoaded(refused.code, said, **refused.values)  # noqa: B904  (as above)
        if self._words is None:
            self._unaided(wanted, words)
            return self._reason
        if self._words["version"] != words["version"]:
            return (
                f"the server is {words['version']}, and {self._params['image']} is "
                f"{self._words['version']}"
            )
        found = list(places(self._words, words))
        if not found:
            return ""
        self._differs = self._differs or time.monotonic()
        blind = self._blind(wanted, found)
        if not blind or time.monotonic() - self._differs < self.settling:
            raise self._other(self._words, words, found)
        return blind


def _placed(error: ConfigError, wanted: FileSet, templates: bool) -> ConfigError:
    """Return the server's error with the place that YAML is broken at, if it does not tell one."""
    told = error.code != "config.refused" or LINE.search(error.values["output"])
    place = None if told else broken_at(wanted)
    if place is None or place[0] not in error.values["output"]:
        return error
    name, line, column = place
    if templates and b"{{" in (wanted[name].content or b""):
        return error  # it is no YAML before it is rendered
    where = {"name": name, "line": line, "column": column}
    said = f"{error}\n(Likely {name}, line {line}, column {column}.)"
    return ConfigError(error.code, said, **error.values, **where)


def digest(words: Words) -> str:
    """Return a digest of what a server says. Secrets are not in it: it does not print them."""
    return hashlib.sha256(json.dumps(words, sort_keys=True).encode()).hexdigest()


def places(expected: Words, words: Words) -> Iterator[str]:
    """Yield the places at which two servers say different things, never what they say."""
    parts = {key for key in expected if expected[key] != words.get(key)}
    for key in sorted(parts - {"hash"} or parts):  # a hash says only that something differs
        one, other = expected[key], words.get(key) or {}
        if key != "documents":
            yield from _differences(one, other, "" if isinstance(one, dict) else key)
            continue
        for name, printed in one.items():
            found = list(_differences(texts(printed), texts(other.get(name, "")), ""))
            yield from found or ([name] if printed != other.get(name) else [])


def _differences(one: Any, other: Any, where: str) -> Iterator[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted({*one, *other}, key=str):
            yield from _differences(one.get(key), other.get(key), f"{where}.{key}".lstrip("."))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for index, (mine, theirs) in enumerate(zip(one, other)):
            yield from _differences(mine, theirs, f"{where}[{index}]")
    elif one != other:
        yield where
