"""Docs tell the truth: every path and command they name exists, and they speak of the product alone."""

import re
from pathlib import Path

import pytest

from parley.cli import _COMMANDS

ROOT = Path(__file__).parents[1]
DOCS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
PATH = re.compile(r"`((?:src|tests|docs|bin|bench|frontend)/[\w./-]*)`|\]\(([\w./-]+)\)")
COMMAND = re.compile(r"bin/parley ([a-z]+)")


@pytest.mark.parametrize("doc", DOCS, ids=lambda doc: str(doc.relative_to(ROOT)))
def test_every_path_and_command_exists(doc: Path) -> None:
    text = doc.read_text()
    named = [first or second for first, second in PATH.findall(text)]
    missing = [path for path in named if not (ROOT / path).exists() and not (doc.parent / path).exists()]
    assert missing == []
    assert [command for command in COMMAND.findall(text) if command not in _COMMANDS] == []


def test_the_readme_names_the_two_commands() -> None:
    text = (ROOT / "README.md").read_text()
    assert "```sh\nbin/run\n```" in text
    assert "```sh\nbin/test\n```" in text


def test_every_setting_in_the_docs_is_one() -> None:
    from parley.core.settings import Settings

    text = "\n".join(doc.read_text() for doc in DOCS)
    known = {f"PARLEY_{name.upper()}" for name in Settings.__dataclass_fields__}
    assert {name.rstrip("_") for name in re.findall(r"PARLEY_[A-Z_]+", text)} - known - {"PARLEY"} == set()
