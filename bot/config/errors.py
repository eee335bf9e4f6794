"""What is wrong with a config: one problem a line, in Chinese, with the key's path and what would be right."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import fuzz, process

NUMBER = "应是数字，例如 10 或 2.5"
LIST = "应是一组值，写在 [ ] 里"
TABLE = "应是一张表，写成 [名字] 另起一行"
MISSING = "缺这一项，必须填写"

SENTENCES = {
    "missing": MISSING,
    "string_type": "应是文字，要加英文引号",
    "int_type": "应是整数，不加引号",
    "int_parsing": "应是整数",
    "int_from_float": "应是整数",
    "decimal_type": NUMBER,
    "decimal_parsing": NUMBER,
    "finite_number": NUMBER,
    "tuple_type": LIST,
    "list_type": LIST,
    "model_type": TABLE,
    "model_attributes_type": TABLE,
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "应不小于 {ge}",
    "less_than_equal": "应不大于 {le}",
    "too_short": "至少要有 {min_length} 个",
    "literal_error": "只能是 {expected}",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, under which key and in which line of the file, and what would be right."""

    path: str
    message: str
    line: int | None = None

    def __str__(self) -> str:
        """第 12 行 unit[3].sequence：没有……"""
        place = " ".join(part for part in (f"第 {self.line} 行" if self.line else "", self.path) if part)
        return f"{place}：{self.message}" if place else self.message


class ConfigInvalid(Exception):
    """The config cannot be used; every fault in it, at once."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


def translated(error: ValidationError, model: type[BaseModel]) -> list[Problem]:
    """Every finding as a line, without those that only follow from another."""
    details = error.errors(include_input=False)
    meant = {_meant(detail["loc"], model) for detail in details if detail["type"] == "extra_forbidden"}
    inside = {detail["loc"][:depth] for detail in details for depth in range(len(detail["loc"]))}
    return [
        Problem(path_of(detail["loc"]), _message(detail, model))
        for detail in details
        # A key under a wrong name is not missing as well; nor is a list too short because what is in it is wrong.
        if not (detail["type"] == "missing" and detail["loc"] in meant)
        and not (detail["type"] == "too_short" and detail["loc"] in inside)
    ]


def path_of(location: Sequence[int | str]) -> str:
    """category[0].item[2].points"""
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    return path


def paths_above(path: str) -> Iterator[str]:
    """The path itself, then the ones that hold it: unit[3].name, unit[3], unit."""
    while path:
        yield path
        path = re.sub(r"(^|\.)[^.\[]*$|\[\d+\]$", "", path)


def keys_at(model: type[BaseModel], path: Sequence[str]) -> list[str]:
    """The keys of the table at a path of names; none where no table is."""
    for part in path:
        field = model.model_fields.get(part)
        kinds = [field.annotation, *get_args(field.annotation)] if field else []
        inner = next((k for k in kinds if isinstance(k, type) and issubclass(k, BaseModel)), None)
        if inner is None:
            return []
        model = inner
    return list(model.model_fields)


def nearest(key: str, known: Sequence[str]) -> str | None:
    """The known key that a misspelt one may stand for."""
    near = process.extractOne(key.lower(), known, scorer=fuzz.ratio, score_cutoff=60)
    return near[0] if near else None


def unknown_key(key: str, known: Sequence[str]) -> str:
    """The sentence for a key that is not known."""
    near = nearest(key, known)
    return f"没有这个键，是不是想写 {near}" if near else f"没有这个键，这里可以写的有：{'、'.join(known)}"


def _meant(location: tuple[int | str, ...], model: type[BaseModel]) -> tuple[int | str, ...] | None:
    near = nearest(str(location[-1]), _known(location, model))
    return (*location[:-1], near) if near else None


def _known(location: tuple[int | str, ...], model: type[BaseModel]) -> list[str]:
    return keys_at(model, [part for part in location[:-1] if isinstance(part, str)])


def _message(detail: ErrorDetails, model: type[BaseModel]) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        return unknown_key(str(detail["loc"][-1]), _known(detail["loc"], model))
    if kind == "value_error":
        return str(context.get("error", "不合要求"))
    sentence = SENTENCES.get(kind, "这个值不合要求，请对照 config.example.toml")
    return sentence.format(**{key: _in_chinese(value) for key, value in context.items()})


def _in_chinese(value: Any) -> str:
    return str(value).replace(" or ", " 或 ").replace("'", '"')
