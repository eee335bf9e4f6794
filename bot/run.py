"""`run`: serve Telegram until a signal, and say plainly why where it cannot start."""

import logging
import sys

from telegram.error import InvalidToken

from bot.config.load import Config, ConfigInvalid
from bot.intake.listen_socket import CannotListen
from bot.intake.subscription import WebhookRefused
from bot.ops.database_errors import sentence
from bot.serve import forever, serving, until_stopped
from storage.database import DatabaseFault, DatabaseInUse, DatabaseUnsafe
from storage.migrate import DatabaseNewer

log = logging.getLogger(__name__)


async def run_forever(config: Config) -> int:
    """The exit code: 0 after a signal, 2 where something has to be put right first."""
    return await until_stopped(_run(config))


async def _run(config: Config) -> int:
    try:
        async with serving(config) as app:
            log.info("serving as @%s", app.application.bot.username)
            await forever()
            return 0
    except ConfigInvalid as invalid:
        return _say("".join(f"\n  ✗ {problem}" for problem in invalid.problems))
    except InvalidToken:
        return _say("telegram.token：Telegram 不认这个令牌。请在 BotFather 里核对，更换后写回配置。")
    except CannotListen as error:
        return _say(f"telegram.webhook_listen：{_why_not_listening(error)}")
    except WebhookRefused as error:
        return _say(
            f"telegram.webhook_url：Telegram 不接受这个地址（{error}）。请核对域名、端口和证书，改好后再启动。"
        )
    except DatabaseInUse as error:
        return _say(f"数据库 {error.path} 正被另一个运行中的程序使用。请先停掉那一个，或改用另一个数据库。")
    except (DatabaseFault, DatabaseUnsafe, DatabaseNewer) as error:
        log.error("the database cannot be used: %s", type(error).__name__)
        return _say(f"{sentence(error)}。")


def _why_not_listening(error: CannotListen) -> str:
    if error.in_use:
        return (
            f"{error.address} 已被另一个程序占用，收不到消息。请停掉那一个，或换一个端口（反向代理里也要改）。"
        )
    return f"这台机器不能在 {error.address} 上监听，收不到消息。请写本机有的地址和 1024 以上的端口。"


def _say(text: str) -> int:
    sys.stderr.write(f"没有启动：{text}\n")
    return 2
