"""Servers under test: started on a free port of 127.0.0.1, asked until they answer, weighed, and stopped."""

import http.client
import os
import signal
import socket
import subprocess
import time
from contextlib import contextmanager

READY_SECONDS = 30
STOP_SECONDS = 15


class Server:
    """A process, which may have children, and when it was ready."""

    def __init__(self, name, port, process, ready_seconds):
        self.name, self.port, self.process, self.ready_seconds = name, port, process, ready_seconds

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/predict"

    def memory(self):
        """Megabytes (10^6 bytes): the resident size of a process; of several the sum of their shares, as pages that they
        have in common would count twice otherwise."""
        family = with_children(self.process.pid)
        if len(family) == 1:
            return kilobytes(f"/proc/{family[0]}/status", "VmRSS:") * 1024 / 1e6
        return sum(kilobytes(f"/proc/{pid}/smaps_rollup", "Pss:") for pid in family) * 1024 / 1e6


def with_children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as children:
        return [pid] + [found for child in children.read().split() for found in with_children(int(child))]


def kilobytes(path, key):
    with open(path) as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith(key))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(name, command, log, ready, environment=None):
    """Starts `command` with {port} in it replaced, and waits until `ready(connection)` is true."""
    port = free_port()
    command = [str(part).replace("{port}", str(port)) for part in command]
    with open(log, "wb") as output:
        started = time.perf_counter()
        # A session of its own, so that children that outlive it can be ended as well.
        process = subprocess.Popen(
            command,
            stdout=output,
            stderr=output,
            env=os.environ | (environment or {}),
            start_new_session=True,
            cwd=os.path.dirname(os.path.abspath(__file__)),
        )
    try:
        wait(process, port, ready, started + READY_SECONDS, log)
        yield Server(name, port, process, time.perf_counter() - started)
    finally:
        stop(process)


def wait(process, port, ready, deadline, log):
    while time.perf_counter() < deadline:
        if process.poll() is not None:
            break
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            if ready(connection):
                return
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
        time.sleep(0.001)
    with open(log) as lines:
        raise SystemExit(f"{process.args} did not get ready:\n{lines.read()}")


def stop(process):
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
