#!/usr/bin/env bash
# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds the site into .build/site/html: the pages of all modules, plugins and roles, and everything in docs/. Fails on every warning,
# and on a plugin or role whose documentation cannot be read.
#   docs/docsite/build.sh   (make site)
set -euo pipefail
cd "$(dirname "$0")/../.."

export PATH=$PWD/.build/gates/bin:$PATH
site=$PWD/.build/site
source=$site/source
rm -rf "$source" "$site/html"
mkdir -p "$source"
cp docs/docsite/conf.py README.pt-BR.md CONTRIBUTING.md SECURITY.md CODE_OF_CONDUCT.md "$source/"
cp README.md "$source/index.md"
cp -r docs "$source/docs"
rm -r "$source/docs/docsite"

mkdir -m 755 "$source/plugins"
# It knows the collection below ansible_collections; a clean copy, or it would walk into .build.
copy=$site/collections
tests/copy.sh "$copy"
# What the next release would say.
(cd "$copy/ansible_collections/vya/observability" && antsibull-changelog release)
cp "$copy/ansible_collections/vya/observability/CHANGELOG.md" "$source/"
ANSIBLE_COLLECTIONS_PATH=$copy antsibull-docs collection --use-current --squash-hierarchy \
  --fail-on-error --dest-dir "$source/plugins" vya.observability

cat >> "$source/index.md" <<'MD'

```{toctree}
:hidden:
:caption: Pages
Modules, plugins, roles <plugins/index>
CONTRIBUTING
Release notes <CHANGELOG>
SECURITY
CODE_OF_CONDUCT
```

```{toctree}
:hidden:
:glob:
:caption: Documentation
docs/*
```

```{toctree}
:hidden:
:glob:
:caption: Em português
README.pt-BR
docs/pt-BR/*
```

```{toctree}
:hidden:
:glob:
:caption: Runbooks
docs/runbooks/*
docs/pt-BR/runbooks/*
```
MD
sphinx-build -q -W --keep-going -j auto -b html "$source" "$site/html"
if grep -rl 'documentation was malformed' "$site/html/plugins"; then
  echo 'Expected no page that says that its documentation was malformed.' >&2
  exit 1
fi
