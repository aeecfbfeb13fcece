"""Times the server beside a bare axum handler, Flask and FastAPI:

    python load.py --tepal PATH --bare PATH --out target/bench/server.json

Everything is on 127.0.0.1 and ends by itself within eight minutes. What is compared runs in turn, in short rounds, so that
whatever else the machine does hits both; a ratio is the median of the rounds' ratios. wrk takes one core's time from the
servers, the same from each.
"""

import argparse
import http.client
import json
import os
import platform
import resource
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import iris_model
import report
from servers import running

HERE = Path(__file__).parent.absolute()
ROOT = HERE.parents[1]
# The first is the one that predicts; with copies of the others there are ten for the start.
MODELS = [ROOT / f"tests/models/{name}.tepal" for name in ["v1-iris", "v1-breast-cancer", "v3-penguins", "v1-diabetes"]]
N_MODELS = 10

CONNECTIONS = [1, 16, 64]
ROWS = [1, 100]
KEPT_OPEN = 1000
STARTS = 9
LIMIT_SECONDS = 470

NAMES = ["sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)"]
FLOWERS = [[5.1, 3.5, 1.4, 0.2], [6.2, 2.9, 4.3, 1.3], [7.7, 2.6, 6.9, 2.3]]

# Each worker computes by itself; threads of BLAS would only take the cores from the others.
ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in ["OPENBLAS", "OMP", "MKL"]}


def body_of(n_rows):
    rows = [dict(zip(NAMES, FLOWERS[at % len(FLOWERS)])) for at in range(n_rows)]
    return json.dumps({"rows": rows}).encode()


def answer_of(connection, method, path, body=None):
    """Status and body."""
    connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
    answer = connection.getresponse()
    return answer.status, answer.read()


def answers(connection):
    """Whether a server predicts; and it has to be one that does what it is timed at."""
    status, body = answer_of(connection, "POST", "/predict", body_of(3))
    if status != 200:
        return False
    predictions = json.loads(body)["predictions"]
    assert len(predictions) == 3 and all(len(row["probabilities"]) == 3 for row in predictions), body
    return True


def is_ready(connection):
    return answer_of(connection, "GET", "/readyz")[0] == 200


class Bench:
    """Where the servers and the posted files are."""

    def __init__(self, arguments, folder):
        self.folder, self.seconds, self.rounds = folder, arguments.seconds, arguments.rounds
        self.tepal_path, self.bare_path = arguments.tepal.absolute(), arguments.bare.absolute()
        for n_rows in ROWS:
            (folder / f"{n_rows}.json").write_bytes(body_of(n_rows))
        iris_model.train(folder / "iris.joblib")
        (folder / "models").mkdir()
        for at in range(N_MODELS):
            shutil.copy(MODELS[at % len(MODELS)], folder / f"models/model-{at}.tepal")

    def start(self, name, command, ready=answers, environment=None):
        return running(name, command, self.folder / f"{name}.log", ready, environment)

    def tepal(self, ready=answers):
        models = ["--models", self.folder / "models", "--default-model", "model-0"]
        return self.start("tepal", [self.tepal_path, *models, "--port", "{port}"], ready)

    def bare(self):
        return self.start("bare axum", [self.bare_path, "--port", "{port}"])

    def python(self, name, *command):
        environment = ONE_THREAD | {"IRIS_MODEL": str(self.folder / "iris.joblib")}
        return self.start(name, [sys.executable, "-m", *command], environment=environment)

    def flask(self):
        # Workers with threads, which keep connections open, are no faster.
        quiet = ["--no-control-socket", "--log-level=warning"]
        return self.python("Flask", "gunicorn", "--workers=2", "--bind=127.0.0.1:{port}", *quiet, "flask_app:app")

    def fastapi(self, name="FastAPI", workers=2):
        quiet = ["--no-access-log", "--log-level=warning"]
        return self.python(name, "uvicorn", f"--workers={workers}", "--port={port}", *quiet, "fastapi_app:app")

    def fastapi_alone(self):
        # As uvicorn starts when it is not told otherwise.
        return self.fastapi("FastAPI, one worker", workers=1)

    def wrk(self, server, connections, n_rows, seconds=None):
        """One run."""
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds or self.seconds}s", "--latency"]
        command += ["-s", HERE / "wrk.lua", server.url]
        environment = os.environ | {"BODY": str(self.folder / f"{n_rows}.json")}
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment)
        if done.returncode != 0:
            raise SystemExit(f"wrk: {done.stdout}{done.stderr}")
        found = json.loads(done.stdout.splitlines()[-1])
        if found["status"]:
            raise SystemExit(f"{server.name}: {found['status']} of {found['requests']} answers were refusals")
        found["rate"] = found["requests"] / (found["duration"] / 1e6)
        return found

    def compare(self, servers, connections, n_rows):
        """Rounds in which each server has its turn, every other one backwards."""
        rounds = []
        for at in range(self.rounds):
            order = servers if at % 2 == 0 else servers[::-1]
            rounds.append({server.name: self.wrk(server, connections, n_rows) for server in order})

        def median(value):
            return statistics.median(map(value, rounds))

        first, *others = [server.name for server in servers]
        result = {"connections": connections, "rows": n_rows, "servers": {}}
        for name in [first, *others]:
            figures = {key: median(lambda found: found[name][key]) for key in ["rate", "p50", "p99"]}
            figures["socket_errors"] = sum(found[name]["socket"] for found in rounds)
            result["servers"][name] = figures
        result["ratios"] = {name: median(lambda found: found[first]["rate"] / found[name]["rate"]) for name in others}
        return result


def against_bare(bench):
    results = []
    with bench.tepal() as tepal, bench.bare() as bare:
        for server in [tepal, bare]:
            bench.wrk(server, 16, 1, seconds=1)
        for n_rows in ROWS:
            for connections in CONNECTIONS:
                results.append(bench.compare([tepal, bare], connections, n_rows))
    return results


def against_python(bench):
    with ExitStack() as stack:
        # The bare handler says how much of a distance any server of this kind could have.
        starts = [bench.tepal, bench.bare, bench.flask, bench.fastapi, bench.fastapi_alone]
        servers = [stack.enter_context(start()) for start in starts]
        for server in servers:
            bench.wrk(server, 16, 1, seconds=1)
        result = bench.compare(servers, 16, 1)
        for server in servers:
            result["servers"][server.name] |= {"memory": server.memory(), "ready_seconds": server.ready_seconds}
    return result


def kept_open(start):
    """Memory with connections that have each sent a request and stay open."""
    request = body_of(1)
    with start() as server:
        before = server.memory()
        connections = [http.client.HTTPConnection("127.0.0.1", server.port, timeout=10) for _ in range(KEPT_OPEN)]
        for connection in connections:
            status, _ = answer_of(connection, "POST", "/predict", request)
            assert status == 200
        found = {"before": before, "after": server.memory(), "open": sum(map(is_open, connections))}
        for connection in connections:
            connection.close()
    return found


def is_open(connection):
    """Nothing to read, not even an end."""
    if connection.sock is None:
        return False
    connection.sock.setblocking(False)
    try:
        connection.sock.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return True
    return False


def start_times(bench):
    """From the spawn until /readyz says so, in seconds."""
    times = []
    for _ in range(STARTS):
        with bench.tepal(ready=is_ready) as server:
            times.append(server.ready_seconds)
    return times


def machine():
    with open("/proc/cpuinfo") as lines:
        model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "")
    return {"processor": model, "cores": os.cpu_count(), "system": platform.platform()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tepal", type=Path, required=True, help="tepal-server")
    parser.add_argument("--bare", type=Path, required=True, help="a handler without a model")
    parser.add_argument("--out", type=Path, required=True, help="the JSON file to write")
    parser.add_argument("--seconds", type=int, default=3, help="of each run")
    parser.add_argument("--rounds", type=int, default=5, help="of each comparison")
    arguments = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is not installed: apt-get install wrk")
    raise_file_limit()
    # An end by SystemExit stops the servers as well.
    for ending in [signal.SIGALRM, signal.SIGTERM]:
        signal.signal(ending, lambda number, _: sys.exit(f"ended by {signal.Signals(number).name}"))
    signal.alarm(LIMIT_SECONDS)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(arguments, Path(folder))
        results = {
            "machine": machine(),
            "seconds": arguments.seconds,
            "rounds": arguments.rounds,
            "start_seconds": start_times(bench),
            "kept_open": {"tepal": kept_open(bench.tepal), "bare axum": kept_open(bench.bare)},
            "against_bare": against_bare(bench),
            "against_python": against_python(bench),
        }
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(results, indent=1) + "\n")
    print(report.markdown(results))


def raise_file_limit():
    """The servers inherit it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4 * KEPT_OPEN
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))


if __name__ == "__main__":
    main()
