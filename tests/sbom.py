# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Print what an image holds, as a CycloneDX document: its Python and Debian packages.

Run by ``make sbom`` with the tools of the gates; ``python tests/sbom.py IMAGE``. The image tells it
itself, in a container without a network.
"""

from __future__ import annotations

import json
import subprocess
import sys

from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.contact import OrganizationalEntity
from cyclonedx.model.license import DisjunctiveLicense
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

# Debian's own file of installed packages: a program may be missing in a slim image.
INSIDE = """
import json, re
from importlib.metadata import distributions
python = [[d.name, d.version, d.metadata.get("License-Expression") or ""] for d in distributions()]
text = open("/var/lib/dpkg/status", encoding="utf-8").read()
fields = [dict(re.findall(r"^(Package|Version|Architecture|Status): (.*)$", p, re.M))
          for p in text.split("\\n\\n")]
debian = [[f["Package"], f["Version"], f["Architecture"]] for f in fields
          if f.get("Status", "").endswith(" installed")]
print(json.dumps({"python": python, "debian": debian}))
"""


def read(image: str) -> dict[str, list[list[str]]]:
    """Let the image tell its packages."""
    command = ["docker", "run", "--rm", "--network", "none", "--entrypoint", "python3", image]
    told = subprocess.run([*command, "-c", INSIDE], capture_output=True, text=True, check=True)
    packages: dict[str, list[list[str]]] = json.loads(told.stdout)
    return packages


def document(image: str, labels: dict[str, str], packages: dict[str, list[list[str]]]) -> str:
    """Return the document.

    Raises:
        ValueError: It is none that the specification allows.
    """
    bom = Bom()
    bom.metadata.component = Component(
        type=ComponentType.CONTAINER,
        name=image.rpartition(":")[0],
        version=labels.get("org.opencontainers.image.version", ""),
        description=labels.get("org.opencontainers.image.description"),
        supplier=OrganizationalEntity(name=labels.get("org.opencontainers.image.vendor")),
    )
    for name, version, licence in packages["python"]:
        bom.components.add(
            Component(
                type=ComponentType.LIBRARY,
                name=name,
                version=version,
                purl=PackageURL("pypi", None, name.lower(), version),
                licenses=[DisjunctiveLicense(name=licence)] if licence else None,
            )
        )
    for name, version, architecture in packages["debian"]:
        bom.components.add(
            Component(
                type=ComponentType.LIBRARY,
                name=name,
                version=version,
                purl=PackageURL("deb", "debian", name, version, {"arch": architecture}),
            )
        )
    bom.register_dependency(bom.metadata.component, list(bom.components))
    text: str = JsonV1Dot6(bom).output_as_string(indent=2)
    wrong = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if wrong:
        raise ValueError(str(wrong))
    return text


def main() -> None:
    """Print the document of the image that is named."""
    image = sys.argv[1]
    look = ["docker", "image", "inspect", "--format", "{{json .Config.Labels}}", image]
    labels = json.loads(subprocess.run(look, capture_output=True, check=True).stdout) or {}
    print(document(image, labels, read(image)))


if __name__ == "__main__":
    main()
