# Copyright (c) 2026, Vya Digital
# SPDX-License-Identifier: GPL-3.0-or-later

"""Notification templates. Only the outer form is parsed: actions, and blocks with their ends."""

from __future__ import annotations

import re

# The functions of Go's templates and those of Alertmanager.
FUNCTIONS = {
    *("and", "call", "html", "index", "slice", "js", "len", "not", "or", "print", "printf"),
    *("println", "urlquery", "eq", "ge", "gt", "le", "lt", "ne"),
    *("toUpper", "toLower", "title", "join", "match", "safeHtml", "reReplaceAll", "stringSlice"),
}
KEYWORDS = {
    *("block", "break", "continue", "define", "else", "end", "if", "range", "template", "with"),
    *("nil", "true", "false"),
}
COMMAND = re.compile(r"(?:^|[|(,=]|\b(?:if|with|range|else)\s)\s*([a-zA-Z_]\w*)")
OPENERS = {"define", "if", "range", "with", "block"}


def problem(text: str) -> str | None:
    """What is wrong with a template, in the words of Go's parser where that is simple."""
    if not text:
        return "template must have content"
    depth, position = 0, 0
    while (start := text.find("{{", position)) >= 0:
        where = f"invalid template: template: :{text.count(chr(10), 0, start) + 1}: "
        if text.startswith("{{/*", start):
            end = text.find("*/}}", start)
            if end < 0:
                return where + "unclosed comment"
            position = end + 4
            continue
        action = re.compile(r'\{\{-?((?:"(?:[^"\\]|\\.)*"|`[^`]*`|[^"`{}])*)([{}]*)').match(
            text, start
        )
        assert action is not None
        if not action[2]:
            return where + "unclosed action"
        if not action[2].startswith("}}"):
            return where + f'unexpected "{action[2][0]}" in operand'
        position = action.end(1) + 2
        code = re.sub(r'"(?:[^"\\]|\\.)*"|`[^`]*`', '""', action[1].strip(" -\n\t"))
        for name in COMMAND.findall(code):
            if name not in FUNCTIONS | KEYWORDS:
                return where + f'function "{name}" not defined'
        words = action[1].strip(" -\n\t").split()
        word = words[0] if words else ""
        if word in OPENERS:
            if len(words) == 1:
                return where + f"missing value for {word}"
            depth += 1
        elif word == "end":
            depth -= 1
            if depth < 0:
                return where + "unexpected {{end}}"
    if depth:
        return f"invalid template: template: :{text.count(chr(10)) + 1}: unexpected EOF"
    return None


def stored(name: str, text: str) -> str:
    """A template as it is kept: one that defines nothing is wrapped."""
    content = text.strip()
    if re.search(r"\{\{\s*define", content):
        return content
    indented = "\n".join("  " + line for line in content.split("\n"))
    return f'{{{{ define "{name}" }}}}\n{indented}\n{{{{ end }}}}'
