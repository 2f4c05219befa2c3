// The official client against a running mockgw (GATEWAY_URL): models, chat buffered and streamed, n, error classes.
// The gateway asks for the key test-api-key and has the default models.
import assert from "node:assert/strict";
import test from "node:test";
import OpenAI from "openai";
import { chunkShapes, completion, error, model, usage } from "./api_shapes.mjs";
import { differences } from "./shape.mjs";

const client = new OpenAI({ apiKey: "test-api-key", baseURL: `${process.env.GATEWAY_URL}/v1`, maxRetries: 0 });
const request = {
  model: "gpt-3.5-turbo",
  messages: [
    { role: "system", content: "You answer briefly." },
    { role: "user", content: [{ type: "text", text: "Say hello in one word. 你好 🙂" }] },
  ],
};

const fits = (value, shape) => assert.deepEqual(differences(value, shape), []);
/** What the server sent: the client adds _request_id. */
const sent = ({ _request_id, ...object }) => object;

test("models.list", async () => {
  const page = await client.models.list();
  assert.equal(page.object, "list");
  fits(page.data, [model]);
  const ids = page.data.map((entry) => entry.id);
  for (const id of ["gpt-3.5-turbo", "gpt-4", "claude-3-sonnet-20240229", "claude-3-haiku-20240307"]) {
    assert.ok(ids.includes(id), `${id} among ${ids}`);
  }
});

test("models.retrieve", async () => {
  const found = await client.models.retrieve("gpt-4");
  fits(sent(found), model);
  assert.equal(found.id, "gpt-4");
});

test("models.retrieve of an id with a slash, which the client encodes", async () => {
  const found = await client.models.retrieve("meta/llama-3");
  fits(sent(found), model);
  assert.equal(found.id, "meta/llama-3");
});

test("chat, buffered", async () => {
  const { data, response, request_id } = await client.chat.completions.create(request).withResponse();
  fits(sent(data), completion);
  assert.equal(data.model, request.model);
  assert.equal(data.choices.length, 1);
  assert.equal(data.usage.total_tokens, data.usage.prompt_tokens + data.usage.completion_tokens);
  assert.ok(data.usage.prompt_tokens > 0 && data.usage.completion_tokens > 0);
  assert.ok(Math.abs(Date.now() / 1000 - data.created) < 600, `created ${data.created}`);
  assert.match(response.headers.get("content-type"), /^application\/json/);
  assert.ok(request_id, "x-request-id");
  assert.match(response.headers.get("openai-processing-ms"), /^\d+$/);
});

test("x-request-id is echoed", async () => {
  const { request_id } = await client.chat.completions
    .create(request, { headers: { "X-Request-ID": "load-test-7" } })
    .withResponse();
  assert.equal(request_id, "load-test-7");
});

test("n choices", async () => {
  const answer = await client.chat.completions.create({ ...request, n: 3 });
  fits(sent(answer), completion);
  assert.deepEqual(answer.choices.map((choice) => choice.index), [0, 1, 2]);
});

test("max_tokens and max_completion_tokens end an answer", async () => {
  for (const name of ["max_tokens", "max_completion_tokens"]) {
    const answer = await client.chat.completions.create({ ...request, [name]: 1 });
    assert.equal(answer.choices[0].finish_reason, "length");
    assert.equal(answer.usage.completion_tokens, 1);
  }
});

test("the same seed gives the same answer", async () => {
  const text = async (seed) => (await client.chat.completions.create({ ...request, seed })).choices[0].message.content;
  assert.equal(await text(7), await text(7));
});

/** The chunks of a stream, each checked; `usageShape` is what each but the last carries. */
async function stream(parameters, usageShape) {
  const { data, response } = await client.chat.completions
    .create({ ...request, ...parameters, stream: true })
    .withResponse();
  assert.match(response.headers.get("content-type"), /^text\/event-stream/);
  const chunks = [];
  for await (const chunk of data) chunks.push(chunk);
  for (const field of ["id", "created", "model", "system_fingerprint", "service_tier"]) {
    assert.equal(new Set(chunks.map((chunk) => chunk[field])).size, 1, `${field} is the same in all chunks`);
  }
  const last = usageShape.usage === null ? chunks.pop() : undefined;
  const shapes = chunkShapes(usageShape);
  const choices = parameters.n ?? 1;
  for (let index = 0; index < choices; ++index) {
    const own = chunks.filter((chunk) => chunk.choices[0]?.index === index);
    fits(own[0], shapes.role);
    fits(own.slice(1, -1), [shapes.content]);
    fits(own.at(-1), shapes.finish);
  }
  return { chunks, last };
}

test("chat, streamed without usage", async () => {
  const { chunks } = await stream({}, {});
  assert.ok(chunks.length > 3);
});

test("chat, streamed with usage", async () => {
  const { chunks, last } = await stream({ stream_options: { include_usage: true } }, { usage: null });
  assert.deepEqual(last.choices, []);
  fits(last.usage, usage);
  const contentChunks = chunks.filter((chunk) => chunk.choices[0].delta.content).length;
  assert.equal(last.usage.completion_tokens, contentChunks);
});

test("chat, streamed, n choices", async () => {
  const { chunks } = await stream({ n: 2, max_tokens: 5 }, {});
  assert.deepEqual(new Set(chunks.map((chunk) => chunk.choices[0].index)), new Set([0, 1]));
});

test("a stream says what the buffered answer says", async () => {
  const whole = await client.chat.completions.create({ ...request, seed: 11 });
  const { chunks } = await stream({ seed: 11 }, {});
  const text = chunks.map((chunk) => chunk.choices[0].delta.content ?? "").join("");
  assert.equal(text, whole.choices[0].message.content);
});

test("stop sequences are not part of the answer", async () => {
  const whole = await client.chat.completions.create({ ...request, seed: 3 });
  const word = whole.choices[0].message.content.split(" ")[2];
  const cut = await client.chat.completions.create({ ...request, seed: 3, stop: [word] });
  assert.equal(cut.choices[0].finish_reason, "stop");
  assert.ok(!cut.choices[0].message.content.includes(word));
  assert.ok(cut.usage.completion_tokens < whole.usage.completion_tokens);
});

test("abandoning a stream leaves the client usable", async () => {
  const running = await client.chat.completions.create({ ...request, stream: true });
  for await (const chunk of running) {
    assert.ok(chunk.choices);
    break;
  }
  assert.ok((await client.chat.completions.create(request)).choices.length);
});

/** The error a call ends with, its class and the envelope's four fields checked. */
async function failure(call, Class, status, fields) {
  const thrown = await call.then(() => assert.fail("no error"), (caught) => caught);
  assert.equal(thrown.constructor, Class, String(thrown));
  assert.equal(thrown.status, status);
  fits(thrown.error, error);
  assert.ok(thrown.requestID, "x-request-id");
  for (const [name, value] of Object.entries(fields)) assert.equal(thrown[name], value, name);
  return thrown;
}

test("a bad key is an AuthenticationError", async () => {
  const stranger = new OpenAI({ apiKey: "wrong", baseURL: client.baseURL, maxRetries: 0 });
  const type = "invalid_request_error";
  const code = "invalid_api_key";
  await failure(stranger.models.list(), OpenAI.AuthenticationError, 401, { type, code });
  await failure(stranger.chat.completions.create(request), OpenAI.AuthenticationError, 401, { type, code });
});

test("an unknown model is a NotFoundError", async () => {
  const expected = { type: "invalid_request_error", code: "model_not_found" };
  const call = client.chat.completions.create({ ...request, model: "gpt-none" });
  const thrown = await failure(call, OpenAI.NotFoundError, 404, expected);
  assert.match(thrown.message, /gpt-none/);
  await failure(client.models.retrieve("gpt-none"), OpenAI.NotFoundError, 404, expected);
});

test("an unknown route is a NotFoundError", async () => {
  await failure(client.get("/nothing"), OpenAI.NotFoundError, 404, { type: "invalid_request_error" });
});

test("bad parameters are BadRequestErrors that name the parameter", async () => {
  const bad = [
    ["messages", { messages: undefined }],
    ["messages", { messages: "hello" }],
    ["model", { model: undefined }],
    ["temperature", { temperature: "hot" }],
    ["n", { n: 0 }],
    ["stream_options", { stream_options: { include_usage: true } }],
  ];
  for (const [param, change] of bad) {
    const call = client.chat.completions.create({ ...request, ...change });
    const thrown = await failure(call, OpenAI.BadRequestError, 400, { type: "invalid_request_error" });
    assert.match(String(thrown.param), new RegExp(`^${param}`), JSON.stringify(thrown.error));
  }
});
