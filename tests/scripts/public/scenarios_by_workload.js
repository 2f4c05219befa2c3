// Three kinds of users of one inference server: chat, long summaries, and a health probe.
import http from 'k6/http';
import { check, sleep } from 'k6';
import exec from 'k6/execution';

const BASE_URL = __ENV.BASE_URL || 'http://localhost:8080';
const DURATION = __ENV.DURATION || '30s';

export const options = {
  discardResponseBodies: false,
  scenarios: {
    chat: {
      executor: 'ramping-vus',
      startVUs: 1,
      stages: [
        { duration: DURATION, target: 4 },
        { duration: DURATION, target: 0 },
      ],
      gracefulRampDown: '5s',
      exec: 'chat',
      env: { WORKLOAD: 'chat', MAX_TOKENS: '40' },
      tags: { workload: 'interactive' },
    },
    summarise: {
      executor: 'constant-arrival-rate',
      rate: 2,
      timeUnit: '1s',
      duration: DURATION,
      preAllocatedVUs: 4,
      maxVUs: 10,
      exec: 'summarise',
      env: { WORKLOAD: 'summarise', MAX_TOKENS: '120' },
      tags: { workload: 'batch' },
    },
    probe: {
      executor: 'per-vu-iterations',
      vus: 1,
      iterations: 3,
      startTime: '1s',
      maxDuration: '1m',
      exec: 'probe',
    },
  },
  thresholds: {
    'http_req_failed{scenario:chat}': ['rate<0.01'],
    'http_req_duration{workload:interactive}': ['p(95)<5000'],
    'http_req_duration{workload:batch}': ['p(95)<20000', { threshold: 'p(99)<60000', abortOnFail: true, delayAbortEval: '5s' }],
    'checks{scenario:probe}': ['rate==1.0'],
    dropped_iterations: ['count<10'],
  },
};

function ask(content) {
  const payload = {
    model: __ENV.MODEL || 'gpt-4o-mini',
    max_tokens: parseInt(__ENV.MAX_TOKENS, 10),
    messages: [{ role: 'user', content }],
  };
  const params = {
    headers: { 'Content-Type': 'application/json', Authorization: 'Bearer ' + (__ENV.API_KEY || 'test-api-key') },
    tags: { name: __ENV.WORKLOAD + ' completion' },
  };
  const res = http.post(BASE_URL + '/v1/chat/completions', JSON.stringify(payload), params);
  check(res, {
    'is status 200': (r) => r.status === 200,
    'stays within max_tokens': (r) => r.json('usage.completion_tokens') <= payload.max_tokens,
  });
  return res;
}

export function chat() {
  ask(`Message ${exec.vu.iterationInScenario} of user ${exec.vu.idInTest}: what is a good name for a grey cat?`);
  sleep(Math.random() * 0.5);
}

export function summarise() {
  ask('Summarise: ' + 'The river rose in the night and the village moved uphill. '.repeat(30));
}

export function probe() {
  const res = http.get(`${BASE_URL}/health`, { tags: { name: 'health' } });
  check(res, { 'is up': (r) => r.status === 200 && r.json().status === 'healthy' });
  if (exec.scenario.iterationInTest < 2) sleep(0.5);
}
