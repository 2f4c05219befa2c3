import http from 'k6/http';
import { check, group, sleep } from 'k6';
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';
import { htmlReport } from 'https://raw.githubusercontent.com/benc-uk/k6-reporter/main/dist/bundle.js';
import { textSummary } from 'https://jslib.k6.io/k6-summary/0.0.1/index.js';

const BASE = __ENV.API_HOST || 'http://localhost:8080';
const PARAMS = {
  headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${__ENV.API_KEY || 'test-api-key'}` },
};

const completionTokens = new Counter('completion_tokens');
const answerLength = new Gauge('answer_length');
const goodAnswers = new Rate('good_answers');
const timePerToken = new Trend('time_per_token', true);

export const options = {
  vus: 2,
  duration: __ENV.DURATION || '10s',
  thresholds: {
    good_answers: ['rate>0.9'],
    time_per_token: ['avg<500', 'p(95)<1000'],
    'group_duration{group:::chat}': ['p(95)<20000'],
    http_req_failed: ['rate<0.05'],
  },
};

export default function () {
  group('discovery', function () {
    group('health', function () {
      const res = http.get(`${BASE}/health`);
      check(res, { 'health status is 200': (r) => r.status === 200 });
    });
    const res = http.get(`${BASE}/v1/models`, PARAMS);
    check(res, {
      'models status is 200': (r) => r.status === 200,
      'models are many': (r) => r.json('data.#') > 1,
    });
  });

  group('chat', function () {
    const res = http.post(`${BASE}/v1/chat/completions`, JSON.stringify({
      model: 'gpt-4',
      messages: [
        { role: 'system', content: 'You are a helpful assistant.' },
        { role: 'user', content: 'Give me three synonyms for quick.' },
      ],
      max_tokens: 25,
    }), PARAMS);
    const tokens = res.json('usage.completion_tokens');
    goodAnswers.add(check(res, {
      'chat status is 200': (r) => r.status === 200,
      'chat has tokens': () => tokens > 0,
    }));
    completionTokens.add(tokens);
    answerLength.add(res.body.length);
    timePerToken.add(res.timings.duration / tokens);
  });

  sleep(0.3);
}

export function handleSummary(data) {
  return {
    'summary.html': htmlReport(data, { title: 'Chat ' + new Date(0).toISOString() }),
    'summary.json': JSON.stringify(data),
    stdout: textSummary(data, { indent: '  ', enableColors: false }) + '\n',
  };
}
