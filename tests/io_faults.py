"""Every file operation of a model's swap fails once, and the process is killed after each: there is the old model or the new
one, never none and never a part of one. `make io-faults`; strace injects the faults.

    python3 tests/io_faults.py TEPAL SERVER
"""

import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[1]
OLD, NEW = ROOT / "tests/models/v4-iris.tepal", ROOT / "tests/models/v4-penguins.tepal"
# What a writer asks of the system, for its table, its output and its words.
WRITING = ["openat", "read", "write", "fsync", "rename,renameat,renameat2", "close", "fcntl", "statx,newfstatat", "getrandom"]
# What the server asks for a model's file, and for its folder.
READING = ["openat", "read", "statx,newfstatat", "getdents64", "lseek"]
ERRORS = ["EIO", "ENOSPC"]
KILLS = 5
# A call beyond the last is not made: then every one before was tried.
MOST_CALLS = 200


def train(tepal, output, injected):
    """Trains a model over another under injected faults; the exit code, and how many were injected."""
    with tempfile.NamedTemporaryFile() as log:
        command = ["strace", "-f", "-o", log.name, *injected]
        command += [tepal, "train", ROOT / "www/data/iris.csv", "--target", "species", "--seed", "7", "-o", output]
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=60)
        text = Path(log.name).read_text(errors="replace")
    return done, text.count("(INJECTED)") + text.count("+++ killed by SIGKILL")


def digest(tepal, path):
    """The digest of a model that opens."""
    done = subprocess.run([tepal, "inspect", path, "--json"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, f"{path} does not open: {done.stderr}"
    return re.search(r'"digest":\s*"(\w+)"', done.stdout)[1]


def writer(tepal):
    """`tepal train` over a model, with every call failing, and with a kill at every call."""
    count = {"failed": 0, "killed": 0, "old": 0, "new": 0}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "m.tepal"
        shutil.copy(OLD, path)
        old = digest(tepal, path)
        done, _ = train(tepal, path, [])
        assert done.returncode == 0, done.stderr
        new = digest(tepal, path)
        assert old != new
        for calls in WRITING:
            faults = [(f"error={error}", 1) for error in ERRORS] + [("signal=KILL", KILLS)]
            for fault, times in faults:
                for number in range(1, MOST_CALLS):
                    hits = 0
                    for _ in range(times):
                        shutil.copy(OLD, path)
                        done, injected = train(tepal, path, ["-e", f"trace={calls}", "-e", f"inject={calls}:{fault}:when={number}"])
                        found = digest(tepal, path)
                        assert found in (old, new), f"{calls} {fault} at {number}: neither the old model nor the new one"
                        if injected and "error" in fault:
                            # A failed call is told, unless nothing depends on it; then the file is the new one.
                            assert done.returncode != 0 or found == new, f"{calls} {fault} at {number}: no word of it"
                        hits += injected
                        count["old" if found == old else "new"] += bool(injected)
                        count["killed" if "KILL" in fault else "failed"] += bool(injected)
                    if hits == 0:
                        break
                else:
                    raise AssertionError(f"more than {MOST_CALLS} calls of {calls}")
        left = sorted(p.name for p in Path(folder).iterdir() if p != path and not p.name.startswith("."))
        assert not left, f"visible remains: {left}"
    print(f"writer: {count['failed']} calls failed, {count['killed']} kills; afterwards {count['old']} old, {count['new']} new models")
    assert count["failed"] > 10 and count["killed"] > 10, count


def served_digest(port):
    request = urllib.request.Request(f"http://127.0.0.1:{port}/model")
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.headers["tepal-digest"]


def store(tepal, server):
    """The server reads a model that replaces another while each of its calls fails: it answers by one of the two, and in the
    end by the new one."""
    n_injected = 0
    for calls in READING:
        for number in range(1, MOST_CALLS):
            with tempfile.TemporaryDirectory() as folder:
                path, log = Path(folder) / "models/m.tepal", Path(folder) / "log"
                path.parent.mkdir()
                shutil.copy(OLD, path)
                old, new = digest(tepal, OLD), digest(tepal, NEW)
                # The first look at the folder is the start, where a fault ends the process with a word: it is passed over.
                command = ["strace", "-f", "-o", log, "-P", path, "-P", path.parent, "-e", f"trace={calls}"]
                command += ["-e", f"inject={calls}:error=EIO:when={number}"]
                process = subprocess.Popen([*command, server, "--models", path.parent, "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
                line = process.stdout.readline()
                if not line:
                    process.wait(20)
                    assert "EIO" in log.read_text() or "INJECTED" in log.read_text(), process.stderr.read()
                    n_injected += 1
                    continue
                port = int(re.search(r":(\d+)$", line.strip())[1])
                try:
                    assert served_digest(port) == old
                    shutil.copy(NEW, path.parent / ".next")
                    (path.parent / ".next").rename(path)
                    end = time.monotonic() + 30
                    while (found := served_digest(port)) != new:
                        assert found == old and time.monotonic() < end, f"{calls} at {number}: {found}"
                        time.sleep(0.1)
                finally:
                    tracee = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True).stdout.split()
                    for pid in tracee:
                        subprocess.run(["kill", "-TERM", pid])
                    process.wait(30)
                injected = log.read_text(errors="replace").count("(INJECTED)")
                n_injected += injected
                if injected == 0:
                    break
        else:
            raise AssertionError(f"more than {MOST_CALLS} calls of {calls}")
    print(f"store: {n_injected} calls failed; afterwards the new model answered each time")
    assert n_injected > 5, n_injected


def main():
    tepal, server = sys.argv[1:]
    if not shutil.which("strace"):
        sys.exit("strace is missing; run:  sudo apt-get install strace")
    signal.alarm(1800)
    writer(tepal)
    store(tepal, server)


if __name__ == "__main__":
    main()
