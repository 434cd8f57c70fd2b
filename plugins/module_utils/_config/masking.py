# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the secrets in configuration files by their structure, and hide them."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

try:
    import yaml

    BROKEN: tuple[type[Exception], ...] = (yaml.YAMLError, RecursionError, ValueError)
except ImportError:  # then no structure can be read
    yaml = None  # type: ignore[assignment]
    BROKEN = (RecursionError, ValueError)

HIDDEN = "<secret>"  # the word of Prometheus and Alertmanager
STRUCTURED = (".yml", ".yaml", ".json", ".rules")
TEXTS = (".tmpl", ".tpl", ".html", ".txt", ".md")  # for people, so a colon says nothing
SHORTEST = 4  # characters; hiding shorter ones everywhere would garble every text
# Keys in lower case, without underscores and hyphens.
SECRET = re.compile(
    r"passw|passphrase|secret|token|credential|bearer|webhookurl|signature"
    r"|(api|private|service|routing|user|integration|consumer|auth|shared|account|signing)key"
    r"|^(slack)?apiurl$|^(basicauth|digestauth)?users$|^proxyconnectheader$"
)
PLAIN = re.compile(r"(files?|path|name|tokenurl|type|ref)$")  # keys of what is no secret itself
# Hidden everywhere, they would take the names of files and services out of every message.
PROGRAMS = frozenset(("prometheus", "alertmanager", "traefik"))
HEADERS = ("authorization", "proxy-authorization", "cookie")
KEYS = ("token", "key", "secret", "sig", "pass", "pwd", "auth", "code")  # in queries of URLs
URL = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://[^\s'\"<>`]+")
# A password may have an @, and one that nobody has quoted a slash, which no port before it has.
PARTS = re.compile(
    r"^[^:]+://(?:(?P<user>[^/?#]*|[^/?#:[]*:(?!\d+[/?#])\S*)@)?[^/?#]*"
    r"(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?"
)
RANDOM = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[\w.~%+=:-]{20,}")
COMMENT = re.compile(r"(?m)^[ \t]*#.*$")
PEM = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END[^\n]*|\Z)", re.DOTALL)
HASH = re.compile(r"(?m)^[^:\s]+:(\$[0-9a-z]+\$\S+|\{\w+\}\S+)")  # a line of htpasswd
LINE = re.compile(r"([\w-]+)[\"']?[ \t]*[:=][ \t]*([^\s,}#]+[^\n,}]*)")


@dataclass(frozen=True)
class Secret:
    """A secret and where it stands in the text, including its quotes."""

    start: int
    end: int
    value: str


def is_secret(key: str) -> bool:
    """Return whether a key's value is a secret."""
    plain = key.lower().replace("_", "").replace("-", "")
    return bool(SECRET.search(plain)) and not PLAIN.search(plain)


@lru_cache(maxsize=256)
def secrets_in(name: str, text: str) -> tuple[list[Secret], bool]:
    """Return the secrets of a file, and whether its structure could be read.

    Args:
        name: The file's name, whose ending says whether it has a structure.
    """
    found = [
        Secret(match.start(2) + line.start(), match.end(2) + line.start(), match[2])
        for line in COMMENT.finditer(text)
        for match in LINE.finditer(line[0])
        if is_secret(match[1])
    ]
    if name.endswith(TEXTS):
        return [*found, *_in_urls(text, 0), *_blocks(text)], True
    known = name.endswith((*STRUCTURED, ".toml"))
    try:
        if name.endswith(".toml") or yaml is None:
            raise ValueError("another structure")
        nodes = list(yaml.compose_all(text, Loader=yaml.SafeLoader))
        if not known and all(isinstance(node, yaml.ScalarNode) for node in nodes):
            raise ValueError("no structure")
        for node in nodes:
            found += _below(node, text, False, "", set())
    except BROKEN:
        lines = [match for match in LINE.finditer(text) if is_secret(match[1])]
        found += [Secret(m.start(2), m.end(2), m[2].strip("\"' ")) for m in lines]
        # A configuration may have any name, so this may be a broken one with values in blocks.
        plain = not known and not any(match[2][0] in "|>{[&*!" for match in lines)
        return [*found, *_in_urls(text, 0), *_blocks(text)], plain
    return found, True


def _blocks(text: str) -> Iterator[Secret]:
    """Yield the private keys and the lines of htpasswd in a text."""
    for block in PEM.finditer(text):
        yield Secret(block.start(), block.end(), block[0])
    for line in HASH.finditer(text):
        yield Secret(line.start(1), line.end(1), line[1])


def _below(node: Any, text: str, secret: bool, under: str, seen: set[Any]) -> Iterator[Secret]:
    """Yield the secrets in a node; `under` is the key of the list or mapping that it is in."""
    if node is None or (id(node), secret, under) in seen:
        return
    seen.add((id(node), secret, under))
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            word = str(key.value)
            single = isinstance(value, yaml.ScalarNode)
            hook = word == "url" and under == "webhook_configs"
            mapping = isinstance(value, yaml.MappingNode)
            header = not mapping and word.lower() in HEADERS
            # A mapping keeps the name of its list: webhook_configs, then its entries.
            inside = under if single else word
            hidden = secret or hook or header or is_secret(word)
            yield from _below(value, text, hidden, inside, seen)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _below(value, text, secret, under, seen)
        return
    if not isinstance(node, yaml.ScalarNode):
        return
    start, end = node.start_mark.index, node.end_mark.index
    end = start + len(
        text[start:end].rstrip(" \t")
    )  # a block ends where the next line's word begins
    if secret or "PRIVATE KEY-----" in node.value:
        if node.value and start < end:
            yield Secret(start, end, node.value)
    else:
        place = text.find(node.value, start, end)
        for part in _in_urls(node.value, 0):
            if place >= 0:
                yield Secret(place + part.start, place + part.end, part.value)
            else:  # it is written with escapes, or in several lines
                yield Secret(start, end, part.value)


def _in_urls(text: str, offset: int) -> Iterator[Secret]:
    """Yield passwords and tokens in the URLs of a text."""
    for url in URL.finditer(text):
        match = PARTS.match(url[0])
        if match is None:
            continue
        parts = []
        if match["user"]:
            name, _colon, password = match["user"].partition(":")
            after = len(name) + 1 if password else 0
            parts.append((password or name, match.start("user") + after))
        place = match.start("query")
        for pair in (match["query"] or "").split("&"):
            key, _equals, value = pair.partition("=")
            if any(word in key.lower() for word in KEYS) or RANDOM.fullmatch(value):
                parts.append((value, place + len(key) + 1))
            place += len(pair) + 1
        parts += [
            (segment, match.start("path"))
            for segment in match["path"].split("/")
            if RANDOM.fullmatch(segment)
        ]
        for value, near in parts:
            if value and "{{" not in value:
                start = offset + url.start() + url[0].index(value, near)
                yield Secret(start, start + len(value), value)


def words_of(values: Collection[str]) -> set[str]:
    """Return what must not be shown: line by line, as texts of several lines stand indented.

    Also as programs print it: quoted by Go, that quoted again in a line of a log, and cut off.
    """
    lines = {line.strip() for value in values for line in value.splitlines()}
    lines |= {unquote(line) for line in lines}
    lines = {line for line in lines if len(line) >= SHORTEST and "-----" not in line}
    quoted = {_quoted(line) for line in lines}
    return {*lines, *quoted, *map(_quoted, quoted), *map(_cut, lines)} - PROGRAMS


def _quoted(line: str) -> str:
    return json.dumps(line, ensure_ascii=False)[1:-1]


def _cut(line: str) -> str:
    """Return a value as the YAML of Go shows it in errors.

    Source: go-yaml, decode.go.
    """
    start = line.encode("utf-8", "surrogateescape")
    return f"{start[:7].decode('utf-8', 'ignore')}..." if len(start) > 10 else line


def masked(name: str, text: str, known: Collection[str] = ()) -> str:
    """Return the text with each secret replaced, or a remark if its structure cannot be read.

    Args:
        known: Further secrets, wherever they stand.
    """
    found, readable = secrets_in(name, text)
    if not readable:
        return "(not shown: its structure cannot be read, so secrets could not be told apart)\n"
    shown, last = "", len(text)
    for one in sorted(found, key=lambda each: each.start, reverse=True):
        end = min(one.end, last)
        if one.start < end:
            line = "\n" if text[one.start : end].endswith("\n") else ""
            shown = f"{HIDDEN}{line}{text[end:last]}{shown}"
            last = one.start
    shown = text[:last] + shown
    for value in sorted(known, key=len, reverse=True):
        shown = shown.replace(value, HIDDEN)
    return shown


def hidden_by(printed: Any, written: Any) -> Iterator[str]:
    """Yield the values in whose place a server prints `<secret>`.

    Args:
        printed: The server's document, with all scalars as texts.
        written: Ours, likewise.
    """
    if isinstance(printed, dict) and isinstance(written, dict):
        for key in printed.keys() & written.keys():
            yield from hidden_by(printed[key], written[key])
    elif isinstance(printed, list) and isinstance(written, list):
        for one, other in zip(printed, written):
            yield from hidden_by(one, other)
    elif printed == HIDDEN and isinstance(written, str):
        yield written
