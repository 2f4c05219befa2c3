/**
 * Load test for chat completion services.
 *
 * @author  Platform Performance Guild
 * @version 2.4
 */
import http from 'k6/http';
import { check, fail, sleep } from 'k6';
import { Counter, Rate, Trend } from 'k6/metrics';

/** Everything that may be configured from outside. */
class Configuration {
  static #instance = null;

  #values;

  constructor(environment) {
    this.#values = Object.freeze({
      baseUrl: environment.BASE_URL ?? 'http://localhost:8080',
      apiKey: environment.API_KEY ?? 'test-api-key',
      model: environment.MODEL ?? 'gpt-4o-mini',
      durationSeconds: Number.parseInt(environment.DURATION_SECONDS ?? '30', 10),
      users: Number.parseInt(environment.USERS ?? '4', 10),
    });
  }

  static getInstance() {
    if (Configuration.#instance === null) {
      Configuration.#instance = new Configuration(__ENV);
    }
    return Configuration.#instance;
  }

  get(key) {
    if (!Object.hasOwn(this.#values, key)) {
      throw new ConfigurationError(`no such setting: ${key}`);
    }
    return this.#values[key];
  }
}

class ConfigurationError extends Error {
  constructor(message, options) {
    super(message, options);
    this.name = this.constructor.name;
  }
}

class UnexpectedAnswerError extends Error {
  constructor(status, detail, cause) {
    super(`unexpected answer (status ${status}): ${detail}`, { cause });
    this.name = 'UnexpectedAnswerError';
    this.status = status;
  }
}

/** The roles that a message can have. */
const Role = Object.freeze({
  SYSTEM: Symbol('system'),
  USER: Symbol('user'),
  ASSISTANT: Symbol('assistant'),

  nameOf(role) {
    return role.description;
  },
});

class Message {
  constructor(role, content) {
    this.role = role;
    this.content = content;
  }

  toJSON() {
    return { role: Role.nameOf(this.role), content: this.content };
  }
}

/** Builds a request step by step. */
class ChatRequestBuilder {
  #model = '';
  #messages = [];
  #parameters = new Map();

  static newBuilder() {
    return new ChatRequestBuilder();
  }

  withModel(model) {
    this.#model = model;
    return this;
  }

  withMessage(role, content) {
    this.#messages.push(new Message(role, content));
    return this;
  }

  withParameter(name, value) {
    this.#parameters.set(name, value);
    return this;
  }

  build() {
    if (this.#messages.length === 0) throw new ConfigurationError('a request needs at least one message');
    return { model: this.#model, messages: [...this.#messages], ...Object.fromEntries(this.#parameters) };
  }
}

/** What all clients have in common. */
class AbstractClient {
  constructor(configuration) {
    if (new.target === AbstractClient) throw new TypeError('AbstractClient is abstract');
    this.configuration = configuration;
  }

  get headers() {
    return {
      'Content-Type': 'application/json',
      Accept: 'application/json',
      Authorization: `Bearer ${this.configuration.get('apiKey')}`,
    };
  }

  post(path, payload, tags = {}) {
    const url = `${this.configuration.get('baseUrl')}${path}`;
    return http.post(url, JSON.stringify(payload), { headers: this.headers, tags, timeout: '60s' });
  }
}

class ChatClient extends AbstractClient {
  static PATH = '/v1/chat/completions';

  complete(request) {
    const response = super.post(ChatClient.PATH, request, { operation: 'chat' });
    return new ChatAnswer(response);
  }
}

class ChatAnswer {
  #response;
  #document;

  constructor(response) {
    this.#response = response;
  }

  get response() {
    return this.#response;
  }

  get status() {
    return this.#response.status;
  }

  get document() {
    if (this.#document === undefined) {
      try {
        this.#document = this.#response.json();
      } catch (error) {
        throw new UnexpectedAnswerError(this.status, 'no JSON', error);
      }
    }
    return this.#document;
  }

  get text() {
    return this.document?.choices?.[0]?.message?.content ?? '';
  }

  get tokens() {
    return this.document?.usage?.completion_tokens ?? 0;
  }
}

/** Where the results go. */
class Statistics {
  constructor() {
    this.successes = new Rate('chat_success');
    this.tokens = new Counter('chat_tokens');
    this.latency = new Trend('chat_latency', true);
    this.words = new Trend('chat_words');
  }

  record(answer) {
    this.successes.add(true);
    this.tokens.add(answer.tokens);
    this.latency.add(answer.response.timings.duration);
    this.words.add(answer.text.split(/\s+/u).filter((word) => word.length > 0).length);
  }

  recordFailure() {
    this.successes.add(false);
  }
}

/** What one user does. */
class ChatJourney {
  static QUESTIONS = Object.freeze([
    'Summarise the rules of chess for a child.',
    'What should I see in Lisbon in one day?',
    'Write a haiku about rain on a tin roof.',
  ]);

  constructor(client, statistics) {
    this.client = client;
    this.statistics = statistics;
  }

  run(iteration) {
    const question = ChatJourney.QUESTIONS[iteration % ChatJourney.QUESTIONS.length];
    const request = ChatRequestBuilder.newBuilder()
      .withModel(this.client.configuration.get('model'))
      .withMessage(Role.SYSTEM, 'You answer briefly.')
      .withMessage(Role.USER, question)
      .withParameter('max_tokens', 64)
      .withParameter('temperature', 0.2)
      .build();
    try {
      const answer = this.client.complete(request);
      const isGood = check(answer, {
        'status is 200': (it) => it.status === 200,
        'answer has text': (it) => it.text.length > 0,
        'answer has usage': (it) => it.tokens > 0,
      });
      if (isGood) this.statistics.record(answer);
      else this.statistics.recordFailure();
    } catch (error) {
      this.statistics.recordFailure();
      if (error instanceof UnexpectedAnswerError) fail(error.message);
      throw error;
    } finally {
      sleep(0.25);
    }
  }
}

const configuration = Configuration.getInstance();
const journey = new ChatJourney(new ChatClient(configuration), new Statistics());

export const options = {
  vus: configuration.get('users'),
  duration: `${configuration.get('durationSeconds')}s`,
  thresholds: {
    chat_success: ['rate>0.95'],
    chat_latency: ['p(95)<10000'],
    'http_req_duration{operation:chat}': ['p(95)<10000'],
  },
};

export default function main() {
  journey.run(__ITER);
}
