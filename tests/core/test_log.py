"""The log takes plain values alone, and tells of errors without their words."""

import asyncio
import enum
import gc
import json
import logging
import uuid
from collections.abc import Iterator

import pytest
import structlog

from parley.core.log import LogTypeError, configure_logging


class Pii(str):
    """Words about a person."""

    __slots__ = ()


class Colour(enum.StrEnum):
    RED = "red"


@pytest.fixture(autouse=True)
def _restore() -> Iterator[None]:
    yield
    configure_logging("warning")


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_plain_values_become_one_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info")
    row = uuid.uuid4()
    structlog.get_logger().info("tag.made", id=row, n=1, ratio=0.5, ok=True, none=None, colour=Colour.RED)
    (line,) = lines(capsys)
    assert line.pop("at")
    assert line == {
        "event": "tag.made",
        "level": "info",
        "id": str(row),
        "n": 1,
        "ratio": 0.5,
        "ok": True,
        "none": None,
        "colour": "red",
    }


@pytest.mark.parametrize("value", [Pii("Anna"), b"x", ["x"], {"a": 1}, ValueError("Anna"), object()])
def test_anything_else_is_refused(value: object, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info")
    with pytest.raises(LogTypeError):
        structlog.get_logger().info("x", value=value)
    assert lines(capsys) == []


def test_in_production_it_is_withheld_instead(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info", strict=False)
    structlog.get_logger().info("x", value=Pii("Anna"))
    assert lines(capsys)[0]["value"] == "<Pii withheld>"


def test_an_error_is_told_by_kind_and_place(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info")
    try:
        int("Anna's number is 123")
    except ValueError:
        structlog.get_logger().exception("x")
    (line,) = lines(capsys)
    assert line["error"] == "ValueError"
    assert "test_an_error_is_told_by_kind_and_place" in str(line["where"])
    assert "Anna" not in json.dumps(line)


def test_other_libraries_are_quoted_without_their_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info")
    logging.getLogger("uvicorn.error").info("%s asked for %s", "203.0.113.9", "/secret")
    logging.getLogger("uvicorn.access").info("never")
    logging.getLogger("sqlalchemy.engine").info("SELECT 1")
    (line,) = lines(capsys)
    assert (line["logger"], line["template"]) == ("uvicorn.error", "%s asked for %s")


def test_the_level_is_a_threshold(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("warning")
    structlog.get_logger().info("quiet")
    structlog.get_logger().warning("loud")
    assert [line["event"] for line in lines(capsys)] == ["loud"]


async def test_a_task_that_nobody_awaited_tells_nothing_of_its_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging("info")

    async def fails() -> None:
        raise ValueError("Anna's number is 123")

    task = asyncio.ensure_future(fails())
    await asyncio.wait([task])
    del task
    gc.collect()
    (line,) = lines(capsys)
    assert (line["logger"], line["error"]) == ("asyncio", "ValueError")
    assert "Anna" not in json.dumps(line)
