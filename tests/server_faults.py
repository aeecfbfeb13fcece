"""The server at its limits, from another process: `make faults`, and `make soak` for some minutes of load.

10,000 clients that send a letter a second (fewer where the machine allows fewer open files), 100,000 malformed requests, bodies
of a gigabyte. Afterwards the server answers, has said no 500, and its memory is bounded. All on loopback, in half a minute.

    python3 tests/server_faults.py SERVER                   # that
    python3 tests/server_faults.py SERVER --soak MINUTES    # the load instead, during which memory must not grow
"""

import argparse
import asyncio
import itertools
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
# Each is an open file, here and in the server; some files are open anyway.
SLOW_CLIENTS = min(10_000, resource.getrlimit(resource.RLIMIT_NOFILE)[1] - 500)
MALFORMED = 100_000
READ_TIMEOUT = 5
MEMORY_LIMIT = 400 << 20
GOOD = b'{"data":[5.1,3.5,1.4,0.2]}'
NAMES = "sepal length (cm),sepal width (cm),petal length (cm),petal width (cm)\n"
# The soak: clients, and bounds of what they send and of what the server may gain from the second third to the last.
SOAK_CLIENTS = 8
SOAK_REQUESTS = 5_000_000
SOAK_GROWTH = 8 << 20
SAMPLE_SECONDS = 1


def memory(pid):
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) * 1024


def request(body, head="POST /predict", length=None, more=""):
    length = len(body) if length is None else length
    return f"{head} HTTP/1.1\r\nHost: localhost\r\n{more}Content-Length: {length}\r\n\r\n".encode() + body


async def connect(port):
    return await asyncio.wait_for(asyncio.open_connection("127.0.0.1", port), 20)


async def status(reader):
    """The status of an answer, whose body is read; 0 when the connection ends without one."""
    try:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 20)
        length = re.search(rb"content-length: (\d+)", head)
        await reader.readexactly(int(length[1]) if length else 0)
        return int(head.split()[1])
    except (asyncio.IncompleteReadError, ConnectionError):
        return 0


async def is_well(port):
    reader, writer = await connect(port)
    writer.write(request(GOOD))
    assert await status(reader) == 200
    writer.close()


async def slow_clients(port, pid):
    """Each sends a head letter by letter, and is ended by the server."""
    clients = []
    for _ in range(SLOW_CLIENTS):
        try:
            clients.append(await connect(port))
        except (OSError, asyncio.TimeoutError):
            break
    peak = memory(pid)
    letters = request(GOOD, more="X-Slow: yes\r\n")
    begin = time.monotonic()
    for letter in letters[: READ_TIMEOUT + 3]:
        for _, writer in clients:
            if not writer.is_closing():
                writer.write(bytes([letter]))
        peak = max(peak, memory(pid))
        await is_well(port)
        await asyncio.sleep(1)
    ended = await asyncio.gather(*(status(reader) for reader, _ in clients))
    for _, writer in clients:
        writer.close()
    seconds = time.monotonic() - begin
    assert len(clients) == SLOW_CLIENTS, f"only {len(clients)} could connect"
    assert set(ended) <= {0, 400, 408}, set(ended)
    assert seconds < 60, f"{seconds:.0f} s"
    print(f"{len(clients)} slow clients: all ended after {seconds:.0f} s, {peak >> 20} MB at most")


async def malformed(port):
    """On a few connections, one after the other; every one is answered by a 4xx."""
    bodies = [b"", b"{", b"[NaN", b'{"data":[1]}', b'{"rows":[{"a":{}}]}', b'{"inputs":[{}]}', b"\xff\xfe", b'{"data":' + b"[" * 500]
    heads = ["POST /predict", "POST /v2/models/iris/infer", "POST /v1/models/iris:predict", "POST /predict/none", "PUT /predict"]
    counts = {}

    async def some(number):
        reader, writer = await connect(port)
        for index in range(number):
            writer.write(request(bodies[index % len(bodies)], heads[index % len(heads)]))
            code = await status(reader)
            counts[code] = counts.get(code, 0) + 1
            if code == 0:
                reader, writer = await connect(port)
        writer.close()

    await asyncio.gather(*(some(MALFORMED // 16) for _ in range(16)))
    assert all(400 <= code < 500 for code in counts), counts
    print(f"{sum(counts.values())} malformed requests: {dict(sorted(counts.items()))}")


async def gigabytes(port, pid):
    """Bodies that say that they are a gigabyte, and bodies that do not say and are."""
    before = memory(pid)
    for _ in range(20):
        reader, writer = await connect(port)
        writer.write(request(b" " * 100_000, length=1 << 30))
        code = await status(reader)
        assert code == 413, code
        writer.close()
    part = b"100000\r\n" + b" " * (1 << 20) + b"\r\n"
    codes = set()
    for _ in range(5):
        reader, writer = await connect(port)
        writer.write(b"POST /predict HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
        try:
            for _ in range(1024):
                writer.write(part)
                await asyncio.wait_for(writer.drain(), 20)
        except ConnectionError:
            pass
        codes.add(await status(reader))
        writer.close()
    assert codes <= {0, 413}, codes
    grown = memory(pid) - before
    assert grown < 64 << 20, f"{grown >> 20} MB more"
    print(f"bodies of a gigabyte: refused, {grown / 2**20:.0f} MB more")


def soak_mix():
    """Requests and the statuses that they may get: rows of all sizes and formats, mistakes, and what monitors ask for."""
    row = GOOD[8:-1].decode()
    named = json.dumps(dict(zip(NAMES.strip().split(","), json.loads(row))))
    rows = f'{{"rows":[{",".join([named] * 1000)}]}}'.encode()
    table = (NAMES + "5.1,3.5,1.4,0.2\nx,2.7,5.1,1.6\n" * 2000).encode()
    tensor = f'{{"inputs":[{{"name":"x","shape":[1,4],"datatype":"FP64","data":{row}}}]}}'.encode()
    large = request(rows), {200}
    one = request(GOOD), {200}
    return [
        *[one] * 20,
        large,
        (request(tensor, "POST /v2/models/iris/infer"), {200}),
        (request(f'{{"instances":[{row}]}}'.encode(), "POST /v1/models/iris:predict"), {200}),
        (request(table, more="Content-Type: text/csv\r\n"), {200}),
        (request(b"[NaN"), {400}),
        (request(GOOD, "POST /predict/none"), {404}),
        (request(b"", "GET /metrics"), {200}),
        (request(b"", "GET /openapi.json"), {200}),
    ]


async def chunked_or_sized(reader):
    """The status of an answer with a length or in chunks, whose body is read."""
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 20)
    if length := re.search(rb"content-length: (\d+)", head):
        await reader.readexactly(int(length[1]))
    elif b"transfer-encoding: chunked" in head:
        while size := int(await reader.readuntil(b"\r\n"), 16):
            await reader.readexactly(size + 2)
        await reader.readexactly(2)
    return int(head.split()[1])


async def soak(port, pid, models, minutes):
    """Load for some minutes, another model file every five seconds, and the memory once a second."""
    mix = soak_mix()
    end = time.monotonic() + 60 * minutes
    sent = 0

    async def client(number):
        nonlocal sent
        reader, writer = await connect(port)
        turn = number
        while time.monotonic() < end and sent < SOAK_REQUESTS:
            data, allowed = mix[turn % len(mix)]
            writer.write(data)
            await writer.drain()
            code = await chunked_or_sized(reader)
            assert code in allowed, f"{code} instead of {allowed} for {data[:200]}"
            turn += 1
            sent += 1
            # Some connections are old, most are new.
            if turn % (50 * (number + 1)) == 0:
                writer.close()
                reader, writer = await connect(port)
        writer.close()

    async def replace_model():
        for version in itertools.cycle(["v2-iris", "v1-iris"]):
            if time.monotonic() >= end:
                break
            shutil.copy(ROOT / f"tests/models/{version}.tepal", models / "next")
            os.replace(models / "next", models / "iris.tepal")
            await asyncio.sleep(min(5, max(0, end - time.monotonic())))

    samples = []

    async def watch():
        while time.monotonic() < end:
            samples.append(memory(pid))
            await asyncio.sleep(SAMPLE_SECONDS)

    await asyncio.gather(watch(), replace_model(), *(client(number) for number in range(SOAK_CLIENTS)))
    third = len(samples) // 3
    assert third >= 3, f"only {len(samples)} samples; soak longer"
    # The first third warms pools and caches up.
    before, after = statistics.median(samples[third : 2 * third]), statistics.median(samples[-third:])
    print(f"{sent} requests in {minutes:g} minutes; memory {before / 2**20:.1f} MB, then {after / 2**20:.1f} MB")
    assert after - before < SOAK_GROWTH, f"memory grew by {(after - before) / 2**20:.1f} MB"


async def run(port, pid, models, minutes):
    await is_well(port)
    if minutes:
        await soak(port, pid, models, minutes)
    else:
        await malformed(port)
        await gigabytes(port, pid)
        await slow_clients(port, pid)
    await is_well(port)
    reader, writer = await connect(port)
    writer.write(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    metrics = (await reader.read()).decode()
    assert 'status="500"' not in metrics, metrics
    assert memory(pid) < MEMORY_LIMIT, f"{memory(pid) >> 20} MB"
    print(f"memory at the end: {memory(pid) >> 20} MB")


def main():
    parser = argparse.ArgumentParser(description="The server at its limits, or under load for some minutes.")
    parser.add_argument("server", help="the binary")
    parser.add_argument("--soak", type=float, default=0, metavar="MINUTES", help="load for so long instead")
    arguments = parser.parse_args()
    assert 0 <= arguments.soak <= 60, "a soak takes an hour at most"
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(ROOT / "tests/models/v1-iris.tepal", f"{folder}/iris.tepal")
        flags = ["--models", folder, "--port", "0", "--read-timeout", str(READ_TIMEOUT), "--connections", str(SLOW_CLIENTS + 100)]
        server = subprocess.Popen([arguments.server, *flags], stdout=subprocess.PIPE, text=True)
        try:
            port = int(re.search(r":(\d+)$", server.stdout.readline().strip())[1])
            asyncio.run(run(port, server.pid, Path(folder), arguments.soak))
            assert server.poll() is None, "the server ended"
        finally:
            server.terminate()
            code = server.wait(30)
        assert code == 0, f"exit code {code}"
    print(json.dumps({"soak" if arguments.soak else "faults": "passed"}))


if __name__ == "__main__":
    main()
