// What a patient client does: it expects to be limited now and then, and waits as long as it is told.
import http from 'k6/http';
import { check, sleep } from 'k6';
import { Counter } from 'k6/metrics';

http.setResponseCallback(http.expectedStatuses({ min: 200, max: 299 }, 429));

const limited = new Counter('rate_limited');
const attempts = new Counter('attempts');

export let options = {
  vus: 5,
  iterations: 20,
  setupTimeout: '10s',
  thresholds: { http_req_failed: ['rate<0.01'] },
};

export function setup() {
  const base = __ENV.BASE_URL || 'http://localhost:8080';
  const models = http.get(`${base}/v1/models`, { headers: { Authorization: `Bearer ${__ENV.API_KEY || 'test-api-key'}` } });
  if (models.status !== 200) throw new Error(`the gateway is not ready: ${models.status}`);
  return { base, model: models.json('data.0.id'), known: models.json('data.#.id') };
}

function post(data, body) {
  for (let attempt = 1; attempt <= 4; attempt++) {
    attempts.add(1, { attempt });
    const res = http.post(`${data.base}/v1/chat/completions`, body, {
      headers: { 'content-type': 'application/json', authorization: `Bearer ${__ENV.API_KEY || 'test-api-key'}` },
      tags: { attempt: `${attempt}` },
    });
    if (res.status !== 429) return res;
    limited.add(1);
    sleep(Math.min(Number(res.headers['Retry-After']) || 0.2 * attempt, 2));
  }
  return null;
}

export default function (data) {
  const res = post(data, JSON.stringify({
    model: data.model,
    messages: [{ role: 'user', content: `Is ${__VU * 10 + __ITER} a prime?` }],
    max_tokens: 16,
  }));
  check(res, { 'was answered in the end': (r) => r !== null && r.status === 200 });
  sleep(0.05);
}

export function teardown(data) {
  console.log(`asked ${data.model}, one of ${data.known.length} models`);
}
