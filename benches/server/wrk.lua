-- Posts the file that BODY names, as JSON. The last line says in JSON what was measured; times are in microseconds.

local file = assert(io.open(assert(os.getenv("BODY"), "BODY names the file to post"), "rb"))

wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = file:read("*a")
file:close()

function done(summary, latency, requests)
  local errors = summary.errors
  if errors.status > 0 then
    print(errors.status .. " answers with another status than 2xx or 3xx")
  end
  print(string.format(
    '{"requests": %d, "duration": %d, "p50": %d, "p99": %d, "status": %d, "socket": %d}',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout
  ))
end
