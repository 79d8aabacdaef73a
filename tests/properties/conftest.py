"""A law is about what holds, not about how fast: a busy machine must not break one. pytest's time-out still applies."""

from hypothesis import settings

settings.register_profile("soundings", deadline=None)
settings.load_profile("soundings")
