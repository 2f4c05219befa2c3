import http, { type RefinedResponse, type ResponseType } from 'k6/http';
import { check, sleep } from 'k6';
import { Trend } from 'k6/metrics';
import type { Options } from 'k6/options';
import { type ChatAnswer, type Message, Role, textOf } from './typed_answer.ts';

const base: string = __ENV.BASE_URL || 'http://localhost:8080';
const latency: Trend = new Trend('typed_latency', true);

export const options = {
  vus: 2,
  iterations: 6,
  thresholds: {
    checks: ['rate>0.99'],
  },
} satisfies Options;

interface Timed<T> {
  value: T;
  milliseconds: number;
}

function timed<T>(work: () => T): Timed<T> {
  const start = Date.now();
  return { value: work(), milliseconds: Date.now() - start };
}

abstract class Conversation {
  protected readonly messages: Message[] = [];

  constructor(private readonly model: string, public limit: number = 20) {}

  protected abstract opening(): string;

  ask(): RefinedResponse<ResponseType | undefined> {
    this.messages.push({ role: Role.User, content: this.opening() });
    return http.post(
      `${base}/v1/chat/completions`,
      JSON.stringify({ model: this.model, messages: this.messages, max_tokens: this.limit }),
      { headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${__ENV.API_KEY || 'test-api-key'}` } },
    );
  }
}

class Greeting extends Conversation {
  protected override opening(): string {
    return 'Good morning!';
  }
}

export default function (): void {
  const { value: response, milliseconds } = timed(() => new Greeting('gpt-4').ask());
  latency.add(milliseconds);
  const answer = response.json() as unknown as ChatAnswer;
  check(response, {
    'status is 200': (r) => r.status === 200,
    'says something': () => textOf(answer)!.length > 0,
    'is from the assistant': () => answer.choices[0].message.role === Role.Assistant,
  });
  sleep(0.1);
}
