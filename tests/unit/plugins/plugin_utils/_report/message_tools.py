# Copyright (c) 2026, Vya Digital
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What checks can say, read from the source: as xgettext does, but for f-strings.

Followed is what is given as expected, seen, cause or fix: through names, branches, lists, and what
functions return. C({0}) stands for a value, C({0:n}) for one that is a number by its look.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

FIELDS = ("expected", "seen", "cause", "fix")
# Parameters of what is called by another name than its definition's, or by a class.
PARAMETERS = {
    "Check": ("id", "status", *FIELDS),
    "Probe": ("id", "expected"),
    "NotHealthy": ("seen",),
    "HttpError": ("kind", "subject", *FIELDS),
    "cls": ("kind", "subject", *FIELDS),
    "of": ("kind", "method", "url", *FIELDS),
}
# Calls whose arguments, or whose object, are what they return.
ARGUMENTS = {"join", "sorted", "list", "set", "str", "get", "dict", "enumerate", "zip"}
PLUGINS = "ansible_collections.vya.observability.plugins."
OBJECT = {"get", "items", "values", "format", "strip", "removesuffix"}


def template(node: ast.Constant | ast.JoinedStr) -> str:
    """The text with its places numbered."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    text, number = "", 0
    for part in node.values:
        if isinstance(part, ast.FormattedValue):
            text += f"{{{number}{':n' if _is_number(part) else ''}}}"
            number += 1
        elif isinstance(part, ast.Constant):
            text += part.value
    return text


def _is_number(part: ast.FormattedValue) -> bool:
    if isinstance(part.format_spec, ast.JoinedStr):
        spec = "".join(v.value for v in part.format_spec.values if isinstance(v, ast.Constant))
        return spec[-1:] in ("g", "f", "d")
    call = part.value
    return isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("len", "round")


def is_message(text: str) -> bool:
    """More than a name, an address, a sign or a pattern."""
    letters = re.sub(r"\{\w+(:n)?\}|[^A-Za-z]", "", text)
    enough = len(letters) >= 4 or (bool(letters) and ":n}" in text)
    return enough and " " in text.strip() and not re.search(r"[|\\]", text)


def dotted(path: Path) -> str:
    """``module_utils._http.error``: where a file is below plugins."""
    parts = path.with_suffix("").parts
    return ".".join(parts[parts.index("plugins") + 1 :])


class Module:
    """A module's functions, and what its names are bound to."""

    def __init__(self, path: Path) -> None:
        self.name = dotted(path)
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self.parents = {
            child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)
        }
        nodes = list(ast.walk(self.tree))
        self.functions = {n.name: n for n in nodes if isinstance(n, ast.FunctionDef)}
        self.imports = {
            alias.name: (node.module or "").removeprefix(PLUGINS)
            for node in nodes
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }

    def scope(self, node: ast.AST) -> ast.AST:
        """The function around a node, or the module."""
        while node in self.parents:
            node = self.parents[node]
            if isinstance(node, ast.FunctionDef):
                return node
        return self.tree

    def bound(self, name: str, node: ast.AST) -> list[ast.expr]:
        """What the name is bound to in the function around C(node), or else further out."""
        scope = self.scope(node)
        values = list(self._bound_in(name, scope))
        return values if values or scope is self.tree else self.bound(name, scope)

    def _bound_in(self, name: str, scope: ast.AST) -> Iterator[ast.expr]:
        for node in ast.walk(scope):
            if scope is self.tree and self.scope(node) is not self.tree:
                continue
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    yield from _bindings(target, node.value, name)
            elif isinstance(node, (ast.AugAssign, ast.AnnAssign, ast.NamedExpr)):
                if node.value is not None:
                    yield from _bindings(node.target, node.value, name)
            elif isinstance(node, (ast.For, ast.comprehension)):
                yield from _bindings(node.target, node.iter, name)
            elif (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("append", "update")
                and getattr(node.func.value, "id", "") == name
            ):
                yield from node.args


def _bindings(target: ast.expr, value: ast.expr, name: str) -> Iterator[ast.expr]:
    if isinstance(target, ast.Subscript):  # ways[f"..."] = ...: the key may be shown as well
        if getattr(target.value, "id", "") == name:
            yield from (target.slice, value)
    elif not isinstance(target, ast.Tuple):
        if getattr(target, "id", "") == name:
            yield value
    elif isinstance(value, ast.IfExp):
        yield from _bindings(target, value.body, name)
        yield from _bindings(target, value.orelse, name)
    elif isinstance(value, ast.Tuple) and len(value.elts) == len(target.elts):
        for item, part in zip(target.elts, value.elts, strict=True):
            yield from _bindings(item, part, name)
    else:
        for item in target.elts:
            yield from _bindings(item, value, name)


class Messages:
    """C(texts): what the modules can say, each with the name of a module that says it."""

    def __init__(self, paths: list[Path]) -> None:
        self.modules = {dotted(path): Module(path) for path in paths}
        self.texts: dict[str, str] = {}
        self._taken: set[ast.AST] = set()
        calls = [
            (module, node)
            for module in self.modules.values()
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Call)
        ]
        self._calls: dict[str, list[tuple[Module, ast.Call]]] = {}
        for module, call in calls:
            self._calls.setdefault(_called(call), []).append((module, call))
        for module, call in calls:
            for value in self._shown(module, call):
                self._take(module, value)

    def _shown(self, module: Module, call: ast.Call) -> Iterator[ast.expr]:
        yield from (keyword.value for keyword in call.keywords if keyword.arg in FIELDS)
        name = _called(call)
        parameters = PARAMETERS.get(name, ())
        if not parameters and (found := self._function(module, name)):
            arguments = [argument.arg for argument in found[1].args.args]
            parameters = tuple(a for a in arguments if a not in ("self", "cls"))
        # What is wrong with an option ends the task before any check is made.
        if name != "option":
            given = zip(parameters, call.args, strict=False)
            yield from (v for p, v in given if p in (*FIELDS, "wanted"))

    def _function(self, module: Module, name: str) -> tuple[Module, ast.FunctionDef] | None:
        while name not in module.functions:
            if module.imports.get(name) not in self.modules:
                methods = [m for m in self.modules.values() if name in m.functions]
                return (methods[0], methods[0].functions[name]) if len(methods) == 1 else None
            module = self.modules[module.imports[name]]
        return module, module.functions[name]

    def _take(self, module: Module, node: ast.AST) -> None:
        if node in self._taken:
            return
        self._taken.add(node)
        if isinstance(node, (ast.Constant, ast.JoinedStr)):
            self._keep(module, template(node))
            for part in getattr(node, "values", ()):
                if isinstance(part, ast.FormattedValue):
                    self._take(module, part.value)
        elif isinstance(node, ast.BinOp) and all(
            isinstance(side, ast.Constant) for side in (node.left, node.right)
        ):
            self._keep(module, template(node.left) + template(node.right))  # type: ignore[arg-type]
        elif isinstance(node, ast.Name):
            self._take_arguments(module, node)
            values, home = module.bound(node.id, node), module
            if not values and module.imports.get(node.id) in self.modules:
                home = self.modules[module.imports[node.id]]
                values = home.bound(node.id, home.tree)
            for value in values:
                self._take(home, value)
        elif isinstance(node, ast.Call):
            self._take_call(module, node)
        else:
            for part in _parts(node):
                self._take(module, part)

    def _take_arguments(self, module: Module, name: ast.Name) -> None:
        """Where the name is a parameter: what its function is called with, also by C(partial)."""
        function = module.scope(name)
        if not isinstance(function, ast.FunctionDef):
            return
        names = [argument.arg for argument in function.args.args]
        if name.id not in names:
            return
        for home, call in self._calls.get(function.name, []):
            given = dict(zip(names, call.args, strict=False))
            given.update({k.arg: k.value for k in call.keywords if k.arg})
            if name.id in given and self._function(home, function.name) == (module, function):
                self._take(home, given[name.id])

    def _take_call(self, module: Module, call: ast.Call) -> None:
        name = _called(call)
        if isinstance(call.func, ast.Attribute) and name in OBJECT:
            self._take(module, call.func.value)
        found = None if name in ARGUMENTS else self._function(module, name)
        if found:
            for node in ast.walk(found[1]):
                if isinstance(node, ast.Return) and node.value is not None:
                    self._take(found[0], node.value)
        elif name in ARGUMENTS:
            for value in [*call.args, *(keyword.value for keyword in call.keywords)]:
                self._take(module, value)

    def _keep(self, module: Module, text: str) -> None:
        text = text.removeprefix("; ")
        if is_message(text):
            self.texts.setdefault(text, module.name)


def _called(call: ast.Call) -> str:
    name = str(getattr(call.func, "id", getattr(call.func, "attr", "")))
    return getattr(call.args[0], "id", "") if name == "partial" and call.args else name


def _parts(node: ast.AST) -> list[ast.AST]:
    """The parts of an expression that are its value, not the conditions of it."""
    if isinstance(node, ast.IfExp):
        return [node.body, node.orelse]
    if isinstance(node, ast.BoolOp):
        return [*node.values]
    if isinstance(node, ast.BinOp):
        return [node.left, node.right]
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return [*node.elts]
    if isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp)):
        return [node.elt]
    if isinstance(node, ast.DictComp):
        return [node.key, node.value]
    if isinstance(node, ast.Dict):
        return [part for part in (*node.keys, *node.values) if part is not None]
    return [node.value] if isinstance(node, (ast.Subscript, ast.Starred, ast.NamedExpr)) else []
