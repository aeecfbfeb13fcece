"""What load.py measured, as Markdown, beside the aims: python report.py target/bench/server.json"""

import json
import statistics
import sys

LEAST_OF_BARE = 0.8
LEAST_OF_PYTHON = 30
MOST_MEGABYTES = 30
MOST_START_MS = 50


def table(head, rows):
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def milliseconds(microseconds):
    return f"{microseconds / 1000:.2f}"


def loads(results):
    """A line for each server in each comparison."""
    for result in [*results["against_bare"], results["against_python"]]:
        for name, found in result["servers"].items():
            ratio = result["ratios"].get(name)
            yield [
                name,
                result["connections"],
                result["rows"],
                f"{found['rate']:,.0f}",
                milliseconds(found["p50"]),
                milliseconds(found["p99"]),
                f"{ratio:.2f}" if ratio else "",
                found["socket_errors"] or "",
            ]


def servers(results):
    for name, found in results["against_python"]["servers"].items():
        yield [name, f"{found['ready_seconds'] * 1000:,.0f}", f"{found['memory']:.1f}"]


def aims(results):
    """What was aimed at, what was found, and whether it is met."""
    for result in results["against_bare"]:
        ratio = result["ratios"]["bare axum"]
        what = f"requests/s of bare axum, {result['connections']} connections, {result['rows']} rows"
        yield what, f"≥ {LEAST_OF_BARE}", f"{ratio:.2f}", ratio >= LEAST_OF_BARE
    python = results["against_python"]
    for name, ratio in python["ratios"].items():
        if name == "bare axum":
            continue
        yield f"requests/s of {name}", f"≥ {LEAST_OF_PYTHON}", f"{ratio:.1f}", ratio >= LEAST_OF_PYTHON
        ours, theirs = python["servers"]["tepal"]["p99"], python["servers"][name]["p99"]
        yield f"p99 beside {name}, ms", f"< {milliseconds(theirs)}", milliseconds(ours), ours < theirs
    kept = results["kept_open"]["tepal"]
    what = f"memory with {kept['open']:,} connections open, MB"
    yield what, f"< {MOST_MEGABYTES}", f"{kept['after']:.1f}", kept["after"] < MOST_MEGABYTES and kept["open"] >= 1000
    start = statistics.median(results["start_seconds"]) * 1000
    yield "from the spawn to ready with ten models, ms", f"< {MOST_START_MS}", f"{start:.1f}", start < MOST_START_MS


def markdown(results):
    machine = results["machine"]
    kept = results["kept_open"]["bare axum"]
    parts = [
        f"{machine['processor']}, {machine['cores']} cores; wrk with one thread on the same machine, runs of "
        f"{results['seconds']} s, medians of {results['rounds']} rounds in turn. The ratio is tepal's rate by the line's.",
        table(
            ["server", "connections", "rows", "requests/s", "p50 ms", "p99 ms", "ratio", "socket errors"],
            loads(results),
        ),
        table(["server", "ready after ms", "memory after load, MB"], servers(results)),
        f"Bare axum has {kept['after']:.1f} MB with {kept['open']:,} connections open.",
        table(
            ["aim", "wanted", "found", "met"],
            [[*line, "yes" if met else "**no**"] for *line, met in aims(results)],
        ),
    ]
    return "\n\n".join(parts)


if __name__ == "__main__":
    with open(sys.argv[1]) as file:
        print(markdown(json.load(file)))
