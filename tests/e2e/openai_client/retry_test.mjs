// The official client's own retries against a mockgw whose first answers fail (GATEWAY_URL, FAILURES, STATUS).
import assert from "node:assert/strict";
import test from "node:test";
import OpenAI from "openai";

const failures = Number(process.env.FAILURES);
const status = Number(process.env.STATUS);
const request = { model: "gpt-3.5-turbo", messages: [{ role: "user", content: "hello" }] };

/** A client that counts its attempts by the header it sends with each. */
function countingClient(options) {
  const attempts = [];
  const client = new OpenAI({
    apiKey: "test-api-key",
    baseURL: `${process.env.GATEWAY_URL}/v1`,
    ...options,
    fetch: (url, init) => {
      attempts.push(new Headers(init.headers).get("x-stainless-retry-count"));
      return fetch(url, init);
    },
  });
  return { client, attempts };
}

test("without retries the failure is seen", async () => {
  const { client, attempts } = countingClient({ maxRetries: 0 });
  const thrown = await client.chat.completions.create(request).then(() => assert.fail("no error"), (e) => e);
  assert.equal(thrown.constructor, status === 429 ? OpenAI.RateLimitError : OpenAI.InternalServerError);
  assert.equal(thrown.status, status);
  assert.ok(thrown.error.message && thrown.error.type);
  assert.equal(attempts.length, 1);
});

test("with its default retries the client gets its answer", async () => {
  const { client, attempts } = countingClient({});
  const answer = await client.chat.completions.create(request);
  assert.ok(answer.choices[0].message.content);
  // One failure was spent on the test above; the client makes two retries at most.
  assert.deepEqual(attempts, Array.from({ length: failures }, (_, index) => String(index)));
});
