// The objects of OpenAI's chat API, field by field, as its public description has them.
import { Nothing, oneOf, optional, Whole } from "./shape.mjs";

export const model = { id: String, object: "model", created: Whole, owned_by: String };

export const usage = {
  prompt_tokens: Whole,
  completion_tokens: Whole,
  total_tokens: Whole,
  prompt_tokens_details: { cached_tokens: Whole, audio_tokens: optional(Whole) },
  completion_tokens_details: {
    reasoning_tokens: Whole,
    audio_tokens: optional(Whole),
    accepted_prediction_tokens: optional(Whole),
    rejected_prediction_tokens: optional(Whole),
  },
};

const finishReason = /^(stop|length|tool_calls|content_filter|function_call)$/;

export const completion = {
  id: /^chatcmpl-.+/,
  object: "chat.completion",
  created: Whole,
  model: String,
  choices: [
    {
      index: Whole,
      message: { role: "assistant", content: String, refusal: null, annotations: Nothing },
      logprobs: null,
      finish_reason: finishReason,
    },
  ],
  usage,
  service_tier: String,
  system_fingerprint: oneOf(null, String),
};

const toolCall = { id: /^call_.+/, type: "function", function: { name: /./, arguments: /^{.*}$/s } };

export const toolCallCompletion = {
  ...completion,
  choices: [
    {
      index: Whole,
      message: { role: "assistant", content: null, tool_calls: [toolCall], refusal: null, annotations: Nothing },
      logprobs: null,
      finish_reason: "tool_calls",
    },
  ],
};

const candidate = { token: String, logprob: Number, bytes: [Whole] };
export const tokenLogprob = { ...candidate, top_logprobs: [candidate] };

const chunkOf = (choices, usageShape) => ({
  id: /^chatcmpl-.+/,
  object: "chat.completion.chunk",
  created: Whole,
  model: String,
  service_tier: String,
  system_fingerprint: oneOf(null, String),
  choices,
  obfuscation: String,
  ...usageShape,
});

const choiceOf = (delta, finish_reason) => [{ index: Whole, delta, logprobs: null, finish_reason }];

/** The chunks of a stream in order; with include_usage each carries `usage`, null before the last. */
export function chunkShapes(usageShape) {
  return {
    role: chunkOf(choiceOf({ role: "assistant", content: "", refusal: optional(null) }, null), usageShape),
    content: chunkOf(choiceOf({ content: /./s }, null), usageShape),
    finish: chunkOf(choiceOf({}, finishReason), usageShape),
  };
}

/** The same of a stream of tool calls: each call begins with its id and name, the first with the role as well; its
 * arguments follow in pieces. */
export function toolCallChunkShapes(usageShape) {
  const chunk = (delta, finish_reason) => chunkOf(choiceOf(delta, finish_reason), usageShape);
  const start = { ...toolCall, index: Whole, function: { name: /./, arguments: "" } };
  return {
    role: chunk({ role: "assistant", content: null, tool_calls: [start], refusal: optional(null) }, null),
    start: chunk({ tool_calls: [start] }, null),
    piece: chunk({ tool_calls: [{ index: Whole, function: { arguments: /./s } }] }, null),
    finish: chunk({}, "tool_calls"),
  };
}

export const error = { message: /./, type: String, param: oneOf(null, String), code: oneOf(null, String) };
