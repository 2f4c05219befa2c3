// Retrieval, then generation: a rising rate of questions, each signed, over a corpus that all users share.
import http from 'k6/http';
import { check, group } from 'k6';
import crypto from 'k6/crypto';
import encoding from 'k6/encoding';
import exec from 'k6/execution';
import { SharedArray } from 'k6/data';
import { Rate, Trend } from 'k6/metrics';

const corpus = new SharedArray('corpus', () => JSON.parse(open('./corpus.json')).passages);
const contextLength = new Trend('context_length');
const grounded = new Rate('grounded');

export const options = {
  scenarios: {
    questions: {
      executor: 'ramping-arrival-rate',
      startRate: 1,
      timeUnit: '1s',
      preAllocatedVUs: 10,
      maxVUs: 20,
      stages: [
        { target: 4, duration: __ENV.RAMP || '20s' },
        { target: 4, duration: __ENV.HOLD || '20s' },
      ],
    },
  },
  summaryTrendStats: ['avg', 'p(95)', 'p(99)', 'max'],
  tags: { pipeline: 'rag' },
};

// Cosine similarity of bags of words; enough to pick a passage.
function similarity(a, b) {
  const count = (text) => text.toLowerCase().match(/[a-z]+/g).reduce((bag, word) => {
    bag[word] = (bag[word] || 0) + 1;
    return bag;
  }, {});
  const [x, y] = [count(a), count(b)];
  const dot = Object.keys(x).reduce((sum, word) => sum + x[word] * (y[word] || 0), 0);
  const norm = (bag) => Math.sqrt(Object.values(bag).reduce((sum, n) => sum + n * n, 0));
  return dot / (norm(x) * norm(y));
}

export default function () {
  const topic = corpus[exec.scenario.iterationInTest % corpus.length];
  let passage;

  group('retrieve', () => {
    const ranked = corpus
      .map((candidate) => ({ text: candidate.text, score: similarity(candidate.text, topic.question) }))
      .sort((a, b) => b.score - a.score);
    passage = ranked[0].text;
    contextLength.add(passage.length);
  });

  group('generate', () => {
    exec.vu.tags.topic = topic.name;
    const body = JSON.stringify({
      model: 'gpt-4o',
      messages: [
        { role: 'system', content: `Answer from this passage only: ${passage}` },
        { role: 'user', content: topic.question },
      ],
      max_tokens: 40,
    });
    const response = http.post(`${__ENV.BASE_URL || 'http://localhost:8080'}/v1/chat/completions`, body, {
      headers: {
        'Content-Type': 'application/json',
        Authorization: `Bearer ${__ENV.API_KEY || 'test-api-key'}`,
        'X-Signature': crypto.hmac('sha256', 'secret', body, 'hex'),
        'X-Topic': encoding.b64encode(topic.name, 'rawurl'),
      },
    });
    const passed = check(response, {
      'generation succeeded': (r) => r.status === 200,
      'passage fits the topic': () => passage === topic.text,
      'digest has 64 digits': () => crypto.sha256(body, 'hex').length === 64,
    });
    grounded.add(passed);
    delete exec.vu.tags.topic;
  });
}
