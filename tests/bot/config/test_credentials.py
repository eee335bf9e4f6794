"""What systemd hands over: below the environment, above the file, and named where it is wrong."""

import pytest
from conversation import EXAMPLE

from bot.config.load import ConfigInvalid, load

TOKEN = "123456789:AAF-xK9mQ2vT7_bL4wZ8cR1nY6pD3sJ5hG0"
OTHER = TOKEN.replace("AAF", "BBF")


@pytest.fixture
def handed(tmp_path):
    """The environment of a service that was handed these."""

    def over(**credentials):
        for name, content in credentials.items():
            (tmp_path / name.replace("_", "-")).write_bytes(content.encode())
        return {"CREDENTIALS_DIRECTORY": str(tmp_path)}

    return over


def problems(environ):
    with pytest.raises(ConfigInvalid) as invalid:
        load(EXAMPLE, environ)
    return [str(problem) for problem in invalid.value.problems]


def test_a_credential_goes_before_the_file_and_a_variable_before_it(handed):
    environ = handed(
        telegram_token=f"{TOKEN}\n", database_url="postgresql+asyncpg://k:p@db/k\n", webhook_secret="s3\n"
    )
    config = load(EXAMPLE, environ)
    assert config.telegram.token.get_secret_value() == TOKEN
    assert config.telegram.webhook_secret.get_secret_value() == "s3"
    assert config.database.url == "postgresql+asyncpg://k:p@db/k"
    config = load(EXAMPLE, {**environ, "KAOPING_TELEGRAM__TOKEN": OTHER})
    assert config.telegram.token.get_secret_value() == OTHER


def test_a_service_may_be_handed_nothing(handed):
    assert load(EXAMPLE, handed()).telegram.token.get_secret_value() == ""


def test_a_wrong_credential_is_told_under_its_name_and_not_shown(handed):
    (line,) = problems(handed(telegram_token="123456789:tooshort-secret"))
    assert line.startswith("凭据 telegram-token：不像机器人令牌")
    assert "tooshort" not in line


def test_an_empty_credential_and_one_that_cannot_be_read_are_told(handed, tmp_path):
    (tmp_path / "webhook-secret").mkdir()
    assert problems(handed(telegram_token="\n")) == [
        "凭据 telegram-token：是空的，请把内容写进去，或删掉这个文件",
        "凭据 webhook-secret：读不了，请核对这个文件的内容和权限",
    ]
