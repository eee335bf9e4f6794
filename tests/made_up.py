"""What stands in for secrets in the tests."""

TOKEN = "1000000001:made-up-token-of-no-use-anywhere-at-all"
"""Shaped like a bot's token."""

WRONG_TOKEN = TOKEN.replace("made-up", "unknown")
"""Another one, which the local Telegram does not know."""
