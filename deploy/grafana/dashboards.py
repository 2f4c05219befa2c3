#!/usr/bin/env python3
"""Writes the dashboards of this folder: one for each store, of the same panels. `--check` only compares.

A panel is said once, with its queries for both stores: Prometheus, where --out experimental-prometheus-rw writes, and InfluxDB
1.x, where --out influxdb does. What mockgw says of itself is Prometheus's in both.
"""

import json
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "dashboards"
STORES = {"prometheus": "Prometheus", "influxdb": "InfluxDB 1.x"}


def rate(metric, by="", where=""):
    """Per second, of a counter, in both languages."""
    selector = f'k6_{metric}_total{{{where}}}' if where else f"k6_{metric}_total"
    prom = f"sum{by and f' by ({by})'} (rate({selector}[$__rate_interval]))"
    tags = f', "{by}"' if by else ""
    condition = "".join(f" AND \"{part.split('=')[0]}\" = '{part.split('=')[1].strip(chr(34))}'" for part in filter(None, [where]))
    influx = (f'SELECT non_negative_derivative(cumulative_sum(sum("value")), 1s) FROM "{metric}" '
              f"WHERE $timeFilter{condition} GROUP BY time($__interval){tags} fill(none)")  # fmt: skip
    return prom, influx


def percentile(metric, percent):
    prom = f"max(k6_{metric}_p{percent})"
    influx = f'SELECT percentile("value", {percent}) FROM "{metric}" WHERE $timeFilter GROUP BY time($__interval) fill(none)'
    return prom, influx


def gauge(metric):
    influx = f'SELECT max("value") FROM "{metric}" WHERE $timeFilter GROUP BY time($__interval) fill(none)'
    return f"max(k6_{metric})", influx


def share(metric, bad, all_of):
    """Of 0 to 1. Prometheus has a rate by tag set as it is since the start; the share of now is that of two counters."""
    prom = f"sum(rate({bad}[$__rate_interval])) / (" + " + ".join(f"sum(rate({each}[$__rate_interval]))" for each in all_of) + ")"
    return prom, f'SELECT mean("value") FROM "{metric}" WHERE $timeFilter GROUP BY time($__interval) fill(none)'


def percentiles(metric):
    return [(f"p{percent}", *percentile(metric, percent)) for percent in (50, 95, 99)]


FAILED = share("http_req_failed", 'k6_http_reqs_total{expected_response="false"}', ["k6_http_reqs_total"])
SUCCESS = share("llm_success_rate", "k6_llm_requests_success_total", ["k6_llm_requests_success_total", "k6_llm_requests_error_total"])
SUCCESS = (SUCCESS[0].replace("+ sum(rate(k6_llm_requests_error_total[$__rate_interval]))",
                              "+ (sum(rate(k6_llm_requests_error_total[$__rate_interval])) or vector(0))"), SUCCESS[1])  # fmt: skip
# Times are seconds in Prometheus and milliseconds in InfluxDB.
TIME, COUNT, PER_SECOND, SHARE = "time", "short", "reqps", "percentunit"

# Title, unit, queries (legend, Prometheus, InfluxDB), the limit of the suite baseline (streaming, for streams): red above it, or
# below it where it is negative.
ROWS = [
    ("Load", [
        ("Virtual users", COUNT, [("running", *gauge("vus")), ("ready", *gauge("vus_max"))], None),
        ("Requests", PER_SECOND, [("{{status}}", *rate("http_reqs", "status"))], None),
        ("Iterations", PER_SECOND, [("ended", *rate("iterations")), ("dropped", *rate("dropped_iterations"))], None),
    ]),
    ("Thresholds, as the suites baseline and streaming have them", [
        ("Requests failed: rate<0.05", SHARE, [("failed", *FAILED)], 0.05),
        ("Chats that succeeded: rate>0.95", SHARE, [("succeeded", *SUCCESS)], -0.95),
        ("Request duration: p(95)<15000", TIME, [("p95", *percentile("http_req_duration", 95))], 15),
        ("First token: p(95)<5000", TIME, [("p95", *percentile("llm_time_to_first_token", 95))], 5),
    ]),
    ("Latency", [
        ("Request duration", TIME, percentiles("http_req_duration"), None),
        ("Response time of chats", TIME, percentiles("llm_response_time"), None),
    ]),
    ("Streams", [
        ("Time to the first token", TIME, percentiles("llm_time_to_first_token"), None),
        ("Time between tokens", TIME, percentiles("llm_inter_token_latency"), None),
        ("Time per output token", TIME, percentiles("llm_time_per_output_token"), None),
        ("Longest stall", TIME, percentiles("llm_stream_stall_max"), None),
        ("Tokens", "short", [("per second", *rate("llm_total_tokens"))], None),
    ]),
    ("Errors", [
        ("Chats that failed, by reason", PER_SECOND, [("{{reason}}", *rate("llm_requests_error", "reason"))], None),
        ("Streams that failed, by reason", PER_SECOND, [("{{reason}}", *rate("llm_streaming_errors", "reason"))], None),
        ("Requests failed, by error", PER_SECOND, [("{{error}}", *rate("http_reqs", "error", 'expected_response="false"'))], None),
    ]),
]  # fmt: skip
MOCKGW = ("mockgw", [
    ("Circuit breakers: 0 closed, 1 open, 2 half-open", COUNT, [("{{upstream}}", "max by (upstream) (mockgw_circuit_breaker_state)")]),
    ("Refused by breakers", PER_SECOND, [("{{upstream}}", "sum by (upstream) (rate(mockgw_circuit_breaker_refused_total[$__rate_interval]))")]),
    ("Limits: refused, by condition", PER_SECOND, [("{{condition}}", "sum by (condition) (rate(mockgw_errors_total[$__rate_interval]))")]),
    ("Slots and queue", COUNT, [("slots used", "sum(mockgw_slots_used)"), ("waiting", "sum(mockgw_queue_length)"),
                                ("in flight", "sum(mockgw_requests_in_flight)")]),
    ("Answers, by status", PER_SECOND, [("{{status}}", "sum by (status) (rate(mockgw_requests_total[$__rate_interval]))")]),
    ("Faults injected, by rule", PER_SECOND, [("{{rule}}", "sum by (rule) (rate(mockgw_faults_injected_total[$__rate_interval]))")]),
])  # fmt: skip


def prometheus_target(legend, query, ref):
    return {"refId": ref, "datasource": {"type": "prometheus", "uid": "prometheus"}, "expr": query, "legendFormat": legend}


def influx_target(legend, query, ref):
    alias = legend.replace("{{", "$tag_").replace("}}", "")
    return {"refId": ref, "datasource": {"type": "influxdb", "uid": "influxdb"}, "rawQuery": True, "query": query,
            "resultFormat": "time_series", "alias": alias}  # fmt: skip


def limit_steps(limit):
    if limit is None:
        return {"mode": "absolute", "steps": [{"color": "green", "value": None}]}
    first, then = ("green", "red") if limit > 0 else ("red", "green")
    return {"mode": "absolute", "steps": [{"color": first, "value": None}, {"color": then, "value": abs(limit)}]}


def panel(title, unit, targets, limit, place):
    return {
        "type": "timeseries",
        "title": title,
        "datasource": targets[0]["datasource"],
        "gridPos": place,
        "targets": targets,
        "fieldConfig": {
            "defaults": {
                "unit": unit,
                "min": 0,
                "thresholds": limit_steps(limit),
                "custom": {"showPoints": "auto", "spanNulls": True, "thresholdsStyle": {"mode": "off" if limit is None else "line+area"}},
            },
            "overrides": [],
        },
        "options": {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi"}},
    }


def rows_of(store):
    """(row's title, panels: title, unit, targets, limit)."""
    for title, panels in ROWS:
        made = []
        for name, unit, queries, limit in panels:
            is_time = unit == TIME
            targets = [prometheus_target(legend, prom, chr(65 + i)) if store == "prometheus" else influx_target(legend, influx, chr(65 + i))
                       for i, (legend, prom, influx) in enumerate(queries)]  # fmt: skip
            scale = 1000 if is_time and store == "influxdb" else 1
            shown = ("s" if store == "prometheus" else "ms") if is_time else unit
            made.append((name, shown, targets, None if limit is None else limit * scale))
        yield title, made
    title, panels = MOCKGW
    yield title, [(name, unit, [prometheus_target(*query, chr(65 + i)) for i, query in enumerate(queries)], None)
                  for name, unit, queries in panels]  # fmt: skip


def dashboard(store):
    panels = []
    y = 0
    for title, row in rows_of(store):
        panels.append({"type": "row", "title": title, "collapsed": False, "panels": [], "gridPos": {"x": 0, "y": y, "w": 24, "h": 1}})
        width = 24 // min(len(row), 3)
        y += 1
        for i, (name, unit, targets, limit) in enumerate(row):
            place = {"x": i % 3 * width, "y": y + i // 3 * 8, "w": width, "h": 8}
            panels.append(panel(name, unit, targets, limit, place))
        y += (len(row) + 2) // 3 * 8
    for number, each in enumerate(panels, 1):
        each["id"] = number
    return {
        "uid": f"llm-load-lab-{store}",
        "title": f"LLM load test ({STORES[store]})",
        "tags": ["llm-load-lab"],
        "schemaVersion": 39,
        "editable": True,
        "refresh": "5s",
        "time": {"from": "now-15m", "to": "now"},
        "panels": panels,
    }


def main():
    is_check = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not is_check:
        sys.exit("usage: dashboards.py [--check]")
    for store in STORES:
        path = FOLDER / f"{store}.json"
        text = json.dumps(dashboard(store), indent=1) + "\n"
        if not is_check:
            path.write_text(text)
        elif path.read_text() != text:
            sys.exit(f"{path} is not what dashboards.py writes: run it, and read the difference")


if __name__ == "__main__":
    main()
