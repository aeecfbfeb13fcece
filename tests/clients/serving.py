"""Starts and stops the binary."""

import os
import re
import signal
import subprocess
import threading
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
SERVER = Path(os.environ.get("TEPAL_SERVER", ROOT / "target/debug/tepal-server")).absolute()
CLI = Path(os.environ.get("TEPAL_CLI", ROOT / "target/debug/tepal")).absolute()

START_SECONDS = 20
STOP_SECONDS = 20


@contextmanager
def running(log, *flags):
    """A server with these flags on a free port: gives its address, HOST:PORT. `log` is where its standard error goes."""
    with log.open("wb") as errors:
        server = subprocess.Popen([SERVER, "--port", "0", *flags], stdout=subprocess.PIPE, stderr=errors, text=True)
    try:
        yield address(server, log)
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            code = server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            code = f"none within {STOP_SECONDS} seconds"
        server.stdout.close()
    assert code == 0, f"exit code after SIGTERM: {code}\n{log.read_text()}"


def address(server, log):
    """Reads it from the line that the server prints when it listens."""
    late = threading.Timer(START_SECONDS, server.kill)
    late.start()
    try:
        for line in server.stdout:
            if found := re.search(r"http://(\S+:\d+)", line):
                return found[1]
    finally:
        late.cancel()
    raise AssertionError(f"the server did not say where it listens\n{log.read_text()}")
