"""x"""

from parley.demo.script import Story

STORIES: tuple[Story, ...] = ()
