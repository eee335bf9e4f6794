"""python-telegram-bot as it comes: polling, and every text said back."""

import os
from typing import Any

from telegram import Update
from telegram.ext import ApplicationBuilder, ContextTypes, MessageHandler, filters


async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Say it back."""
    assert update.message is not None
    await update.message.reply_text(update.message.text or "")


def main() -> None:
    """Serve until a signal."""
    application: Any = (
        ApplicationBuilder().token(os.environ["TOKEN"]).base_url(os.environ["BASE_URL"] + "/bot").build()
    )
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling()


if __name__ == "__main__":
    main()
