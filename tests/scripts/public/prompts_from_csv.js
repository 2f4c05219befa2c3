import http from 'k6/http';
import { check, sleep } from 'k6';
import { SharedArray } from 'k6/data';
import { Trend } from 'k6/metrics';
import papaparse from 'https://jslib.k6.io/papaparse/5.1.1/index.js';
import { randomItem, randomIntBetween, uuidv4 } from 'https://jslib.k6.io/k6-utils/1.4.0/index.js';

const prompts = new SharedArray('prompts', function () {
  return papaparse.parse(open('./prompts.csv'), { header: true, skipEmptyLines: true }).data;
});

const promptTokens = new Trend('prompt_tokens');

export const options = {
  stages: [
    { duration: __ENV.DURATION || '20s', target: 5 },
    { duration: __ENV.DURATION || '20s', target: 5 },
    { duration: '1s', target: 0 },
  ],
  thresholds: {
    http_req_duration: ['p(90) < 8000'],
    checks: ['rate>0.9'],
  },
};

export default function () {
  const row = randomItem(prompts);
  const response = http.post(
    `${__ENV.GATEWAY_URL || 'http://localhost:8080'}/v1/chat/completions`,
    JSON.stringify({
      model: 'gpt-3.5-turbo',
      user: uuidv4(),
      messages: [{ role: 'user', content: row.prompt }],
      max_tokens: Number(row.max_tokens),
    }),
    {
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${__ENV.API_KEY || 'test-api-key'}` },
      tags: { category: row.category },
    },
  );
  const ok = check(response, {
    'status was 200': (r) => r.status == 200,
    'has choices': (r) => r.json('choices.#') > 0,
    'finished': (r) => ['stop', 'length'].includes(r.json('choices.0.finish_reason')),
  }, { category: row.category });
  if (!ok) console.error(`prompt ${row.id} failed: ${response.status} ${response.body}`);
  else promptTokens.add(response.json('usage.prompt_tokens'), { category: row.category });
  sleep(randomIntBetween(1, 4) / 10);
}
