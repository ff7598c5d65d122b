"""What the kernel says about processes: their families, their time on the processor, their memory. Linux only."""

import os
from collections.abc import Iterable
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def family(pid: int) -> list[int]:
    """List a process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def cpu_seconds(pid: int) -> float:
    """Tell how long a process, its living descendants and the ended ones they waited for have been computing."""
    ticks = 0
    for one in family(pid):
        if fields := _stat(one):
            ticks += sum(int(field) for field in fields[11:15])  # utime stime cutime cstime
    return ticks / _TICKS


def pss_mb(pids: Iterable[int]) -> float:
    """Tell the memory of processes in MB (10^6 bytes), shared pages divided among those who share them."""
    total = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
        except (OSError, ProcessLookupError):
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total * 1024 / 1e6


def _stat(pid: int) -> list[str]:
    """Read the fields of /proc/PID/stat after the name: state first, parent second."""
    try:
        return (
            Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        )
    except (OSError, ProcessLookupError):
        return []
