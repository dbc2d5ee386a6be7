"""How Hypothesis runs here: the same examples each time, however long a slow machine takes for one."""

from hypothesis import settings

settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable")
