"""config.toml, credentials and the environment → one frozen, validated Config."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.config.checks import cross_check
from bot.config.errors import ConfigInvalid, Problem, translated, unknown_key
from bot.config.models import Config
from bot.config.toml_sources import Written, read_credentials, read_environment, read_file
from bot.redaction import STRUCK_OUT, strike_out

__all__ = ["Config", "ConfigInvalid", "Problem", "load"]

LIKE_A_SECRET = re.compile(r"(?=[\w-]*[0-9])(?=[\w-]*[A-Z])(?=[\w-]*[a-z])[A-Za-z0-9_-]{16,}", re.ASCII)
"""A piece of a token that slipped under another key."""


def load(path: Path | None, environ: Mapping[str, str] | None = None) -> Config:
    """The config of a file, if one is given, the service's credentials over it, and on top of both the environment.

    The environment is `os.environ` without another, and says where the credentials lie.

    ConfigInvalid with every problem at once, and never any other error; no problem shows a secret.
    """
    environ = os.environ if environ is None else environ
    above = read_environment(environ).over(read_credentials(environ))
    written = above.over(read_file(path) if path else Written())
    config, problems = _validated(written.table)
    problems += cross_check(written.table)
    told = [_without_secrets(problem) for problem in (*written.problems, *map(written.placed, problems))]
    if config is None or told:
        raise ConfigInvalid(tuple(told))
    return config


def _validated(table: dict[str, Any]) -> tuple[Config | None, list[Problem]]:
    # Names with an underscore in front would be taken for pydantic's own settings.
    private = [key for key in table if key.startswith("_")]
    problems = [Problem(key, unknown_key(key, list(Config.model_fields))) for key in private]
    try:
        return Config(**{key: value for key, value in table.items() if key not in private}), problems
    except ValidationError as error:
        return None, problems + translated(error, Config)


def _without_secrets(problem: Problem) -> Problem:
    path, message = (
        LIKE_A_SECRET.sub(STRUCK_OUT, strike_out(text)) for text in (problem.path, problem.message)
    )
    return Problem(path, message, problem.line)
