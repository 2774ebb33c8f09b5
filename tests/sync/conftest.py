"""What tests of the meaning may ask for."""

from tests.story import story

__all__ = ["story"]
