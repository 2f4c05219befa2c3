"""Documents that together hold every object and every enumeration of the schemas, so that each is compared with the reader."""

DISTRIBUTIONS = [
    {"normal": {"mean": "80ms", "stddev": "10ms"}},
    {"lognormal": {"p50": "80ms", "p99": "400ms"}},
    {"exponential": {"mean": "80ms"}},
    {"pareto": {"min": "10ms", "alpha": 2}},
    {"mixture": [{"weight": 9, "of": {"uniform": ["10ms", "20ms"]}}, {"weight": 1, "of": "1s"}]},
    {"quantiles": {"p50": "80ms", "p99.9": "400ms"}},
]
COUNTS = [
    {"normal": {"mean": 80, "stddev": 10}},
    {"lognormal": {"p50": 80, "p99": 400}},
    {"exponential": {"mean": 80}},
    {"pareto": {"min": 10, "alpha": 2}},
    {"mixture": [{"weight": 9, "of": {"uniform": [10, 20]}}, {"weight": 1, "of": 5}]},
]
DRIFT = [
    {"linear": {"percent_per_hour": 10, "at": "1m"}},
    {"step": {"percent": 10}},
    {"ramp": {"percent": 10, "for": "1m"}},
    {"spike": {"percent": -10, "for": "1m"}},
]
FAULTS = [
    {"kind": "status", "status": 503, "body": {"x": 1}, "retry_after": 5, "headers": {"x-y": "z"}},
    {"kind": "error", "condition": "budget_exceeded", "message": "m", "retry_after": "5", "headers": {"x-y": "z"}},
    {"kind": "latency", "delay": "1s"},
    {"kind": "slow_headers", "delay": {"uniform": ["1s", "2s"]}},
    {"kind": "abort_before_headers"},
    {"kind": "reset_mid_stream", "after_tokens": 3},
    {"kind": "stream_error_event", "message": "m"},
    {"kind": "truncate_no_done"},
    {"kind": "stall", "after_tokens": 3, "duration": "5s"},
    {"kind": "malformed_chunk"},
    {"kind": "duplicate_chunk"},
    {"kind": "empty_content"},
    {"kind": "missing_usage"},
    {"kind": "wrong_content_type", "content_type": "text/html"},
    {"kind": "missing_finish_reason"},
    {"kind": "crlf_framing"},
    {"kind": "data_no_space"},
    {"kind": "split_utf8"},
    {"kind": "keepalive_only", "duration": "5s"},
]

GATEWAY = {
    "profile": "openai",
    "seed": 7,
    "listen": "127.0.0.1:0",
    "auth": {"keys": ["k"], "required": True},
    "models": {
        "m": {"owned_by": "o", "created": 1, "context_window": 4096, "max_output_tokens": 0, "reasoning": True, "latency": {"ttft": "1s"}, "tokens": {"output": 5}},
        **{f"d{i}": {"latency": {"ttft": each}} for i, each in enumerate(DISTRIBUTIONS)},
        **{f"c{i}": {"tokens": {"output": each}} for i, each in enumerate(COUNTS)},
        "*": {"tokens": {"content": {"fixed": "text"}}},
        "t": {"tokens": {"content": {"template": "${model}"}}},
        "f": {
            "tokens": {
                "content": {
                    "fixtures": [{"match": {"regex": "a+", "last_role": "user"}, "text": "A"}, {"template": "${prompt}"}],
                    "fallback": "echo",
                }
            }
        },
    },
    "latency": {
        "itl": 20, "prefill_per_token": "1ms", "cached_prefill_per_token": "0", "prefix_cache": {"block_tokens": 16},
        "other": "2ms", "drift": DRIFT,
    },
    "tokens": {"output": 50, "content": "echo", "tool_calls": {"probability": 0.5}},
    "rate_limits": {
        "rules": [
            {
                "name": "r", "key_by": ["model"], "algorithm": "gcra", "window_anchor": "calendar", "window": "1m",
                "requests": 5, "token_charge": "on_completion", "burst": 1.5,
            },
            {"key_by": "global", "max_parallel": 5},
        ],
        "headers": {"style": "kong", "reset": "unix", "on_success": True, "retry_after": "ms"},
    },
    "circuit_breaker": {
        "preset": "hystrix",
        "enabled": True,
        "scope": "model",
        "trip": {
            "mode": "time_window", "combine": "all", "evaluate_on": "failure", "failure_count": None, "slow_call": "5s",
            "slow_call_rate_percent": 50, "instant_trip_statuses": [429, "5xx", "501-503"],
        },
        "failure": {"statuses": ["5xx"], "stream_verdict": "end"},
        "open": {"duration": "5s", "backoff": "linear"},
        "half_open": {"success_threshold": 2},
        "ejection": {"max_percent": 50},
        "forced": "closed",
    },
    "overload": {
        "max_concurrency": 5, "discipline": "lifo", "when_full": "wait", "shed": "gradient", "codel": {"target": "5ms"},
        "gradient": {"min_limit": 2}, "server_model": {"batch": {"slots": 4}},
    },
    "timeouts": {"idle": "5s", "request": None, "ttft": "3s", "client_header": "x-litellm-timeout"},
    "retries": {"max": 2, "base": "50ms", "statuses": [429, "5xx"], "streams": True},
    "limits": {"max_connections": 5, "max_answer_tokens": 100},
    "errors": {
        "envelope": "kong",
        "circuit_open": {"status": 503, "type": None, "message": "{provider} is off", "headers": {"retry-after": "5"}},
        "upstream_5xx": {"status": "upstream", "envelope": {"oops": "{message}"}},
    },
    "streaming": {
        "commit_headers": "immediate", "pre_token_error": "in_band", "mid_stream_error": "close",
        "finish_reason_null": "omit", "usage": "never", "keepalive_comment": "", "obfuscation": True,
        "tool_call_start": "separate",
    },
    "requests": {
        "unknown_fields": "ignore", "checks": "none", "token_limits": "vllm", "sampling": "vllm", "content_encoding": "ignore",
    },
    "faults": [
        {"name": "named", "match": {"percent": 5}, "active": {"from": "1m", "for": "10s", "every": "1m", "ramp": "5s"}, "fault": FAULTS[0]},
        *({"fault": fault} for fault in FAULTS),
    ],
    "timeline": [{"name": "p", "at": "5m", "for": "1m", "set": {"health": {"status": "degraded"}, "faults": None}}],
    "health": {"status": "healthy", "source": "static", "style": "text"},
    "metrics": {"enabled": False, "path": "/m", "prefix": "llm_gateway_llm_gateway", "fill_all": False},
    "admin": {"enabled": True, "path": "/__admin", "hosts": ["mockgw"], "token": "s3cret"},
}

PROFILE = {
    "name": "mine",
    "extends": "kong",
    "errors": {"not_found": {"status": 404, "message": "{path}?", "envelope": "text"}},
    "streaming": {"usage": "last_chunk", "keepalive": "15s"},
    "headers": {"x-request-id": "{request_id}"},
    "rate_limit_headers": {"style": "none"},
    "required_header": {"name": "x-span", "format": "uuid", "message": "no span"},
    "success_envelope": {"result": "{completion}"},
    "requests": {"unknown_fields": "refuse", "checks": "openai", "token_limits": "none"},
    "short_paths": True,
    "key_header": "x-mine",
    "message_annotations": True,
    "cors": {
        "allow_origin": "https://a.example", "allow_methods": "POST", "allow_headers": "authorization", "vary": "origin",
        "max_age_seconds": 60, "status": 200, "body": "OK",
    },
    "health": "documented",
    "max_body_bytes": 1000,
    "circuit_breaker_preset": "envoy",
}

SUITE = {
    "name": "all-there-is",
    "options": {
        "scenarios": {
            "a": {"executor": "constant-vus", "vus": "2", "duration": "10000", "startTime": "1s", "env": {"X": "y"}},
            "b": {"executor": "ramping-vus", "stages": [{"duration": "10s", "target": 5}], "gracefulRampDown": "5s"},
            "c": {"executor": "shared-iterations", "iterations": 5, "vus": 2, "maxDuration": "1m"},
            "d": {"executor": "per-vu-iterations", "iterations": 5, "tags": {"t": "u"}},
            "e": {
                "executor": "constant-arrival-rate", "rate": 5, "timeUnit": "1s", "duration": "10s", "preAllocatedVUs": 2,
                "maxVUs": 5,
            },
            "f": {
                "executor": "ramping-arrival-rate", "startRate": 1, "stages": [{"duration": "10s", "target": 5}],
                "preAllocatedVUs": 2,
            },
            "g": {"executor": "poisson-arrival-rate", "rate": 5, "duration": "10s", "preAllocatedVUs": 2},
            "h": {
                "executor": "saturation-search", "startRate": 5, "maxRate": 50, "stepDuration": "10s", "growth": 2,
                "preAllocatedVUs": 2, "thresholds": {"http_req_failed": ["rate<0.01"]},
            },
            "i": {
                "executor": "constant-vus", "startTime": None, "gracefulStop": None, "env": None, "exec": None, "tags": None,
                "vus": None, "duration": "3s",
            },
            "j": {
                "executor": "ramping-arrival-rate", "startRate": None, "timeUnit": None, "maxVUs": None, "options": None,
                "stages": [{"duration": "10s", "target": 5}], "preAllocatedVUs": 2,
            },
        },
        "thresholds": {
            "http_req_failed": ["rate<0.05", {"threshold": "rate<0.5", "abortOnFail": True, "delayAbortEval": "5s"}]
        },
        "summaryTrendStats": ["avg", "p(95)"],
        "summaryTimeUnit": "ms",
        "dns": {"ttl": None, "select": None},
        "rps": None,
        "batch": 20,
        "systemTags": [
            "check", "error", "error_code", "expected_response", "group", "method", "name", "proto", "scenario", "service",
            "status", "subproto", "tls_version", "url",
        ],
        "totalDuration": "40s",
        "maxVUs": 30,
    },
    "setup": [{"http": {"path": "/health", "method": "GET", "headers": {"x": "y"}}}],
    "teardown": [{"http": {"path": "/x", "body": {"a": 1}}}],
    "flows": {
        "default": [
            {
                "chat": {
                    "prompt": {"one_of": ["hello", "bye"]}, "system": "s", "messages": [{"role": "user", "content": "x"}],
                    "model": {"one_of": ["gpt-4", "${MODEL}"]}, "stream": True, "include_usage": True, "max_tokens": None,
                    "temperature": 0, "headers": {"x": "y"}, "body": {"top_p": 1},
                },
                "name": "n",
                "tags": {"k": "v"},
                "timeout": "60s",
                "checks": {
                    "a": {"status": [200, 201], "duration": "< 15s", "sse": True, "body_contains": "x"},
                    "b": {"json": "/choices/0", "not_empty": True, "one_of": [1], "contains": "x"},
                    "c": {"header": "x", "equals": "y"},
                },
                "retry": {"attempts": 3, "statuses": [429]},
                "objectives": {"duration": "5s"},
                "expected_statuses": [404, "200-399"],
            },
            *({"chat": {"prompt": {"synthetic": {"tokens": count}}}} for count in [50, *COUNTS]),
            *({"sleep": each} for each in ["1s", *DISTRIBUTIONS]),
            {"group": {"name": "g", "steps": [{"sleep": "1s"}]}},
            {"repeat": {"times": 2, "steps": [{"sleep": "1s"}]}},
            {"pick": [{"weight": 2, "steps": [{"sleep": "1s"}]}, {"steps": [{"sleep": "1s"}]}]},
            {"abort": "enough"},
        ]
    },
    "network": {"latency": "1ms", "loss": 0.1, "partitions": [{"from": "5s", "for": "1s"}]},
}
NETWORK = {
    "$schema": "../schema/network.schema.json",
    "latency": DISTRIBUTIONS[4],
    "bandwidth_bytes_per_second": 1000,
    "loss": 0.1,
    "retransmit_delay": "200ms",
    "connect_failures": 0.1,
    "resets": 0.1,
    "short_reads": 0.1,
    "window_bytes": 1000,
    "partitions": [{"from": "5s", "for": "1s"}],
}
NETWORKS = [{"latency": each} for each in DISTRIBUTIONS]
SUITE_SHORTCUTS = {
    "options": {
        "vus": 2, "duration": "10s", "tags": {"a": "b"}, "maxRedirects": 0, "noSetup": True, "responseBytesMax": 1000,
        "dns": {"ttl": "5m", "select": "roundRobin", "policy": "preferIPv4"}, "tlsVersion": {"min": "tls1.2", "max": "tls1.3"},
        "throw": "true", "httpDebug": "headers", "hosts": {"a.test:80": "10.0.0.1"}, "blockHostnames": ["*.b.test"],
        "blacklistIPs": ["10.0.0.0/8"], "noCookiesReset": True, "stages": [], "paused": False, "noColor": True,
    },
    "flows": {"default": [{"sleep": "1s"}]},
}

# What each schema and its reader must refuse: where, and what is put there.
BROKEN_GATEWAYS = [
    (["latency", "ttft"], "80 ms"),
    (["latency", "ttft"], -1),
    (["latency", "ttft"], {"uniform": ["1s"]}),
    (["latency", "ttft"], {"normal": {"mean": "1s", "stddev": "1s"}, "exponential": {"mean": "1s"}}),
    (["latency", "ttft"], {"quantiles": {"p101": "1s"}}),
    (["latency", "drift", 1], {"step": {}}),
    (["tokens", "output"], -5),
    (["tokens", "content"], {"fixed": "a", "template": "b"}),
    (["tokens", "content"], {"fallback": "echo"}),
    (["tokens", "tool_calls", "probability"], 2),
    (["models", "f", "tokens", "content", "fixtures", 0, "match", "last_role"], "human"),
    (["models", "f", "tokens", "content", "fixtures", 1, "text"], "both"),
    (["models"], {}),
    (["seed"], -1),
    (["seed"], 1.5),
    (["listen"], "8080"),
    (["profile"], "no-such-profile"),
    (["rate_limits", "rules", 0, "key_by"], []),
    (["rate_limits", "rules", 0, "burst"], -1),
    (["circuit_breaker", "trip", "failure_rate_percent"], 101),
    (["circuit_breaker", "trip", "instant_trip_statuses"], ["6xx"]),
    (["circuit_breaker", "half_open", "success_threshold"], 0),
    (["circuit_breaker", "preset"], "none"),
    (["overload", "server_model"], "variable"),
    (["errors", "circuit_open", "status"], 199),
    (["errors", "circuit_open", "status"], "downstream"),
    (["errors", "envelope"], "paper"),
    (["streaming", "keepalive"], "soon"),
    (["streaming", "obfuscation"], "yes"),
    (["requests"], {"unknown_fields": False}),
    (["models", "m", "context_window"], -1),
    (["models", "m", "reasoning"], "high"),
    (["faults", 1, "fault"], {"kind": "status"}),
    (["faults", 1, "fault"], {"kind": "latency"}),
    (["faults", 1, "fault"], {"kind": "crlf_framing", "after_tokens": 1}),
    (["faults", 1, "fault", "status"], 600),
    (["faults", 0, "match", "every_nth"], 0),
    (["faults", 0, "match", "path"], "v1/models"),
    (["timeline", 0, "set", "listen"], "127.0.0.1:1"),
    (["timeline", 0, "set", "limits"], {}),
    (["timeline", 0], {"at": "5m"}),
    (["retries", "max"], -1),
    (["retries", "jitter"], 2),
    (["retries", "statuses"], ["6xx"]),
    (["limits", "max_connections"], 0),
    (["metrics", "path"], "metrics"),
    (["metrics", "prefix"], "a-b"),
    (["admin", "path"], "/admin/"),
    (["admin", "enabled"], "yes"),
    (["admin", "hosts"], ["mockgw:8080"]),
    (["admin", "token"], "two words"),
    (["limits", "max_answer_tokens"], 0),
]
BROKEN_PROFILES = [
    (["errors", "not_found", "status"], 700),
    (["errors", "not_found", "envelope"], "paper"),
    (["required_header"], {"format": "any"}),
    (["requests", "checks"], True),
    (["cors", "max_age_seconds"], 86401),
    (["cors", "status"], 404),
    (["cors"], True),
    (["message_annotations"], "yes"),
    (["headers"], {"x": 5}),
]
BROKEN_SUITES = [
    (["flows"], {}),
    (["flows", "default"], []),
    (["flows", "default", 0, "chat"], {}),
    (["flows", "default", 0, "sleep"], "1s"),
    (["flows", "default", 1], {"sleep": 1}),
    (["flows", "default", 0, "checks", "a", "status"], []),
    (["flows", "default", 0, "checks", "a"], {}),
    (["flows", "default", 0, "checks", "a::b"], {"status": 200}),
    (["flows", "default", 0, "checks", "a", "duration"], "fast"),
    (["flows", "default", 0, "checks", "b", "json"], "choices"),
    (["flows", "default", 0, "retry", "attempts"], 0),
    (["flows", "default", 0, "expected_statuses"], []),
    (["flows", "default", 0, "expected_statuses"], ["4xx"]),
    (["options", "dns"], {"select": "best"}),
    (["options", "dns"], {"ttl": "soon"}),
    (["flows", "default", 0, "chat", "body"], {"model": "x"}),
    (["flows", "default", 0, "chat"], {"system": "s", "prompt_suffix": "x"}),
    (["flows", "default", 0, "chat", "headers"], {"a b": "x"}),
    (["flows", "default", -1, "abort"], 5),
    (["setup", 0, "http"], {"method": "GET"}),
    (["setup", 0, "http", "method"], "get"),
    (["name"], ".hidden"),
    (["options", "scenarios", "a b"], {"executor": "constant-vus", "duration": "10s"}),
    (["options", "scenarios", "a", "vus"], 0),
    (["options", "scenarios", "a", "duration"], "10 s"),
    (["options", "scenarios", "a", "vus"], "two"),
    (["options", "rps"], "fast"),
    (["options", "scenarios", "a", "stages"], []),
    (["options", "scenarios", "b", "stages"], []),
    (["options", "scenarios", "e", "rate"], 0),
    (["options", "scenarios", "h", "growth"], 1),
    (["options", "scenarios", "i", "duration"], None),
    (["options", "rps"], -1),
    (["options", "paused"], True),
    (["options", "blacklistIPs"], ["10.0.0.1"]),
    (["options", "tlsVersion"], "tls2"),
    (["options", "thresholds", "http_req_failed", 1], {"abortOnFail": True}),
    (["network", "loss"], 2),
    (["network", "partitions", 0], {"from": "1s"}),
]
BROKEN_NETWORKS = [
    (["latency"], {"even": "1s"}),
    (["bandwidth_bytes_per_second"], -1),
    (["resets"], 2),
    (["window_bytes"], 0),
    (["partitions", 0], {"for": "1s"}),
]

EXPERIMENT = {
    "$schema": "../schema/experiment.schema.json",
    "name": "sample",
    "cases": [
        {
            "name": "one",
            "says": "Why.",
            "suite": "smoke",
            "gateway": {"faults": []},
            "network": {"loss": 0.1},
            "env": {"MODEL": "gpt-4"},
            "duration": "5s",
            "mutant": {"family": "status-500", "size": 100},
            "seed": 1,
            "seeds": 1,
            "expect": {"fail": ["http_req_failed"], "no_data": [], "noticed_within": "5s"},
        },
        {
            "name": "several",
            "suite": "smoke",
            "duration": "5s",
            "sweep": {"family": "status-500", "sizes": [0.1, 100]},
            "expect": {"fail": ["http_req_failed: rate<0.01"], "from": 100},
        },
        {"name": "sound", "suite": "smoke", "duration": "5s", "expect": {"pass": True}},
    ],
}
BROKEN_EXPERIMENTS = [
    (["cases", 0, "name"], 5),
    (["cases", 0, "seeds"], 0),
    (["cases", 0, "duration"], "soon"),
    (["cases", 1, "sweep", "sizes"], ["much"]),
    (["cases", 2, "expect"], "pass"),
]

MUTANTS = {
    "$schema": "../schema/mutant.schema.json",
    "families": [
        {
            "name": "one",
            "breaks": "Chats fail.",
            "gateway": {"faults": [{"match": {"percent": "<size>"}, "fault": {"kind": "status", "status": 500}}]},
            "network": {"loss": "<fraction>"},
            "range": [1, 100],
            "scale": "log",
            "unit": "%",
            "whole": False,
            "reference": 50,
            "duration_min": "5m",
            "requests_min": 100,
            "needs": ["streams"],
            "windows": [{"during": "last-third", "reference": 50}],
        }
    ],
}
BROKEN_MUTANTS = [
    (["families", 0, "name"], 5),
    (["families", 0, "range"], ["little", "much"]),
    (["families", 0, "scale"], "square"),
    (["families", 0, "needs"], ["patience"]),
    (["families", 0, "windows", 0, "during"], "night"),
]
