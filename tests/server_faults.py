"""The server at its limits, from another process: `make faults`, and `make soak` for some minutes of load.

It has 64 MiB for iris, and 128 MiB for a model of many classes, in a control group where the machine allows one. 100,000 hostile
requests of all kinds, heads and bodies that do not end, 10,000 slow connections, bodies of a gigabyte. Meanwhile and afterwards
it answers: no kill, no 500, and 30 ordinary clients get all their rows. All on loopback, in some minutes.

    python3 tests/server_faults.py SERVER --tepal TEPAL     # that
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

from memory_limit import Limited

ROOT = Path(__file__).parents[1]
# Each is an open file, here and in the server; some files are open anyway.
SLOW_CLIENTS = min(10_000, resource.getrlimit(resource.RLIMIT_NOFILE)[1] - 500)
MALFORMED = 100_000
READ_TIMEOUT = 5
# What the manifests of deploy/ allow, and half of it.
LIMIT = 128 << 20
SMALL_LIMIT = 64 << 20
SOAK_LIMIT = LIMIT
ORDINARY_CLIENTS = 30
ORDINARY_ROWS = 20_000
ORDINARY_SECONDS = 60
GOOD = b'{"data":[5.1,3.5,1.4,0.2]}'
NAMES = "sepal length (cm),sepal width (cm),petal length (cm),petal width (cm)\n"
# The soak: clients, and bounds of what they send and of what the server may gain from the second third to the last.
SOAK_CLIENTS = 8
SOAK_REQUESTS = 5_000_000
SOAK_GROWTH = 8 << 20
SAMPLE_SECONDS = 1
CLASSES = 500


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


async def is_well(port, patience=0):
    """A row is answered. Under attack it may be told to come again, for some seconds."""
    end = time.monotonic() + patience
    while True:
        try:
            reader, writer = await connect(port)
            writer.write(request(GOOD))
            code = await status(reader)
            writer.close()
        except (OSError, asyncio.TimeoutError):
            code = 0
        if code == 200 or time.monotonic() >= end:
            assert code == 200, code
            return
        assert code in {0, 503}, code
        await asyncio.sleep(0.2)


async def lives(port):
    """What a supervisor asks: always answered, whatever others do."""
    reader, writer = await connect(port)
    writer.write(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    code = await status(reader)
    writer.close()
    assert code == 200, f"/healthz: {code}"


async def slow_clients(port, server):
    """Each sends a head letter by letter. Those that the server has no place for are closed for later ones."""
    clients = []
    for number in range(SLOW_CLIENTS):
        try:
            clients.append(await connect(port))
        except (OSError, asyncio.TimeoutError):
            break
        if number % 1000 == 0:
            await lives(port)
    letters = request(GOOD, more="X-Slow: yes\r\n")
    begin = time.monotonic()
    for letter in letters[: READ_TIMEOUT + 3]:
        for _, writer in clients:
            if not writer.is_closing():
                writer.write(bytes([letter]))
        await lives(port)
        await is_well(port, patience=5)
        await asyncio.sleep(1)
    ended = await asyncio.gather(*(status(reader) for reader, _ in clients))
    for _, writer in clients:
        writer.close()
    seconds = time.monotonic() - begin
    assert len(clients) == SLOW_CLIENTS, f"only {len(clients)} could connect"
    assert set(ended) <= {0, 400, 408}, set(ended)
    assert seconds < 60, f"{seconds:.0f} s"
    print(f"  {len(clients)} slow clients: all ended after {seconds:.0f} s")
    server.check()


def hostile(model):
    """Requests that are wrong in many ways, and requests that are large, in the ratio of their use to an attacker."""
    predict, v1, v2 = "POST /predict", f"POST /v1/models/{model}:predict", f"POST /v2/models/{model}/infer"
    explain = f"POST /v1/models/{model}:explain"
    mlflow, json_type = "POST /invocations", "Content-Type: application/json\r\n"
    ndjson, csv = "Content-Type: application/x-ndjson\r\n", "Content-Type: text/csv\r\n"
    bodies = [
        b"", b"{", b"[NaN", b"null", b"[]", b"{}", b'{"data":[1]}', b'{"data":[[1,2,3,4]]}', b'{"rows":[{"a":{}}]}', b'{"rows":[]}',
        b'{"inputs":[{}]}', b'{"instances":[]}', b'{"instances":[[1e400]]}', b"\xff\xfe", b'{"data":[1,2,3,"\xc3"]}',
        b'{"data":' + b"[" * 500, b'{"dataframe_split":{"columns":["a","a"],"data":[[1,2]]}}', b'{"inputs":{"x":[[1,2],[3]]}}',
        b'{"rows":[{"sepal length (cm)":1,"sepal length (cm)":2}]}', b'{"data":[1],"data":[1]}', b'[null,[1,2,3,4],null]',
    ]
    small = [request(body, head, more=more) for body in bodies for head, more in ((predict, ""), (v1, ""), (v2, ""), (mlflow, json_type))]
    small += [
        request(GOOD, "POST /predict/none"), request(b"", "PUT /predict"), request(GOOD, "GET /.%2e/etc/passwd"),
        request(GOOD, more="Content-Encoding: gzip\r\n"), request(GOOD).replace(b"localhost", b"evil.example"),
        request(b"", "GET /" + "a" * 9000), request(b"x", more=csv), request(b"", more=csv),
    ]
    many = lambda item, count: b",".join([item] * count)
    nested = b'{"parameters":{"x":' + b'{"a":' * 90 + many(b"[[],{}]", 200_000)[:1_900_000] + b"}" * 90 + b'},"inputs":[]}'
    large = [
        request(b'{"instances":[' + many(b"[1]", 400_000) + b"]}", explain),
        request(b'{"instances":[' + many(b"[5,3,1,1]", 100_000) + b"]}", explain),
        request(b'{"instances":[' + many(b"[5,3,1,1]", 100_000) + b"],\"signature_name\":\"contributions\"}", v1),
        request(b'{"data":[' + many(b"1", 1_000_000) + b"]}", predict),
        request(b'{"instances":[' + many(b"[]", 600_000) + b"]}", v1),
        request(b'{"instances":[' + many(b'"\\n"', 300_000) + b"]}", v1),
        request(b'{"inputs":{"x":[' + many(b'"\\n"', 300_000) + b"]}}", v1),
        request(b'{"dataframe_split":{"data":[' + many(b"[[]]", 300_000) + b"]}}", mlflow, more=json_type),
        request(nested, v2),
        request(b'{"inputs":[' + many(b'{"name":"x","shape":[1],"datatype":"FP64","data":[1]}', 30_000) + b"]}", v2),
        request(b'{"inputs":[{"name":"x","shape":[250000,4],"datatype":"FP64","data":[' + many(b"1", 1_000_000) + b"]}]}", v2),
        request(b"[5,3,1,1]\n" * 150_000, more=ndjson),
        request(NAMES.encode() + b"5,3,1,1\n" * 200_000, more=csv),
        request(b"", f"GET /v2/models/{model}"), request(b"", "GET /openapi.json"), request(b"", "GET /model"),
    ]
    return small, large


async def attack(port, model, number, server, large_every):
    """On some connections at once; an answer is a 4xx, rows, or a 503 with the time to come again."""
    small, large = hostile(model)
    counts, statuses = {}, {200, 503} | set(range(400, 500))

    async def some(own):
        reader, writer = await connect(port)
        for index in range(number // 16):
            turn = own * (number // 16) + index
            data = large[turn // large_every % len(large)] if turn % large_every == 0 else small[turn % len(small)]
            try:
                writer.write(data)
                # Some leave before they are answered, and some never read.
                if turn % large_every == 0 and turn // large_every % 5 == 4:
                    await asyncio.sleep(0.01)
                    raise ConnectionError
                code = await chunked_or_sized(reader)
            except (asyncio.IncompleteReadError, ConnectionError):
                code = 0
            counts[code] = counts.get(code, 0) + 1
            if code == 0 or turn % large_every == 0 or len(data) > 8000:
                writer.close()
                reader, writer = await connect(port)
        writer.close()

    async def probe(attackers):
        while not attackers.done():
            await lives(port)
            await asyncio.sleep(0.5)

    attackers = asyncio.gather(*(some(own) for own in range(16)))
    await asyncio.gather(attackers, probe(attackers))
    assert set(counts) <= statuses | {0}, counts
    print(f"  {sum(counts.values())} hostile requests: {dict(sorted(counts.items()))}")
    server.check()


async def unfinished(port, server):
    """Heads and bodies that are sent almost whole, and then nothing: their memory is bounded, and others find a place."""
    head = b"POST /predict HTTP/1.1\r\nHost: localhost\r\n" + b"X-A: " + b"a" * 15_000
    body = b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000000\r\n\r\n" + b" " * 1_900_000
    for data, count in ((head, 2000), (body, 200)):
        writers = []
        for number in range(count):
            try:
                _, writer = await connect(port)
                writers.append(writer)
                writer.write(data)
                if number % 20 == 0:
                    await asyncio.wait_for(writer.drain(), 20)
                    await lives(port)
            except (OSError, asyncio.TimeoutError):
                pass
        await lives(port)
        server.check()
        for writer in writers:
            writer.close()
        await is_well(port, patience=READ_TIMEOUT + 5)
    print("  2000 unfinished heads of 15 KB, 200 unfinished bodies of 2 MB: others were answered")


async def gigabytes(port, server):
    """Bodies that say that they are a gigabyte, and bodies that do not say and are."""
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
    server.check()
    print("  bodies of a gigabyte: refused")


async def ordinary(port, server, named, count, rows):
    """Clients that send rows as they may, and come again when they are told to: each gets all of its rows."""
    row = json.dumps(named).encode()
    table = (",".join(f'"{name}"' for name in named) + "\n" + (",".join(map(str, named.values())) + "\n") * rows).encode()
    kinds = [
        (request(b'{"rows":[' + b",".join([row] * rows) + b"]}"), lambda text: text.count(b'"prediction"')),
        (request(table, more="Content-Type: text/csv\r\n"), lambda text: text.count(b"\n") - 1),
        (request((row + b"\n") * rows, more="Content-Type: application/x-ndjson\r\n"), lambda text: text.count(b"\n")),
    ]
    begin, again = time.monotonic(), 0

    async def client(number):
        nonlocal again
        data, count_rows = kinds[number % len(kinds)]
        while True:
            try:
                reader, writer = await connect(port)
                # It reads while it sends, as a stream needs it.
                sending = asyncio.ensure_future(send(writer, data))
                code, text = await whole(reader)
                sending.cancel()
                writer.close()
            except (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError):
                code, text = 0, b""
            if code == 200 and count_rows(text) == rows and b'"unavailable"' not in text:
                return
            assert code in {0, 200, 503}, f"{code}: {text[:300]}"
            assert time.monotonic() - begin < ORDINARY_SECONDS, f"client {number} has not got its rows: {code}, {text[-300:]}"
            again += 1
            await asyncio.sleep(1)

    await asyncio.gather(*(client(number) for number in range(count)))
    seconds = time.monotonic() - begin
    assert seconds < ORDINARY_SECONDS, f"{seconds:.0f} s"
    print(f"  {count} clients of {rows} rows: all answered in {seconds:.1f} s, told to come again {again} times")
    server.check()


async def send(writer, data):
    try:
        for at in range(0, len(data), 1 << 16):
            writer.write(data[at : at + (1 << 16)])
            await writer.drain()
    except ConnectionError:
        pass


async def whole(reader):
    """The status of an answer, and its body."""
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 60)
    body = b""
    if length := re.search(rb"content-length: (\d+)", head):
        body = await asyncio.wait_for(reader.readexactly(int(length[1])), 60)
    elif b"transfer-encoding: chunked" in head:
        parts = []
        while size := int(await asyncio.wait_for(reader.readuntil(b"\r\n"), 60), 16):
            parts.append((await reader.readexactly(size + 2))[:-2])
        await reader.readexactly(2)
        body = b"".join(parts)
    return int(head.split()[1]), body


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
        (request(tensor, "POST /v2/models/model/infer"), {200}),
        (request(f'{{"instances":[{row}]}}'.encode(), "POST /v1/models/model:predict"), {200}),
        (request(table, more="Content-Type: text/csv\r\n"), {200}),
        (request(b"[NaN"), {400}),
        (request(GOOD, "POST /predict/none"), {404}),
        (request(b"", "GET /metrics"), {200}),
        (request(b"", "GET /openapi.json"), {200}),
    ]


async def chunked_or_sized(reader):
    """The status of an answer with a length or in chunks, whose body is read."""
    code, _ = await whole(reader)
    return code


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
            os.replace(models / "next", models / "model.tepal")
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


async def end(port):
    """It is well, and has said no 500."""
    await is_well(port, patience=READ_TIMEOUT + 5)
    reader, writer = await connect(port)
    writer.write(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    metrics = (await reader.read()).decode()
    writer.close()
    assert 'status="500"' not in metrics, metrics
    used = int(re.search(r"^tepal_memory_used_bytes (\d+)", metrics, re.M)[1])
    assert used < 1 << 20, f"{used} bytes are still reserved"


def serve(binary, model, limit, steps, flags=()):
    """Runs steps against a server with a limit on its memory."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(model, f"{folder}/model.tepal")
        command = [binary, "--models", folder, "--port", "0", "--read-timeout", str(READ_TIMEOUT), *flags]
        # A control group says its own limit; without one, the server is told what it would have found.
        server = Limited([*command, "--memory", str(limit // 2)], limit, stdout=subprocess.PIPE, text=True)
        print(f"{model.name}, {limit >> 20} MiB by {server.kind}")
        try:
            port = int(re.search(r":(\d+)$", server.process.stdout.readline().strip())[1])
            asyncio.run(steps(port, server, Path(folder)))
            server.check()
            print(f"  peak: {server.peak() / 2**20:.1f} MiB")
        finally:
            server.process.terminate()
            code = server.process.wait(30)
            server.close()
        assert code == 0, f"exit code {code}"


def many_classes(tepal, folder, classes):
    """A model of many classes, of one feature: an answer is many times as long as its row."""
    rows = "".join(f"{at},c{at:05}\n" for at in range(classes) for _ in range(2))
    (folder / "table.csv").write_text("x,y\n" + rows)
    command = [tepal, "train", folder / "table.csv", "--target", "y", "--l2", "1", "-o", folder / "many.tepal"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return folder / "many.tepal"


def main():
    parser = argparse.ArgumentParser(description="The server at its limits, or under load for some minutes.")
    parser.add_argument("server", help="the binary")
    parser.add_argument("--tepal", help="the command line, which trains the model of many classes")
    parser.add_argument("--soak", type=float, default=0, metavar="MINUTES", help="load for so long instead")
    arguments = parser.parse_args()
    assert 0 <= arguments.soak <= 60, "a soak takes an hour at most"
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    iris = ROOT / "tests/models/v4-iris.tepal"
    row = dict(zip(NAMES.strip().split(","), [5.1, 3.5, 1.4, 0.2]))

    async def faults(port, server, _):
        await is_well(port)
        await attack(port, "model", MALFORMED, server, 250)
        await gigabytes(port, server)
        await unfinished(port, server)
        await slow_clients(port, server)
        await ordinary(port, server, row, ORDINARY_CLIENTS, ORDINARY_ROWS)
        await end(port)

    async def wide(port, server, _):
        await attack(port, "model", 2000, server, 20)
        await ordinary(port, server, {"x": 5}, 6, 200)

    async def load(port, server, folder):
        await is_well(port)
        await soak(port, server.process.pid, folder, arguments.soak)
        await end(port)

    if arguments.soak:
        serve(arguments.server, iris, SOAK_LIMIT, load)
    else:
        serve(arguments.server, iris, SMALL_LIMIT, faults, ["--connections", str(SLOW_CLIENTS + 100)])
        with tempfile.TemporaryDirectory() as folder:
            serve(arguments.server, many_classes(arguments.tepal, Path(folder), CLASSES), LIMIT, wide)
    print(json.dumps({"soak" if arguments.soak else "faults": "passed"}))


if __name__ == "__main__":
    main()
