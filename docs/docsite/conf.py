# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Configuration of Sphinx for the site: docs/docsite/build.sh puts the pages together."""

import os
import re
import tempfile
import zlib
from pathlib import Path

from sphinx.application import Sphinx

project = "vya.observability"
author = "Vya Digital"
project_copyright = "2026, Vya Digital"
title = html_title = "vya.observability"
html_short_title = "vya.observability"
extensions = ["myst_parser", "sphinx.ext.intersphinx", "sphinx_antsibull_ext"]
html_theme = "sphinx_ansible_theme"
html_theme_options = {"documentation_home_url": ".", "vcs_pageview_mode": "edit"}
html_use_smartypants = True
html_copy_source = False
exclude_patterns = ["roles/**"]
pygments_style = "ansible"
highlight_language = "YAML+Jinja"
default_role = "any"
nitpicky = True
myst_heading_anchors = 4
# A lexer that goes on in its relaxed mode: PromQL's does not know the colons of recorded names.
suppress_warnings = ["misc.highlighting_failure"]

# What the pages of plugins refer to in Ansible's own documentation. Its inventory is not fetched:
# a build needs no network.
ANSIBLE = "https://docs.ansible.com/projects/ansible/latest/"
LABELS = {
    "action_plugins": "plugins/action.html",
    "ansible_configuration_settings": "reference_appendices/config.html",
    "common_return_values": "reference_appendices/common_return_values.html",
}
INVENTORY = Path(tempfile.mkdtemp()) / "objects.inv"
INVENTORY.write_bytes(
    b"# Sphinx inventory version 2\n# Project: Ansible\n# Version:\n"
    b"# The remainder of this file is compressed using zlib.\n"
    + zlib.compress(
        "".join(f"{name} std:label -1 {LABELS[name]} {name}\n" for name in LABELS).encode()
    )
)
intersphinx_mapping = {"ansible": (ANSIBLE, str(INVENTORY))}

REPOSITORY = "https://github.com/vya-digital/vya.observability/blob/main/"
LINK = re.compile(r"(?<=\]\()(?!\w+:|#)([^)#\s]+)")


def outside(app: Sphinx, docname: str, source: list[str]) -> None:
    """Let links to files that are not pages lead to the repository."""
    root = Path(app.srcdir)
    page = root / app.env.doc2path(docname)
    if page.suffix != ".md":
        return

    def link(found: re.Match[str]) -> str:
        path = Path(os.path.normpath(page.parent / found[1]))
        name = path.relative_to(root).as_posix()
        if name == "README.md":
            return os.path.relpath(root / "index.md", page.parent)
        return found[1] if path.is_file() else REPOSITORY + name

    source[0] = LINK.sub(link, source[0])


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("source-read", outside)
