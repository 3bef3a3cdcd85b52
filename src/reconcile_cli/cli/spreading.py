"""Options that belong together: a command takes them as one named tuple, the command line as an option each."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast, get_type_hints

Function = TypeVar("Function", bound=Callable[..., Any])


def spread(function: Function) -> Function:
    """Give a function a parameter for each field of those of its parameters that are named tuples.

    Fields are annotated as parameters of commands are, and have defaults.
    """
    signature = inspect.signature(function, eval_str=True)
    groups = {one.name: one.annotation for one in signature.parameters.values() if _is_group(one.annotation)}
    if not groups:
        return function
    parameters: list[inspect.Parameter] = []
    for one in signature.parameters.values():
        parameters += _fields(groups[one.name]) if one.name in groups else [one]

    @wraps(function)
    def gathered(**given: Any) -> Any:
        for name, group in groups.items():
            given[name] = group(**{field: given.pop(field) for field in group._fields})
        return function(**given)

    gathered.__annotations__ = {one.name: one.annotation for one in parameters}
    gathered.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    return cast("Function", gathered)


def _is_group(annotation: object) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, tuple) and hasattr(annotation, "_fields")


def _fields(group: Any) -> list[inspect.Parameter]:
    hints = get_type_hints(group, include_extras=True)
    return [
        inspect.Parameter(
            field, inspect.Parameter.KEYWORD_ONLY, default=group._field_defaults[field], annotation=hints[field]
        )
        for field in group._fields
    ]
