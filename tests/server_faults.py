"""The server at its limits, from another process: `make faults`.

10,000 clients that send a letter a second (fewer where the machine allows fewer open files), 100,000 malformed requests, bodies
of a gigabyte. Afterwards the server answers, has said no 500, and its memory is bounded. All on loopback, in half a minute.
"""

import asyncio
import json
import re
import resource
import shutil
import subprocess
import sys
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


def memory(pid):
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) * 1024


def request(body, head="POST /predict", length=None, more=""):
    length = len(body) if length is None else length
    return f"{head} HTTP/1.1\r\nHost: x\r\n{more}Content-Length: {length}\r\n\r\n".encode() + body


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
        writer.write(b"POST /predict HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
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


async def run(port, pid):
    await is_well(port)
    await malformed(port)
    await gigabytes(port, pid)
    await slow_clients(port, pid)
    await is_well(port)
    reader, writer = await connect(port)
    writer.write(b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    metrics = (await reader.read()).decode()
    assert 'status="500"' not in metrics, metrics
    assert memory(pid) < MEMORY_LIMIT, f"{memory(pid) >> 20} MB"
    print(f"memory at the end: {memory(pid) >> 20} MB")


def main():
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(ROOT / "tests/models/v1-iris.tepal", f"{folder}/iris.tepal")
        flags = ["--models", folder, "--port", "0", "--read-timeout", str(READ_TIMEOUT), "--connections", str(SLOW_CLIENTS + 100)]
        server = subprocess.Popen([sys.argv[1], *flags], stdout=subprocess.PIPE, text=True)
        try:
            port = int(re.search(r":(\d+)$", server.stdout.readline().strip())[1])
            asyncio.run(run(port, server.pid))
            assert server.poll() is None, "the server ended"
        finally:
            server.terminate()
            code = server.wait(30)
        assert code == 0, f"exit code {code}"
    print(json.dumps({"faults": "passed"}))


if __name__ == "__main__":
    main()
