// Every iteration asks several models at once, as a router or an "arena" page does.
import http from 'k6/http';
import { check, group } from 'k6';

const base = __ENV.BASE_URL || 'http://localhost:8080';
const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${__ENV.API_KEY || 'test-api-key'}` };
const models = ['gpt-3.5-turbo', 'gpt-4', 'gpt-4o-mini', 'claude-3-haiku-20240307'];

export const options = {
  vus: 3,
  iterations: 12,
  batch: 10,
  batchPerHost: 4,
  thresholds: {
    http_req_failed: ['rate==0'],
    'group_duration{group:::arena}': ['avg<10000'],
  },
};

const question = (model) => JSON.stringify({
  model,
  messages: [{ role: 'user', content: 'Name one thing that you can not do.' }],
  max_tokens: 30,
});

export default function () {
  group('status', () => {
    const [health, list] = http.batch([
      `${base}/health`,
      ['GET', `${base}/v1/models`, null, { headers, tags: { name: 'models' } }],
    ]);
    check(health, { 'health is 200': (r) => r.status === 200 });
    check(list, { 'lists our models': (r) => models.every((m) => r.json(`data.#(id=="${m}").id`) === m) });
  });

  group('arena', () => {
    const requests = {};
    for (const model of models) {
      requests[model] = {
        method: 'POST',
        url: `${base}/v1/chat/completions`,
        body: question(model),
        params: { headers, tags: { model } },
      };
    }
    const responses = http.batch(requests);
    for (const [model, response] of Object.entries(responses)) {
      check(response, {
        'answered with 200': (r) => r.status === 200,
        'answered by the model asked': (r) => r.json().model === model,
      }, { model });
    }
  });

  const id = 1 + (__ITER % 3);
  const named = http.get(http.url`${base}/v1/models/${models[id]}`, { headers });
  check(named, { 'one model is known': (r) => r.status === 200 && r.json('id') === models[id] });
}
