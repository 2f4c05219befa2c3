// The official client against every profile: it must see the error class, message, retries and headers that the profile's
// file promises. GATEWAYS is {profile: {url, limited_url}}; at limited_url each key has one request an hour. At url the
// header x-test-fault, a status or one of CONDITIONS, makes the upstream answer so, or brings that condition about.
// PROFILES is the folder of the files.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import OpenAI from "openai";

const gateways = JSON.parse(process.env.GATEWAYS);
const conditions = JSON.parse(process.env.CONDITIONS);
const request = { model: "gpt-4", messages: [{ role: "user", content: "hello" }], max_tokens: 3 };

/** A profile's file with what it extends merged in: an error's keys one by one, its headers as a whole. */
function readProfile(name) {
  const text = readFileSync(join(process.env.PROFILES, `${name}.json`), "utf8");
  const own = JSON.parse(text.replace(/^\s*\/\/.*$/gm, ""));
  if (!own.extends) return own;
  const base = readProfile(own.extends);
  const errors = { ...base.errors };
  for (const [condition, error] of Object.entries(own.errors ?? {})) {
    errors[condition] = typeof error === "string" ? error : { ...base.errors[condition], ...error };
  }
  return {
    ...base,
    ...own,
    errors,
    streaming: { ...base.streaming, ...own.streaming },
    rate_limit_headers: { ...base.rate_limit_headers, ...own.rate_limit_headers },
  };
}

/** A pattern for a text with {placeholders}. */
const pattern = (template) =>
  new RegExp(template.split(/\{[^}]*\}/).map((part) => part.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")).join(".*"));

/** All strings within a body, or the body itself if it is not JSON. */
function stringsOf(body) {
  const strings = [];
  const collect = (value) => {
    if (typeof value === "string") strings.push(value);
    else if (value && typeof value === "object") Object.values(value).forEach(collect);
  };
  try {
    collect(JSON.parse(body));
  } catch {
    strings.push(body);
  }
  return strings;
}

const classes = {
  400: OpenAI.BadRequestError,
  401: OpenAI.AuthenticationError,
  403: OpenAI.PermissionDeniedError,
  404: OpenAI.NotFoundError,
  409: OpenAI.ConflictError,
  422: OpenAI.UnprocessableEntityError,
  429: OpenAI.RateLimitError,
};
const classOf = (status) => classes[status] ?? (status >= 500 ? OpenAI.InternalServerError : OpenAI.APIError);
const isRetried = (status) => [408, 409, 429].includes(status) || status >= 500;

/** Makes a call with one retry allowed, and tells what came of it and what was on the wire. */
async function attempt(url, options, call) {
  const wire = [];
  const client = new OpenAI({
    apiKey: "test-api-key",
    baseURL: `${url}/v1`,
    maxRetries: 1,
    // Without it the reference gateway's head refuses everything; the others ignore it.
    defaultHeaders: { "X-Parent-Span-Id": "3f2504e0-4f89-11d3-9a0c-0305e82c3301" },
    ...options,
    fetch: async (target, init) => {
      const response = await fetch(target, init);
      wire.push({ status: response.status, headers: response.headers, body: await response.clone().text() });
      return response;
    },
  });
  const outcome = await call(client).then((answer) => ({ answer }), (thrown) => ({ thrown }));
  return { ...outcome, wire };
}

/** What an upstream's status is when a profile passes it on and no fault rule gave one. */
const upstreamStatus = {
  upstream_timeout: 504,
  upstream_connect: 502,
  upstream_4xx: 400,
  upstream_overloaded: 503,
  upstream_429: 429,
};

/** Checks an attempt against what the profile says of a condition. */
function check({ answer, thrown, wire }, profile, condition) {
  const promised = profile.errors[condition];
  const status = promised.status === "upstream" ? (upstreamStatus[condition] ?? 500) : promised.status;
  const where = `${profile.name}, ${condition}`;
  assert.equal(wire[0].status, status, where);
  if (status === 200) {
    // An error in the clothes of a success: the client notices nothing but the missing choices.
    assert.equal(thrown, undefined, where);
    assert.equal(answer.choices, undefined, where);
    assert.equal(answer.success, false, where);
    return;
  }
  assert.equal(thrown?.constructor, classOf(status), `${where}: ${thrown}`);
  assert.equal(wire.length, isRetried(status) ? 2 : 1, `${where}: attempts`);
  const envelope = promised.envelope ?? profile.errors.envelope;
  if (envelope === "empty") {
    assert.equal(wire[0].body, "", where);
  } else if (promised.message) {
    assert.ok(stringsOf(wire[0].body).some((text) => pattern(promised.message).test(text)), `${where}: ${wire[0].body}`);
  }
  if (envelope === "openai") {
    const isConstant = (text) => typeof text === "string" && !text.includes("{");
    for (const member of ["type", "code"]) {
      if (isConstant(promised[member])) assert.equal(thrown[member], promised[member], `${where}: ${member}`);
    }
  }
  for (const [name, template] of Object.entries(promised.headers ?? {})) {
    assert.match(wire[0].headers.get(name) ?? "", pattern(template), `${where}: ${name}`);
  }
  if (typeof thrown.error?.message === "string") assert.ok(thrown.message.includes(thrown.error.message), where);
}

const chat = (client) => client.chat.completions.create(request);
const withFault = (fault) => (client) =>
  client.chat.completions.create(request, { headers: { "x-test-fault": String(fault) } });

/** A stream to its end. */
const streamWithFault = (fault) => async (client) => {
  const stream = await client.chat.completions.create(
    { ...request, stream: true },
    { headers: { "x-test-fault": String(fault) } },
  );
  let text = "";
  for await (const chunk of stream) text += chunk.choices?.[0]?.delta?.content ?? "";
  return text;
};

const isOfUpstream = (condition) => condition.startsWith("upstream_");

async function checkProfile(t, name, { url, limited_url }) {
  const profile = readProfile(name);

  await t.test(`${name}: success carries the profile's headers`, async () => {
    const { answer, wire } = await attempt(url, {}, chat);
    const completion = profile.success_envelope ? answer.result : answer;
    assert.ok(completion.choices[0].message.content);
    if (profile.success_envelope) assert.equal(answer.success, true);
    for (const header of Object.keys(profile.headers)) assert.ok(wire[0].headers.get(header), header);
  });

  await t.test(`${name}: errors`, async () => {
    await Promise.all([
      attempt(url, { apiKey: "wrong" }, chat).then((seen) => check(seen, profile, "auth_invalid")),
      attempt(url, {}, (client) => client.chat.completions.create({ ...request, model: "gpt-none" })).then((seen) =>
        check(seen, profile, "model_not_found"),
      ),
      attempt(url, {}, (client) => client.chat.completions.create({ model: "gpt-4" })).then((seen) =>
        check(seen, profile, "validation"),
      ),
      attempt(url, {}, (client) => client.get("/nothing")).then((seen) => check(seen, profile, "not_found")),
      attempt(url, {}, withFault(500)).then((seen) => check(seen, profile, "upstream_5xx")),
      attempt(url, {}, withFault(503)).then((seen) => check(seen, profile, "upstream_overloaded")),
      attempt(url, {}, withFault(504)).then((seen) => check(seen, profile, "upstream_timeout")),
      attempt(url, {}, withFault(429)).then((seen) => check(seen, profile, "upstream_429")),
      ...conditions.map((condition) =>
        attempt(url, {}, withFault(condition)).then((seen) => check(seen, profile, condition)),
      ),
    ]);
  });

  await t.test(`${name}: failures of streams`, async () => {
    const isInBand = profile.streaming.commit_headers === "immediate" && profile.streaming.pre_token_error === "in_band";
    const checkStream = async (condition) => {
      const seen = await attempt(url, {}, streamWithFault(condition));
      if (!isInBand || !isOfUpstream(condition)) {
        // An error in the clothes of a success is no stream: the client finds no event in it.
        if (profile.errors[condition].status !== 200) check(seen, profile, condition);
        return;
      }
      const where = `${name}, ${condition}: ${seen.thrown}`;
      assert.equal(seen.wire.length, 1, where);
      assert.equal(seen.wire[0].status, 200, where);
      assert.equal(seen.thrown?.constructor, OpenAI.APIError, where);
      assert.equal(seen.thrown.status, undefined, where);
    };
    await Promise.all(conditions.map(checkStream));
  });

  if (profile.required_header) {
    await t.test(`${name}: refuses calls without its header`, async () => {
      const { thrown, wire } = await attempt(url, { defaultHeaders: {} }, chat);
      assert.equal(thrown?.constructor, OpenAI.BadRequestError, String(thrown));
      assert.equal(JSON.parse(wire[0].body).error.message, profile.required_header.message);
    });
  }

  await t.test(`${name}: rate limit`, async () => {
    const first = await attempt(limited_url, {}, chat);
    assert.ok(first.answer, String(first.thrown));
    // One hour to wait: more than the client believes, so it retries on its own back-off.
    const second = await attempt(limited_url, {}, chat);
    check(second, profile, "rate_limited_requests");
    const retryAfter = second.wire[0].headers.get("retry-after");
    if (profile.rate_limit_headers.retry_after === "none") assert.equal(retryAfter, null);
    else assert.match(retryAfter ?? "", /^\d+$/);
  });
}

// All at once: nearly all of the time is the client's back-off.
test("profiles", { concurrency: true }, (t) =>
  Promise.all(Object.entries(gateways).map(([name, urls]) => checkProfile(t, name, urls))),
);
