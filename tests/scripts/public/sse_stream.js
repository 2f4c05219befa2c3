// Streaming chat with the extension xk6-sse: https://github.com/phymbert/xk6-sse
import sse from 'k6/x/sse';
import { check, sleep } from 'k6';
import { Counter, Trend } from 'k6/metrics';

const ttft = new Trend('ttft', true);
const interToken = new Trend('inter_token_latency', true);
const tokens = new Counter('generated_tokens');
const unfinished = new Counter('unfinished_streams');

export const options = {
  vus: 4,
  duration: __ENV.DURATION || '20s',
  thresholds: {
    ttft: ['p(95)<3000'],
    generated_tokens: ['count>0'],
    unfinished_streams: ['count<1'],
  },
};

export default function () {
  const url = `${__ENV.BASE_URL || 'http://localhost:8080'}/v1/chat/completions`;
  const params = {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Authorization: `Bearer ${__ENV.OPENAI_API_KEY || 'test-api-key'}`,
    },
    body: JSON.stringify({
      model: 'gpt-4o-mini',
      stream: true,
      max_tokens: 50,
      messages: [{ role: 'user', content: 'Tell me a very short story.' }],
    }),
    tags: { name: 'chat stream' },
  };

  const start = Date.now();
  let last = 0;
  let isDone = false;
  let text = '';

  const response = sse.open(url, params, function (client) {
    client.on('event', function (event) {
      if (event.data === '[DONE]') {
        isDone = true;
        client.close();
        return;
      }
      const chunk = JSON.parse(event.data);
      const content = chunk.choices[0]?.delta?.content;
      if (!content) return;
      const now = Date.now();
      if (last === 0) ttft.add(now - start);
      else interToken.add(now - last);
      last = now;
      text += content;
      tokens.add(1);
    });
    client.on('error', function (e) {
      console.error('stream failed: ' + e.error());
      client.close();
    });
  });

  check(response, { 'stream status is 200': (r) => r && r.status === 200 });
  check(text, { 'stream has text': (t) => t.length > 0 });
  if (!isDone) unfinished.add(1);
  sleep(0.5);
}
