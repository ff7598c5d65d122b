"""Boundaries that the import contracts cannot say: private files of a module, channels' names, simulators' faces."""

import re
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[1] / "src" / "parley"
PRIVATE = {"models", "schemas", "api", "jobs", "handlers", "policy"}
CHANNEL_NAMES = re.compile(r"whatsapp|messenger|instagram", re.IGNORECASE)


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("parley")


def test_no_module_reaches_into_the_private_files_of_another(graph: grimp.ImportGraph) -> None:
    faults = []
    for name in graph.modules:
        parts = name.split(".")
        if parts[:2] != ["parley", "modules"] or len(parts) < 4 or parts[3] not in PRIVATE:
            continue
        home = ".".join(parts[:3])
        faults += [
            f"{importer} -> {name}"
            for importer in graph.find_modules_that_directly_import(name)
            if importer.startswith(("parley.modules.", "parley.channels."))
            and not importer.startswith(home + ".")
        ]
    assert faults == []


def test_the_house_never_says_a_channels_name(graph: grimp.ImportGraph) -> None:
    named = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in ("core", "modules")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if CHANNEL_NAMES.search(line) and not line.lstrip().startswith(("#", '"""'))
    ]
    assert named == []
    above = {
        importer
        for channel in ("parley.channels.whatsapp", "parley.channels.meta")
        for module in [channel, *graph.find_descendants(channel)]
        for importer in graph.find_modules_that_directly_import(module)
        if not importer.startswith(("parley.channels.", "parley.demo."))
    }
    assert above == {"parley.wiring"}
