"""Whether Telegram answers, knows the token, gets messages to us, and has the same time of day."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from bot.config.fields import LOOPBACK
from bot.config.load import Config
from bot.ops.check.finding import Case, Finding, fault, fine, not_checked, warning

OFFICIAL = "https://api.telegram.org/bot"
SECONDS = 8.0
"""How long Telegram may take to answer."""

SKEWED, ASTRAY = timedelta(seconds=2), timedelta(seconds=30)
"""From here on the clock is worth a word, and here it spoils deadlines."""

MANY_WAITING = 100
"""More updates than that at Telegram's say that they are not taken in."""

NO_TOKEN = "没有填写令牌，没有核对"  # noqa: S105  a sentence, no secret


class Unreachable(Exception):
    """Telegram gave no answer; the text says why, in Chinese and without any address."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, when it was asked for and when it came (UTC)."""

    status: int
    body: dict[str, Any]
    date: datetime | None
    asked: datetime
    came: datetime

    @property
    def result(self) -> dict[str, Any]:
        """What was asked for; empty where it was refused."""
        result = self.body.get("result")
        return result if isinstance(result, dict) else {}


async def token(case: Case) -> Finding:
    """getMe: the token is right and Telegram within reach."""
    if not case.config.telegram.token.get_secret_value():
        return warning("没有填写令牌，只能本地试用。正式运行前请把 BotFather 给的令牌填进 telegram.token")
    try:
        answer = await ask(case, "getMe")
    except Unreachable as error:
        return fault(f"连不上 Telegram：{error}。连上以前收不到也发不出消息，已登记的不受影响")
    if answer.status in {401, 404}:
        return fault("Telegram 不认这个令牌。请在 BotFather 里核对，更换后重新启动")
    if answer.status != 200 or not answer.result:
        return fault(f"Telegram 的回答不对（{answer.status}）。请核对 telegram.base_url，或过几分钟再试")
    return fine(f"令牌有效，机器人是 @{answer.result.get('username', '')}")


async def webhook(case: Case) -> Finding:
    """getWebhookInfo: messages come in the way that the config says."""
    if not case.config.telegram.token.get_secret_value():
        return not_checked(NO_TOKEN)
    try:
        answer = await ask(case, "getWebhookInfo")
    except Unreachable:
        return not_checked("连不上 Telegram，没有核对")
    if answer.status != 200:
        return not_checked("Telegram 没有回答，没有核对")
    url, waiting = str(answer.result.get("url", "")), int(answer.result.get("pending_update_count", 0))
    if case.config.telegram.mode == "polling":
        return _when_polling(url, waiting)
    return _when_pushed(case.config.telegram.webhook_url, url, waiting, answer.result)


def _when_polling(url: str, waiting: int) -> Finding:
    if url:
        return warning(
            f"配置是 polling，Telegram 那边却设着 webhook（{_host(url)}），消息会送到那里去。"
            "请确认没有别的程序在用这个令牌；没有的话重新启动本程序，再核对一次"
        )
    if waiting > MANY_WAITING:
        return warning(f"Telegram 那里还有 {waiting} 条消息没有取。程序没有运行就请启动；在运行就请看日志")
    return fine(f"由程序去取（polling），Telegram 那里有 {waiting} 条待取")


def _when_pushed(wanted: str, url: str, waiting: int, info: dict[str, Any]) -> Finding:
    if url != wanted:
        there = f"是另一个网址（{_host(url)}）" if url else "没有设置"
        return warning(f"Telegram 那边的 webhook {there}，消息送不到这里。启动程序时会设好；在运行就请看日志")
    message = info.get("last_error_message")
    if message:
        at = datetime.fromtimestamp(int(info.get("last_error_date", 0)), UTC)
        return warning(
            f"Telegram 最近一次送不到（{at:%Y-%m-%d %H:%M} UTC）：{str(message)[:120]}。还有 {waiting} 条待送。"
            "请核对域名、证书、反向代理，并确认程序在运行"
        )
    if waiting > MANY_WAITING:
        return warning(f"Telegram 那里还有 {waiting} 条消息没有送到。请确认程序在运行，并看日志")
    return fine(f"由 Telegram 送来（webhook），还有 {waiting} 条待送")


async def doorway(case: Case) -> Finding:
    """The webhook's address from here: without the secret it has to answer 403."""
    if case.config.telegram.mode != "webhook":
        return not_checked("用的是 polling，不需要公网地址")
    try:
        async with httpx.AsyncClient(timeout=SECONDS, trust_env=False) as client:
            response = await client.post(case.config.telegram.webhook_url, json={})
    except httpx.HTTPError as error:
        return warning(
            f"从本机访问不了 webhook 的网址：{_why(error)}。程序没有运行时是正常的；在运行就请核对域名、证书和反向代理"
        )
    except (httpx.InvalidURL, ValueError):
        return fault("webhook 的网址写法不对。请核对 telegram.webhook_url")
    if response.status_code == 403:
        return fine("webhook 的网址通，没有密语的请求被拒绝")
    if response.is_success:
        return fault("webhook 的网址收下了没有密语的请求，那里不是本程序。请立即核对反向代理转给了谁")
    return warning(
        f"webhook 的网址回答 {response.status_code}，应是 403。程序没有运行时是正常的；在运行就请核对反向代理"
    )


async def listening(case: Case) -> Finding:
    """The webhook listens to this machine alone, where a reverse proxy stands before it."""
    listen = case.config.telegram.webhook_listen
    if listen.rpartition(":")[0] in LOOPBACK:
        return fine(f"只监听本机（{listen}），由反向代理转来")
    return warning(
        f"webhook_listen 是 {listen}，别的机器能绕过反向代理、不经加密连上来。代理在本机就改成 127.0.0.1:端口；"
        "在容器里不得不这样写的，请用防火墙只放行代理"
    )


async def clock(case: Case) -> Finding:
    """Our time of day beside that of the answer's Date header."""
    if not case.config.telegram.token.get_secret_value():
        return not_checked(NO_TOKEN)
    try:
        answer = await ask(case, "getMe")
    except Unreachable:
        return not_checked("连不上 Telegram，没有核对")
    if answer.date is None:
        return not_checked("服务器没有给出时间，没有核对")
    skew = skew_of(answer)
    if abs(skew) <= SKEWED:
        return fine("与 Telegram 的时间相差不到 2 秒")
    seconds = f"{'快' if skew > timedelta() else '慢'}了 {abs(skew).total_seconds():.0f} 秒"
    remedy = "请用 timedatectl set-ntp true 开启自动对时"
    if abs(skew) <= ASTRAY:
        return warning(f"本机时钟{seconds}。{remedy}")
    return fault(f"本机时钟{seconds}，期限、提醒和记录的时间都会不准。{remedy}，对准以后再启动")


def skew_of(answer: Answer) -> timedelta:
    """By how much our clock is ahead at least, negative where it is behind: what the way there and back cannot explain.

    A Date header has whole seconds, cut off.
    """
    assert answer.date is not None
    first, last = answer.date, answer.date + timedelta(seconds=1)
    if answer.asked > last:
        return answer.asked - last
    if answer.came < first:
        return answer.came - first
    return timedelta()


async def ask(case: Case, method: str) -> Answer:
    """Call a method that takes nothing. Unreachable."""
    config = case.config
    address = f"{config.telegram.base_url or OFFICIAL}{config.telegram.token.get_secret_value()}/{method}"
    try:
        async with httpx.AsyncClient(
            proxy=config.telegram.proxy_url or None, timeout=SECONDS, trust_env=not config.telegram.proxy_url
        ) as client:
            asked = case.clock()
            response = await client.post(address)
            came = case.clock()
    except ImportError:
        raise Unreachable("这样的代理要另装组件才能用，请改用 http:// 开头的代理") from None
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise Unreachable(f"{_why(error)}{_on_the_way(config)}") from None
    return Answer(response.status_code, _body(response), _date(response), asked, came)


def _why(error: Exception) -> str:
    if isinstance(error, httpx.TimeoutException):
        return f"{SECONDS:.0f} 秒内没有回答"
    if isinstance(error, httpx.ProxyError):
        return "代理拒绝了"
    said = str(error).lower()
    if "certificate" in said:
        return "证书不可信"
    if "name or service not known" in said or "name resolution" in said or "nodename" in said:
        return "域名查不到"
    return "连接不上"


def _on_the_way(config: Config) -> str:
    if config.telegram.proxy_url:
        return "。请核对代理（telegram.proxy_url）有没有运行"
    if config.telegram.base_url:
        return "。请核对自建的服务器（telegram.base_url）有没有运行"
    return "。请核对网络；本地不能直接访问的，要填代理（telegram.proxy_url）"


def _body(response: httpx.Response) -> dict[str, Any]:
    try:
        body = json.loads(response.content)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _date(response: httpx.Response) -> datetime | None:
    try:
        date = parsedate_to_datetime(response.headers.get("date", ""))
    except ValueError:
        return None
    return date if date.tzinfo is not None else date.replace(tzinfo=UTC)


def _host(url: str) -> str:
    """Where it leads, without a path that may be a secret."""
    return urlsplit(url).hostname or "网址不明"
