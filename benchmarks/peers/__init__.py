"""The bots under test, each a process of its own: ours, and the plain echoes that it is measured against."""
