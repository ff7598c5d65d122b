"""The data folder: one installation at a time, and demo and production never in the same one."""

import os
from pathlib import Path

import pytest

from parley.core.datafolder import DataFolderError, holder_of, is_demo_folder, open_data_folder
from parley.core.settings import Settings


def test_a_new_folder_gets_its_layout_and_is_closed(tmp_path: Path) -> None:
    data = tmp_path / "deep" / "data"
    with open_data_folder(Settings(data=data)):
        assert {"keys", "files", "logs", "DEMO"} <= {path.name for path in data.iterdir()}
        assert data.stat().st_mode & 0o777 == 0o700


def test_a_folder_left_open_is_closed(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with open_data_folder(Settings(data=tmp_path)):
        assert tmp_path.stat().st_mode & 0o777 == 0o700


def test_a_second_start_is_told_who_runs_there(tmp_path: Path) -> None:
    with open_data_folder(Settings(data=tmp_path, port=8123)):
        with pytest.raises(DataFolderError, match=rf"process {os.getpid()} \(demo, http://localhost:8123"):
            open_data_folder(Settings(data=tmp_path))
        holder = holder_of(tmp_path)
        assert holder is not None
        assert (holder.pid, holder.port, holder.mode) == (os.getpid(), 8123, "demo")
    assert holder_of(tmp_path) is None
    with open_data_folder(Settings(data=tmp_path)):
        pass


def test_production_refuses_what_the_demo_ever_used(tmp_path: Path) -> None:
    with open_data_folder(Settings(data=tmp_path)):
        pass
    with pytest.raises(DataFolderError, match="belongs to the demo"):
        open_data_folder(Settings(data=tmp_path, mode="production"))
    assert holder_of(tmp_path) is None


def test_the_demo_refuses_data_that_it_did_not_make(tmp_path: Path) -> None:
    with open_data_folder(Settings(data=tmp_path, mode="production")):
        (tmp_path / "pg").mkdir()
    with pytest.raises(DataFolderError, match="did not make"):
        open_data_folder(Settings(data=tmp_path))
    assert not is_demo_folder(tmp_path)


def test_nobody_runs_on_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    assert holder_of(tmp_path / "nothing") is None
