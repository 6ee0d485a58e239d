"""The tools, each once: a typed function with a permission, callable the same way from every surface."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType, ModuleType
from typing import Any, Generic, Literal, TypeVar, get_type_hints

from pydantic import BaseModel, ValidationError

from tools.context import Context, Permission
from tools.errors import ToolError
from tools.invalid import explain_invalid

In = TypeVar("In", bound=BaseModel)
Out = TypeVar("Out", bound=BaseModel)

Effect = Literal["read", "prepare", "write"]
"""A tool reads, prepares a change that a person confirms, or writes; a model is given none that writes."""

MODULES = (
    "tools.lookup",
    "tools.find",
    "tools.explain",
    "tools.schedule",
    "tools.proposals",
    "tools.bottlenecks",
    "tools.history",
)
STAFF_MODULES = (
    "tools.edits.listing", "tools.edits.editing", "tools.importing.tool", "tools.worklist", "tools.audit",
    "tools.feed", "tools.transcripts", "tools.freshness", "tools.initials", "tools.logic_map",
    "tools.weekly", "tools.correction", "tools.days_without",
)  # fmt: skip
"""Tools for people alone: they stay out of a model's list."""


@dataclass(frozen=True)
class Tool(Generic[In, Out]):
    """One thing that may be asked of the clinic. Called directly, it skips validation and permission."""

    name: str
    doc: str
    input: type[In]
    output: type[Out]
    permission: Permission
    effect: Effect
    run: Callable[[Context, In], Out]

    def __call__(self, ctx: Context, body: In) -> Out:
        """Runs the function; surfaces go through `Registry.call`."""
        return self.run(ctx, body)


def tool(
    *, permission: Permission, effect: Effect
) -> Callable[[Callable[[Context, In], Out]], Tool[In, Out]]:
    """Makes a `Tool` of `def name(ctx: Context, body: Model) -> Model`; callers read its docstring."""

    def make(run: Callable[[Context, In], Out]) -> Tool[In, Out]:
        name = run.__name__
        hints = get_type_hints(run)
        body = list(inspect.signature(run).parameters)[1]
        return Tool(name, inspect.getdoc(run) or "", hints[body], hints["return"], permission, effect, run)

    return make


class Registry:
    """The tools by name, with the one place that validates, checks the permission and runs."""

    def __init__(self, tools: Iterable[Tool[Any, Any]]) -> None:
        self._tools: Mapping[str, Tool[Any, Any]] = MappingProxyType({each.name: each for each in tools})

    @classmethod
    def of(cls, modules: Iterable[ModuleType]) -> Registry:
        """Every tool defined in the modules, in their order."""
        return cls(each for module in modules for each in vars(module).values() if isinstance(each, Tool))

    def tools(self) -> tuple[Tool[Any, Any], ...]:
        """All tools, in a fixed order (a model's tool list must be byte-stable to be cached)."""
        return tuple(self._tools.values())

    def get(self, name: str) -> Tool[Any, Any]:
        """The tool called `name`; raises `ToolError("unknown")`."""
        if name not in self._tools:
            known = ", ".join(self._tools)
            raise ToolError("unknown", f"There is no tool {name!r}. Maybe you meant one of: {known}.")
        return self._tools[name]

    def call(self, name: str, ctx: Context, payload: Mapping[str, Any]) -> BaseModel:
        """Runs a tool for a principal.

        Raises `ToolError`: "unknown" tool, "forbidden", "invalid" input with its field, or the tool's own.
        """
        chosen = self.get(name)
        ctx.require(chosen.permission)
        settle(ctx)
        try:
            body = chosen.input.model_validate(dict(payload))
        except ValidationError as error:
            raise explain_invalid(error, chosen.input) from None
        result: BaseModel = chosen.run(ctx, body)
        return result


def settle(ctx: Context) -> None:
    """Frees what was held until now, so that nothing below sees a hold that is over; a read-only store can't."""
    from tools.records import holds

    with suppress(ToolError):
        holds.expire(ctx.store, ctx.now())


@cache
def default() -> Registry:
    """The tools that a model may be given too."""
    return Registry.of(importlib.import_module(name) for name in MODULES)


@cache
def staffed() -> Registry:
    """All tools: what a signed-in person's surfaces call."""
    return Registry.of(importlib.import_module(name) for name in (*MODULES, *STAFF_MODULES))
