"""What all tests share: a property is never timed, so that a busy machine fails nothing."""

from hypothesis import settings

settings.register_profile("house", deadline=None)
settings.load_profile("house")
