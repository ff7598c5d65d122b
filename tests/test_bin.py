"""The scripts in bin/: they parse, they answer, and they let nothing in that they cannot check."""

import hashlib
import http.server
import importlib.util
import io
import os
import re
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parents[1]
SCRIPTS = ("run", "test", "check", "bench", "parley")


@pytest.mark.parametrize("path", [*(f"bin/{name}" for name in SCRIPTS), ".ci/run", "bin/lib/bootstrap.sh"])
def test_every_script_parses_and_can_be_run(path: str) -> None:
    subprocess.run(["bash", "-n", ROOT / path], check=True)
    assert os.access(ROOT / path, os.X_OK) or path.endswith(".sh")


def test_bin_holds_the_five_commands_and_nothing_else() -> None:
    assert {path.name for path in (ROOT / "bin").iterdir() if path.is_file()} == set(SCRIPTS)


def test_each_command_reads_as_a_checklist() -> None:
    for name in SCRIPTS:
        assert len((ROOT / "bin" / name).read_text().splitlines()) <= 30, name


def test_no_failure_is_swallowed_by_an_and() -> None:
    """Under `set -e` a failure on the left of && ends nothing."""
    for name in SCRIPTS:
        lines = (ROOT / "bin" / name).read_text().splitlines()
        assert not [line for line in lines if " && " in line], name


def sourced(script: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """Run a line of shell with the bootstrap's functions, on a folder that is not ours."""
    prelude = f'source "{ROOT}/bin/lib/bootstrap.sh"; ROOT="{tmp_path}"; VENV="{tmp_path}/.venv"; TOOLS="{tmp_path}/.tools"; '
    environ = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    return subprocess.run(
        ["bash", "-c", prelude + script], capture_output=True, text=True, check=False, env=environ
    )


def test_what_is_installed_is_not_installed_again(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "uv.lock").write_text("one")
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").symlink_to(sys.executable)
    need = 'need_uv() { :; }; sync() { echo "sync $*"; }; '
    twice = sourced(
        need + "need_packages; need_packages; need_packages dev; need_packages dev; need_packages", tmp_path
    )
    assert twice.stdout.splitlines() == ["sync --no-dev --inexact", "sync "], twice.stderr
    (tmp_path / "uv.lock").write_text("another")
    assert sourced(need + "need_packages dev; need_packages", tmp_path).stdout == "sync \n"


def test_the_console_is_built_again_when_a_source_is_newer(tmp_path: Path) -> None:
    frontend = tmp_path / "frontend"
    source = frontend / "console/src/main.tsx"
    source.parent.mkdir(parents=True)
    (frontend / "console/dist").mkdir()
    for path in (frontend / "package.json", frontend / "package-lock.json", source):
        path.write_text("{}")
        os.utime(path, (1, 1))
    (frontend / "node_modules").mkdir()
    npm = 'npm() { echo "npm $*"; }; '
    first = sourced(npm + "need_console; need_console", tmp_path)
    assert first.stdout.splitlines() == ["npm ci --no-audit --no-fund", "npm run build"], first.stderr
    os.utime(source)
    assert sourced(npm + "need_console", tmp_path).stdout == "npm run build\n"


def test_a_machine_without_python_3_11_is_told_so(tmp_path: Path) -> None:
    old = 'python3() { return 1; }; for v in 1 2 3 4; do eval "python3.1$v() { return 1; }"; done; '
    paths = sourced(
        old + 'eval "$(declare -f find_python | sed s,/usr/bin/python3,,)"; find_python', tmp_path
    )
    assert paths.returncode == 1
    assert "Python 3.11 or newer is needed" in paths.stderr


@pytest.fixture(scope="module")
def fetch_uv() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fetch_uv", ROOT / "bin/lib/fetch_uv.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def wheel() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("uv-1.data/scripts/uv", "#!/bin/sh\necho uv of the test\n")
    return file.getvalue()


class _Index(http.server.BaseHTTPRequestHandler):
    seen: list[str | None] = []  # noqa: RUF012  # of the one test that serves
    files = ""

    def do_GET(self) -> None:
        self.seen.append(self.headers["Authorization"])
        page = f'<a href="{self.files}/files/uv-1.whl#sha256=ff">uv-1.whl</a>'.encode()
        body = wheel() if self.path == "/files/uv-1.whl" else page
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Index)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setattr(_Index, "seen", [])
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    address = f"http://user:pass@127.0.0.1:{server.server_port}/simple/"
    monkeypatch.setenv("PIP_INDEX_URL", address)
    yield address
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("files", "signs_in"),
    [("../..", True), ("http://127.0.0.1:{port}", True), ("http://localhost:{port}", False)],
)
def test_uv_comes_from_the_index_this_machine_uses(
    fetch_uv: ModuleType,
    index: str,
    files: str,
    signs_in: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    known = {key: ("uv-1.whl", hashlib.sha256(wheel()).hexdigest()) for key in fetch_uv.WHEELS}
    monkeypatch.setattr(fetch_uv, "WHEELS", known)
    monkeypatch.setattr(_Index, "files", files.format(port=urlsplit(index).port))
    fetch_uv.main(tmp_path / "bin/uv")
    told = subprocess.run([tmp_path / "bin/uv"], capture_output=True, check=True, text=True)
    assert told.stdout == "uv of the test\n"
    basic = "Basic dXNlcjpwYXNz"
    assert _Index.seen == [basic, basic if signs_in else None], (
        "credentials are for the index, not for where it points"
    )
    assert "pass" not in capsys.readouterr().out


def test_a_wheel_with_another_checksum_is_thrown_away(
    fetch_uv: ModuleType, index: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch_uv, "WHEELS", dict.fromkeys(fetch_uv.WHEELS, ("uv-1.whl", "00" * 32)))
    with pytest.raises(SystemExit, match="wrong checksum"):
        fetch_uv.main(tmp_path / "bin/uv")
    assert not (tmp_path / "bin").exists()


def test_both_ways_bring_the_same_uv(fetch_uv: ModuleType) -> None:
    pinned = re.search(r"^UV_VERSION=(.*)$", (ROOT / "bin/lib/bootstrap.sh").read_text(), re.MULTILINE)
    assert pinned is not None
    assert pinned.group(1) == fetch_uv.VERSION
