// Several turns, with side requests that go out at the same time.
import http from 'k6/http';
import { check } from 'k6';
import { Trend } from 'k6/metrics';

const turnTime = new Trend('turn_time', true);
const base = __ENV.BASE_URL || 'http://localhost:8080';
const params = { headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${__ENV.API_KEY || 'test-api-key'}` } };

export const options = {
  scenarios: {
    conversations: { executor: 'shared-iterations', vus: 3, iterations: 9, maxDuration: '2m' },
  },
};

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function turn(messages) {
  const start = Date.now();
  const response = await http.asyncRequest(
    'POST', `${base}/v1/chat/completions`,
    JSON.stringify({ model: 'gpt-4o', messages, max_tokens: 20 }), params,
  );
  turnTime.add(Date.now() - start, { turn: String((messages.length + 1) / 2) });
  check(response, { 'turn is answered': (r) => r.status === 200 });
  return response.json('choices.0.message');
}

export default async function () {
  const messages = [];
  for (const question of ['Hello!', 'And in French?', 'Thank you.']) {
    messages.push({ role: 'user', content: question });
    const message = await turn(messages);
    messages.push({ role: message.role, content: message.content });
    await pause(20);
  }

  const [health, models] = await Promise.all([
    http.asyncRequest('GET', `${base}/health`),
    http.asyncRequest('GET', `${base}/v1/models`, null, params),
  ]);
  check(health, { 'healthy meanwhile': (r) => r.json('status') === 'healthy' });
  check(models, { 'models meanwhile': (r) => r.status === 200 });

  const outcomes = await Promise.allSettled([pause(1).then(() => 'slept'), Promise.reject(new Error('on purpose'))]);
  check(outcomes, {
    'one settles well, one does not': ([slept, refused]) => slept.value === 'slept' && refused.reason.message === 'on purpose',
    'six messages were said': () => messages.length === 6,
  });
}
