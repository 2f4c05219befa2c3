// The official client against a running mockgw (GATEWAY_URL): tool calls, structured answers, log probabilities. The
// gateway asks for the key test-api-key, calls two tools at once where it may, and has an answer written for "ping".
import assert from "node:assert/strict";
import test from "node:test";
import OpenAI from "openai";
import { toolCallChunkShapes, toolCallCompletion, tokenLogprob } from "./api_shapes.mjs";
import { differences } from "./shape.mjs";

const client = new OpenAI({ apiKey: "test-api-key", baseURL: `${process.env.GATEWAY_URL}/v1`, maxRetries: 0 });
const weather = {
  type: "function",
  function: {
    name: "get_weather",
    strict: true,
    parameters: {
      type: "object",
      properties: {
        location: { type: "string", maxLength: 40 },
        unit: { enum: ["celsius", "fahrenheit"] },
        days: { type: "integer", minimum: 1, maximum: 14 },
      },
      required: ["location", "unit", "days"],
      additionalProperties: false,
    },
  },
};
const clock = { type: "function", function: { name: "get_time" } };
const request = { model: "gpt-4", messages: [{ role: "user", content: "What is the weather?" }], tools: [weather, clock] };

const fits = (value, shape) => assert.deepEqual(differences(value, shape), []);
const sent = ({ _request_id, ...object }) => object;

function checkArguments(call) {
  const values = JSON.parse(call.function.arguments);
  if (call.function.name === "get_time") return assert.deepEqual(values, {});
  assert.deepEqual(Object.keys(values), ["location", "unit", "days"]);
  assert.ok(values.location.length <= 40);
  assert.ok(["celsius", "fahrenheit"].includes(values.unit), values.unit);
  assert.ok(Number.isInteger(values.days) && values.days >= 1 && values.days <= 14, `${values.days}`);
}

test("tools are called in parallel", async () => {
  const answer = await client.chat.completions.create(request);
  fits(sent(answer), toolCallCompletion);
  const calls = answer.choices[0].message.tool_calls;
  assert.deepEqual(calls.map((call) => call.function.name).sort(), ["get_time", "get_weather"]);
  calls.forEach(checkArguments);
  assert.equal(new Set(calls.map((call) => call.id)).size, 2);
});

test("parallel_tool_calls and tool_choice are obeyed", async () => {
  const choiceFor = async (parameters) =>
    (await client.chat.completions.create({ ...request, ...parameters })).choices[0];
  assert.equal((await choiceFor({ parallel_tool_calls: false })).message.tool_calls.length, 1);
  const named = await choiceFor({ tool_choice: { type: "function", function: { name: "get_time" } } });
  assert.deepEqual(named.message.tool_calls.map((call) => call.function.name), ["get_time"]);
  assert.equal(named.finish_reason, "stop");
  const none = await choiceFor({ tool_choice: "none" });
  assert.equal(none.finish_reason, "stop");
  assert.equal(none.message.tool_calls, undefined);
});

test("a conversation with a tool ends", async () => {
  const { message } = (await client.chat.completions.create(request)).choices[0];
  const results = message.tool_calls.map(({ id }) => ({ role: "tool", tool_call_id: id, content: "18 degrees" }));
  const messages = [...request.messages, message, ...results];
  const last = (await client.chat.completions.create({ ...request, messages })).choices[0];
  assert.equal(last.finish_reason, "stop");
  assert.ok(last.message.content);
  const again = await client.chat.completions.create({ ...request, messages, tool_choice: "required" });
  assert.equal(again.choices[0].finish_reason, "tool_calls");
});

test("tool calls, streamed", async () => {
  const seeded = { ...request, seed: 5 };
  const whole = await client.chat.completions.create(seeded);
  const chunks = [];
  const stream = await client.chat.completions.create({ ...seeded, stream: true, stream_options: { include_usage: true } });
  for await (const chunk of stream) chunks.push(chunk);
  const { usage } = chunks.pop();
  const shapes = toolCallChunkShapes({ usage: null });
  fits(chunks[0], shapes.role);
  fits(chunks.find((chunk) => chunk.choices[0].delta.tool_calls?.[0].index === 1), shapes.start);
  fits(chunks.at(-1), shapes.finish);
  const deltas = chunks.slice(0, -1).map((chunk) => chunk.choices[0].delta.tool_calls[0]);
  const pieces = deltas.filter((delta) => delta.id === undefined);
  fits(chunks.filter((chunk) => pieces.includes(chunk.choices[0].delta.tool_calls?.[0])), [shapes.piece]);
  assert.equal(usage.completion_tokens, pieces.length);
  const calls = whole.choices[0].message.tool_calls;
  calls.forEach((call, index) => {
    const own = deltas.filter((delta) => delta.index === index);
    assert.equal(own[0].id, call.id);
    assert.equal(own[0].function.name, call.function.name);
    assert.equal(own.map((delta) => delta.function.arguments).join(""), call.function.arguments);
  });
});

test("the client's own stream runner puts the calls together", async () => {
  const runner = client.chat.completions.stream(request);
  const final = await runner.finalChatCompletion();
  assert.equal(final.choices[0].finish_reason, "tool_calls");
  final.choices[0].message.tool_calls.forEach(checkArguments);
});

test("structured answers", async () => {
  const schema = {
    type: "object",
    properties: { steps: { type: "array", items: { type: "string" }, minItems: 1 }, answer: { type: "integer" } },
    required: ["steps", "answer"],
    additionalProperties: false,
  };
  const plain = { model: "gpt-4o", messages: request.messages };
  const response_format = { type: "json_schema", json_schema: { name: "solution", strict: true, schema } };
  const answer = await client.chat.completions.create({ ...plain, response_format });
  const value = JSON.parse(answer.choices[0].message.content);
  fits(value, { steps: [String], answer: Number });
  assert.equal(answer.choices[0].finish_reason, "stop");
  const asked = { ...plain, messages: [{ role: "system", content: "Answer in JSON." }, ...plain.messages] };
  const any = await client.chat.completions.create({ ...asked, response_format: { type: "json_object" } });
  assert.equal(typeof JSON.parse(any.choices[0].message.content), "object");
  const cut = await client.chat.completions.create({ ...plain, response_format, max_tokens: 2 });
  assert.equal(cut.choices[0].finish_reason, "length");
});

test("log probabilities, buffered and streamed", async () => {
  const asked = { model: request.model, messages: request.messages, seed: 2, logprobs: true, top_logprobs: 3 };
  const { choices, usage } = await client.chat.completions.create(asked);
  const { content } = choices[0].logprobs;
  fits(content, [tokenLogprob]);
  assert.equal(content.length, usage.completion_tokens);
  assert.equal(content.map((entry) => entry.token).join(""), choices[0].message.content);
  const streamed = [];
  for await (const chunk of await client.chat.completions.create({ ...asked, stream: true })) {
    streamed.push(...(chunk.choices[0].logprobs?.content ?? []));
  }
  assert.deepEqual(streamed, content);
});

test("a written answer", async () => {
  const messages = [{ role: "user", content: "Ping?" }];
  const answer = await client.chat.completions.create({ model: request.model, messages });
  assert.equal(answer.choices[0].message.content, "pong");
});
