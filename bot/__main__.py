"""The command line: run · sandbox · check · verify · backup · restore · move · …; without a word, what fits the config."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from pydantic import TypeAdapter

from bot import redaction
from bot.config.checks import problems_to_run, warnings_of
from bot.config.fields import DatabaseUrl
from bot.config.load import Config, ConfigInvalid, load
from bot.loading import loading

EXAMPLE = Path(__file__).parent.parent / "config.example.toml"
OWN = Path("config.toml")
TRIAL = Path("data/sandbox")

DATABASE_URL: TypeAdapter[str] = TypeAdapter(DatabaseUrl)

ConfigFile = Annotated[Path, typer.Option("--config", help="配置文件")]

cli = typer.Typer(add_completion=False, no_args_is_help=False, help="目标量化考核助手")


def _load(path: Path) -> Config:
    """The config, or every fault in it at once, and exit code 2."""
    try:
        return load(path)
    except ConfigInvalid as invalid:
        _print_problems(path, [str(p) for p in invalid.problems])
        raise typer.Exit(2) from None


def _own_or_example(path: Path) -> Path:
    """The config to read where nothing is served; the example where no other is named and there is none."""
    return path if path.exists() or path != OWN else EXAMPLE


def _print_problems(path: Path, lines: list[str]) -> None:
    typer.echo(f"配置有 {len(lines)} 处要改（{path}）：", err=True)
    for line in lines:
        typer.echo(f"  ✗ {redaction.strike_out(line)}", err=True)


@cli.callback(invoke_without_command=True)
def start(context: typer.Context) -> None:
    """Serve Telegram where config.toml (or the environment) has a token, else start the sandbox."""
    if context.invoked_subcommand is not None:
        return
    config = _load(OWN if OWN.exists() else EXAMPLE)
    if config.telegram.token.get_secret_value():
        run(OWN)
    else:
        typer.echo("没有配置机器人令牌，启动本地试用。")
        _sandbox(config, port=None, terminal=False)


@cli.command(help="接上 Telegram 运行")
def run(config: ConfigFile = OWN) -> None:
    """Serve Telegram."""
    loaded = _load(config)
    problems = problems_to_run(loaded)
    if problems:
        _print_problems(config, [str(p) for p in problems])
        raise typer.Exit(2)
    for warning in warnings_of(loaded):
        typer.echo(f"  ! {warning}", err=True)
    with loading():
        from bot.run import run_forever

    redaction.set_up(loaded.logging.level)
    sys.exit(asyncio.run(run_forever(loaded)))


@cli.command(help="检查配置和这台机器，逐项说明哪里不对、怎么办")
def check(
    offline: Annotated[bool, typer.Option("--offline", help="不联系 Telegram")] = False,
    config: ConfigFile = OWN,
) -> None:
    """Look the config over, try what can be tried, and say what is wrong and what to do."""
    from bot.ops.check.examine import examine

    loaded = _load(config)
    for warning in warnings_of(loaded):
        typer.echo(f"  ! {warning}")
    bureau = loaded.organisation
    typer.echo(
        f"配置没有错误：{bureau.name}，{len(bureau.units)} 个单位，{len(bureau.sequences)} 个序列，"
        f"{len(bureau.schemes)} 张计分表，{len(bureau.groups)} 个考核小组。"
    )
    redaction.set_up("CRITICAL")
    sys.exit(asyncio.run(examine(loaded, config, offline=offline)))


@cli.command(help="核对台账、留痕、审定成绩和各种登记有没有在程序之外被改动过")
def verify(
    seal: Annotated[str, typer.Option("--seal", help="以前收到的“台账校验码”消息，整条放在引号里")] = "",
    config: ConfigFile = OWN,
) -> None:
    """Compare all that can be compared, with an old message of seals, too; it changes nothing."""
    from bot.ops.verification import verify_seals

    sys.exit(asyncio.run(verify_seals(_load(_own_or_example(config)), seal)))


@cli.command("rebuild-sums", help="按台账重算汇总；先停止程序，并写明原因")
def rebuild_sums(
    reason: Annotated[str, typer.Option("--reason", help="为什么要重算，会记入操作留痕")] = "",
    config: ConfigFile = OWN,
) -> None:
    """Make the sums anew from the ledger, with a reason that stands in the trail."""
    from bot.app import utc_now
    from bot.ops.rebuild_sums import rebuild_sums as rebuild

    sys.exit(asyncio.run(rebuild(_load(config), reason, now=utc_now())))


@cli.command(help="把数据搬到另一个空的数据库，并逐项核对")
def move(
    to: Annotated[
        str, typer.Option("--to", prompt="新数据库的地址", hide_input=True, help="新数据库的地址，不写就会问")
    ],
    config: ConfigFile = OWN,
) -> None:
    """Carry the bureau from the config's database to another one, which is empty, and compare both."""
    from bot.ops.move import move as carry_over

    loaded = _load(config)
    try:
        address = DATABASE_URL.validate_python(to)
    except ValueError:
        typer.echo("没有搬：--to 应以 sqlite+aiosqlite:/// 或 postgresql+asyncpg:// 开头。", err=True)
        raise typer.Exit(2) from None
    sys.exit(asyncio.run(carry_over(loaded, address)))


@cli.command(help="备份数据库和证据，程序运行时也可以做")
def backup(
    folder: Annotated[Path | None, typer.Argument(help="备份放在哪个文件夹，默认是配置里的")] = None,
    config: ConfigFile = OWN,
) -> None:
    """Back the database and the evidence up, also while the bot runs, and look the backup over."""
    from bot.app import utc_now
    from bot.ops.backups import back_up

    loaded = _load(_own_or_example(config))
    sys.exit(asyncio.run(back_up(loaded, folder or loaded.backup_folder, now=utc_now())))


@cli.command(help="把一份备份恢复到空的位置")
def restore(
    folder: Annotated[Path, typer.Argument(help="一份备份的文件夹，如 kaoping-20261125T031500Z")],
    config: ConfigFile = OWN,
) -> None:
    """Put a backup back where nothing is yet, and look over what was put there."""
    from bot.ops.restore import restore as put_back

    sys.exit(asyncio.run(put_back(_load(config), folder)))


@cli.command(help="列出今后会推送什么、推给谁")
def pushes(
    days: Annotated[int, typer.Option("--days", min=1, max=800, help="列出今后几天")] = 120,
    person: Annotated[str, typer.Option("--person", help="只看姓名里有这些字的人")] = "",
    full: Annotated[bool, typer.Option("--full", help="连同全文")] = False,
    config: ConfigFile = OWN,
) -> None:
    """List what will be sent to whom and when, from the config and the database."""
    from bot.ops.coming_pushes import list_pushes

    loaded = _load(_own_or_example(config))
    sys.exit(asyncio.run(list_pushes(loaded, days=days, name=person, full=full)))


@cli.command(help="在本机试用，数据都是虚构的")
def sandbox(
    config: Annotated[Path | None, typer.Option("--config", help="配置文件，默认用示例")] = None,
    terminal: Annotated[bool, typer.Option("--terminal", help="在终端里对话；管道送入的行就是脚本")] = False,
    port: Annotated[int | None, typer.Option("--port", help="网页端口")] = None,
    data: Annotated[Path, typer.Option("--data", help="数据放在哪个文件夹")] = TRIAL,
) -> None:
    """A local Telegram with a chat page, to try the bot; nothing leaves this computer."""
    _sandbox(_load(config or EXAMPLE), port=port, terminal=terminal, data=data)


def _sandbox(config: Config, *, port: int | None, terminal: bool, data: Path = TRIAL) -> None:
    from bot import trial
    from storage.database import DatabaseInUse

    redaction.set_up("WARNING")
    try:
        if terminal:
            asyncio.run(trial.terminal(config, data))
        else:
            asyncio.run(trial.page(config, data, port=trial.PORT if port is None else port))
    except ConfigInvalid as invalid:
        _print_problems(data, [str(p) for p in invalid.problems])
        raise typer.Exit(2) from None
    except DatabaseInUse:
        typer.echo(
            f"没有启动：{data} 正被另一个运行中的试用使用。请先结束那一个，或用 --data 换一个文件夹。", err=True
        )
        raise typer.Exit(2) from None


if __name__ == "__main__":
    # Scores, evidence and backups are nobody else's to read, from the first file on and whoever starts the program.
    os.umask(0o077)
    cli()
