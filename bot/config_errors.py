"""Pydantic's findings → Chinese lines with the key's path and what would be right."""

from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import process

from bot.config import PREFIX, Config, Problem

NOT_CONFIG = ("KAOPING_REQUIRE_",)
"""What the tests ask of a machine; no key of the config."""

SENTENCES = {
    "missing": "缺这一项，必须填写",
    "string_type": "应是文字，要加英文引号",
    "int_type": "应是整数，不加引号",
    "int_parsing": "应是整数",
    "decimal_type": "应是数字，例如 10 或 2.5",
    "decimal_parsing": "应是数字，例如 10 或 2.5",
    "tuple_type": "应是一组值，写在 [ ] 里",
    "list_type": "应是一组值，写在 [ ] 里",
    "model_type": "应是一张表，写成 [名字] 另起一行",
    "model_attributes_type": "应是一张表，写成 [名字] 另起一行",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "应不小于 {ge}",
    "less_than_equal": "应不大于 {le}",
    "too_short": "至少要有 {min_length} 个",
    "literal_error": "只能是 {expected}",
    "string_pattern_mismatch": "写法不对，应是 地址:端口，例如 127.0.0.1:8080",
}


def translated(error: ValidationError) -> list[Problem]:
    """Every finding as a line."""
    return [Problem(path_of(detail["loc"]), _message(detail)) for detail in error.errors(include_input=False)]


def path_of(location: tuple[int | str, ...]) -> str:
    """category[0].item[2].points"""
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    return path


def _message(detail: ErrorDetails) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        return _misspelt(detail["loc"])
    if kind == "value_error":
        return str(context.get("error", "不合要求"))
    sentence = SENTENCES.get(kind)
    if sentence is None:
        return "这个值不合要求，请对照 config.example.toml"
    return sentence.format(**{key: str(value).replace(" or ", " 或 ") for key, value in context.items()})


def _misspelt(location: tuple[int | str, ...]) -> str:
    *above, key = location
    known = _keys_at([str(part) for part in above if isinstance(part, str)])
    near = process.extractOne(str(key), known, score_cutoff=60)
    if near is not None:
        return f"没有这个键，是不是想写 {near[0]}"
    return f"没有这个键，这里可以写的有：{'、'.join(known)}"


def _keys_at(path: list[str]) -> list[str]:
    model: Any = Config
    for part in path:
        field = model.model_fields.get(part)
        if field is None:
            return []
        kinds = [field.annotation, *get_args(field.annotation)]
        model = next((k for k in kinds if isinstance(k, type) and issubclass(k, BaseModel)), None)
        if model is None:
            return []
    return list(model.model_fields)


def misspelt_environment(environ: Mapping[str, str]) -> list[Problem]:
    """Variables that look like ours and mean nothing; those inside a known table are found by the models."""
    problems = []
    for name in sorted(environ):
        if not name.upper().startswith(PREFIX) or name.upper().startswith(NOT_CONFIG):
            continue
        table = name[len(PREFIX) :].split("__")[0].lower()
        if table not in Config.model_fields:
            near = process.extractOne(table, list(Config.model_fields), score_cutoff=60)
            hint = f"，是不是想写 {PREFIX}{near[0].upper()}__…" if near else ""
            problems.append(Problem(f"环境变量 {name}", f"没有这一项{hint}"))
    return problems
