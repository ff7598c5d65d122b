from collections.abc import AsyncGenerator

import pytest

from parley.core.errors import InvalidError
from parley.modules.files.multipart import FilePart, read_file_part

TYPE = 'multipart/form-data; boundary="xyz"'
BODY = (
    b'--xyz\r\nContent-Disposition: form-data; name="conversation_id"\r\n\r\n42\r\n'
    b'--xyz\r\nContent-Disposition: form-data; name="file"; filename="Zo\xc3\xab %22a%22.txt"\r\n'
    b"Content-Type: text/plain\r\n\r\nline\r\n--xy not the end\r\n\r\n"
    b'\r\n--xyz\r\nContent-Disposition: form-data; name="file"; filename="second.txt"\r\n\r\nsecond\r\n'
    b"--xyz--\r\n"
)
CONTENT = b"line\r\n--xy not the end\r\n\r\n"


async def body(content: bytes, step: int) -> AsyncGenerator[bytes, None]:
    for start in range(0, len(content), step):
        yield content[start : start + step]


async def read(content: bytes, step: int = 1000, content_type: str = TYPE) -> tuple[FilePart, bytes]:
    part = await read_file_part(content_type, body(content, step))
    return part, b"".join([chunk async for chunk in part])


@pytest.mark.parametrize("step", [1, 2, 7, 64, 10_000])
async def test_the_file_is_found_however_the_body_is_cut(step: int) -> None:
    part, content = await read(BODY, step)
    assert (part.name, part.declared_type, content) == ('Zoë "a".txt', "text/plain", CONTENT)


async def test_the_file_comes_before_the_body_has_ended() -> None:
    came = 0

    async def slowly() -> AsyncGenerator[bytes, None]:
        nonlocal came
        yield BODY[: BODY.index(b"line")]
        for _ in range(100):
            came += 1
            yield bytes(1000)
        yield b"\r\n--xyz--\r\n"

    part = await read_file_part(TYPE, slowly())
    assert came == 0
    sizes = [len(chunk) async for chunk in part]
    assert sum(sizes) == 100_000
    assert max(sizes) <= 1010


@pytest.mark.parametrize("cut", range(BODY.index(b"line"), len(BODY) - 4, 9))
async def test_a_body_that_was_cut_off_never_ends_well(cut: int) -> None:
    with pytest.raises(InvalidError):
        await read(BODY[:cut])


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (BODY, "multipart/form-data"),
        (BODY, "multipart/form-data; boundary="),
        (BODY, "multipart/form-data; boundary=" + "x" * 300),
        (BODY, "application/json"),
        (BODY, ""),
        (BODY, "multipart/form-data; boundary=abc"),
        (b"", TYPE),
        (b"nonsense", TYPE),
        (b"--xyz--\r\n", TYPE),
        (BODY.replace(b'name="file"', b'name="other"'), TYPE),
        (BODY.replace(b"form-data;", b"attachment;"), TYPE),
        (b"--xyz\r\n" + b"A: " + b"b" * 100_000 + b"\r\n\r\n", TYPE),
    ],
)
async def test_what_holds_no_file_is_said_to_be_so(content: bytes, content_type: str) -> None:
    with pytest.raises(InvalidError) as caught:
        await read(content, content_type=content_type)
    assert "file" in caught.value.data["fields"]


async def test_a_body_of_many_tiny_parts_is_not_taken_apart_to_its_end() -> None:
    came = 0

    async def crumbs() -> AsyncGenerator[bytes, None]:
        nonlocal came
        for _ in range(1000):
            came += 1
            yield b"--xyz\r\nA: b\r\n\r\nc\r\n" * 10

    with pytest.raises(InvalidError):
        await read_file_part(TYPE, crumbs())
    assert came < 10
