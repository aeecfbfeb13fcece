"""A process under a limit on its memory: by a control group where one can be made, otherwise by its peak."""

import os
import re
import subprocess
import uuid
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")


class Limited:
    """Starts a command under a limit in bytes. Afterwards `peak` says how much memory it took at most."""

    def __init__(self, command, limit, **options):
        self.limit = limit
        self.group, self.files = make_group(limit)
        join = (lambda: (self.group / "cgroup.procs").write_text(str(os.getpid()))) if self.group else None
        self.process = subprocess.Popen(command, preexec_fn=join, **options)

    @property
    def kind(self):
        return "a control group" if self.group else "its peak alone"

    def peak(self):
        """The most memory so far: of the group with its buffers and files, or of the process alone."""
        if self.group:
            return int((self.group / self.files["peak"]).read_text())
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) * 1024

    def check(self):
        assert self.process.poll() is None, f"the server ended by {self.process.returncode}, limited to {self.limit >> 20} MiB"
        assert self.peak() <= self.limit, f"{self.peak() / 2**20:.0f} MiB of {self.limit >> 20}"

    def close(self):
        if self.group:
            self.group.rmdir()


def make_group(limit):
    """A group with a limit and no swap, by version 2 of the interface or by version 1; None where the machine allows none."""
    name = f"tepal-{uuid.uuid4().hex[:12]}"
    versions = [
        (ROOT, {"limit": "memory.max", "swap": "memory.swap.max", "peak": "memory.peak"}, "0"),
        (
            ROOT / "memory",
            {"limit": "memory.limit_in_bytes", "swap": "memory.swappiness", "peak": "memory.max_usage_in_bytes"},
            "0",
        ),
    ]
    for root, files, no_swap in versions:
        group = root / name
        if not (root / "cgroup.procs").exists():
            continue
        try:
            group.mkdir()
        except OSError:
            continue
        try:
            (group / files["limit"]).write_text(str(limit))
            (group / files["peak"]).read_text()
            if (group / files["swap"]).exists():
                (group / files["swap"]).write_text(no_swap)
            return group, files
        except OSError:
            group.rmdir()
    return None, None
