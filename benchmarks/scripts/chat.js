// One chat after the other, each answer parsed and checked; for script_throughput.sh. chat.json is the same as a suite.
import http from 'k6/http';
import { check } from 'k6';

export const options = {
  vus: 20,
  duration: '5s',
  thresholds: { checks: ['rate==1'], http_req_failed: ['rate==0'] },
};

const url = `${__ENV.GATEWAY_URL}/v1/chat/completions`;
const params = { headers: { 'Content-Type': 'application/json', Authorization: 'Bearer test-api-key' } };

export default function () {
  const body = JSON.stringify({
    model: 'gpt-3.5-turbo',
    messages: [{ role: 'user', content: 'Say hello in one word.' }],
    max_tokens: 20,
  });
  const response = http.post(url, body, params);
  const answer = JSON.parse(response.body);
  check(response, {
    'status is 200': (r) => r.status === 200,
    'response has content': () => answer.choices[0].message.content !== '',
  });
}
