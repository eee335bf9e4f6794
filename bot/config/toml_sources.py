"""Where the config is written: the file with its line numbers, the service's credentials over it, the environment on top."""

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic_settings import EnvSettingsSource

from bot.config.errors import ConfigInvalid, Problem, keys_at, nearest, paths_above
from bot.config.models import BETWEEN, PREFIX, Config

NOT_CONFIG = ("KAOPING_REQUIRE_", "KAOPING_SOAK_", "KAOPING_TEST_")
"""What the tests ask of a machine; no key of the config."""

CREDENTIALS = {
    "telegram-token": ("telegram", "token"),
    "webhook-secret": ("telegram", "webhook_secret"),
    "database-url": ("database", "url"),
}
"""What systemd hands over in a folder of its own, and the key that each is."""

HEADER = re.compile(r"\s*(\[\[?)\s*([\w.\s-]+?)\s*\]\]?\s*(?:#.*)?")
KEY = re.compile(r"\s*([\w-]+(?:\s*\.\s*[\w-]+)*)\s*=")


@dataclass(frozen=True, slots=True)
class Written:
    """The values of the file or of the environment, with where each stands by its key's path."""

    table: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    """What is in no file: the variable or the credential, as it is called on screen."""
    problems: tuple[Problem, ...] = ()

    def over(self, below: "Written") -> "Written":
        """Both, this one's values first."""
        return Written(
            _merged(below.table, self.table),
            {**below.lines, **self.lines},
            {**below.origins, **self.origins},
            (*below.problems, *self.problems),
        )

    def placed(self, problem: Problem) -> Problem:
        """The problem with its line of the file, or with the variable or credential that its value comes from."""
        above = list(paths_above(problem.path))
        origin = next((self.origins[path] for path in above if path in self.origins), None)
        if origin is not None:
            return Problem(origin, problem.message)
        return Problem(
            problem.path,
            problem.message,
            next((self.lines[path] for path in above if path in self.lines), None),
        )


def read_file(path: Path) -> Written:
    """The file's values, decimals exact as written. ConfigInvalid where it is missing, unreadable or no TOML."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        return Written(tomllib.loads(text, parse_float=Decimal), line_numbers(text))
    except FileNotFoundError:
        why = f"没有找到 {path}。可复制 config.example.toml 再改，或用 --config 指明位置"
    except OSError:
        why = f"{path} 读不了，请核对它是不是文件、有没有读取权限"
    except UnicodeDecodeError:
        why = "文件不是 UTF-8 编码，请另存为 UTF-8"
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+), column (\d+)", str(error))
        where = f"第 {place[1]} 行第 {place[2]} 个字符附近" if place else "文件末尾附近"
        why = f"{where}写法不对。文字要加英文引号，[ ] 要成对，一个键只能写一次"
    except (ValueError, ArithmeticError, RecursionError):
        why = "文件里有读不了的数值，或者括号嵌套太深。请对照 config.example.toml"
    raise ConfigInvalid((Problem("", why),))


def line_numbers(text: str) -> dict[str, int]:
    """The line, from 1, of every table and key by its path; what spans lines stands where it begins."""
    lines: dict[str, int] = {}
    seen: Counter[str] = Counter()
    table = ""
    for number, line in enumerate(text.splitlines(), start=1):
        header, key = HEADER.fullmatch(line), KEY.match(line)
        if header:
            table = _table_path(re.sub(r"\s", "", header[2]), header[1] == "[[", seen)
            lines.setdefault(table, number)
        elif key:
            name = re.sub(r"\s", "", key[1])
            lines.setdefault(f"{table}.{name}" if table else name, number)
    return lines


def _table_path(name: str, is_list: bool, seen: Counter[str]) -> str:
    *above, last = name.split(".")
    path = ""
    for part in above:
        path += f".{part}" if path else part
        if seen[path]:
            path += f"[{seen[path] - 1}]"
    path += f".{last}" if path else last
    if is_list:
        seen[path] += 1
        path += f"[{seen[path] - 1}]"
    return path


def read_credentials(environ: Mapping[str, str]) -> Written:
    """The values that systemd handed to the service (LoadCredential=); none where it started nothing."""
    credentials = Written()
    folder = environ.get("CREDENTIALS_DIRECTORY")
    for name, path in CREDENTIALS.items() if folder else ():
        credentials = _credential(Path(str(folder)) / name, path).over(credentials)
    return credentials


def _credential(file: Path, path: tuple[str, str]) -> Written:
    origin = f"凭据 {file.name}"
    try:
        value = file.read_text(encoding="utf-8-sig").strip()
    except FileNotFoundError:
        return Written()
    except (OSError, UnicodeDecodeError):
        return Written(problems=(Problem(origin, "读不了，请核对这个文件的内容和权限"),))
    if not value:
        return Written(problems=(Problem(origin, "是空的，请把内容写进去，或删掉这个文件"),))
    table, key = path
    return Written({table: {key: value}}, origins={f"{table}.{key}": origin})


def read_environment(environ: Mapping[str, str]) -> Written:
    """The values of the variables that begin with KAOPING_, each read by itself so that every fault is found."""
    environment = Written()
    for name in sorted(environ):
        if name.upper().startswith(PREFIX) and not name.upper().startswith(NOT_CONFIG):
            environment = _variable(name, environ[name]).over(environment)
    return environment


def _variable(name: str, value: str) -> Written:
    keys = name[len(PREFIX) :].lower().split(BETWEEN)
    misspelt = _misspelt(keys)
    if misspelt:
        return Written(problems=(Problem(f"环境变量 {name}", misspelt),))
    source = EnvSettingsSource(Config)
    source.env_vars = {name.lower(): value}
    try:
        table = source()
    except (ValueError, RecursionError):
        why = '写法不对。一组值写成 [1, 2]，一张表写成 {"name": "…"}，都用英文标点'
        return Written(problems=(Problem(f"环境变量 {name}", why),))
    return Written(table, origins={".".join(keys): f"环境变量 {name}"})


def _misspelt(keys: list[str]) -> str | None:
    """What is wrong with the variable's name; None where it leads to a key."""
    for depth, key in enumerate(keys):
        known = keys_at(Config, keys[:depth])
        if key not in known:
            near = nearest(key, known)
            meant = [*keys[:depth], near, *keys[depth + 1 :]] if near else []
            hint = f"，是不是想写 {PREFIX}{BETWEEN.join(str(part) for part in meant).upper()}" if near else ""
            return f"没有这一项{hint}"
    return None


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        merged[key] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged
