#!/bin/sh
# Writes rootfs.tar, the root filesystem of the base image: the machine's own distribution and
# release, from its own package sources, with Python and little else.
# image_build runs it on the Docker host, as root, in the directory of the build.
#
# What later images install inherits the same economy: no recommended packages, no manuals, no
# translations (the configuration that says so stays in the image). Copyright files remain.
set -eu

oldest_python=3.11

fail() {
    echo "$*" >&2
    exit 1
}
sources_of() { # package sources of the release named $1
    # shellcheck disable=SC2016  # apt-get fills it in
    apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' \
        'Created-By: Packages' "Codename: $1"
}

if ! command -v apt-get > /dev/null; then
    fail "Images are built from packages on Debian and Ubuntu only. Set observability_image_source: registry."
fi
suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
if [ -z "$(sources_of "$suite")" ] || ! apt-cache show python3 > /dev/null 2>&1; then
    apt-get update
fi
python=$(apt-cache show --no-all-versions python3 | sed -n 's/^Version: //p')
if dpkg --compare-versions "$python" lt "$oldest_python"; then
    fail "The release $suite has Python $python; the images need $oldest_python or newer" \
        "(Debian 12, Ubuntu 24.04). Set observability_image_source: registry, or upgrade this machine."
fi

# The archives of the distribution itself: what vendors added to the machine stays out.
sources=$(for pocket in "$suite" "$suite-updates" "$suite-security"; do sources_of "$pocket"; done)
if [ -z "$sources" ]; then
    fail "apt knows no package source for $suite: see /etc/apt/sources.list.d."
fi
if ! command -v mmdebstrap > /dev/null; then
    DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends mmdebstrap
fi

# The hook merges /usr while the tree is empty; the package that does it later brings all of Perl.
# shellcheck disable=SC2016  # the hooks' own shell fills in $1
printf '%s\n' "$sources" | sort -u | mmdebstrap --variant=minbase --mode=root \
    --include=python3,ca-certificates,busybox \
    --hook-directory=/usr/share/mmdebstrap/hooks/maybe-merged-usr \
    --aptopt='APT::Install-Recommends "false"' \
    --aptopt='Acquire::Languages "none"' \
    --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/info/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt='path-exclude=/usr/share/lintian/*' \
    --dpkgopt='path-exclude=/usr/share/bug/*' \
    --customize-hook='ln -s /bin/busybox "$1/usr/bin/wget"' \
    --customize-hook='echo "APT::Keep-Downloaded-Packages \"false\";" > "$1"/etc/apt/apt.conf.d/clean' \
    --customize-hook='rm -rf "$1"/var/cache/debconf/*-old "$1"/var/lib/dpkg/*-old "$1"/var/log/*' \
    "$suite" rootfs.tar -
