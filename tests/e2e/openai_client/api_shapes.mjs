// The objects of OpenAI's chat API, field by field, as its public description has them.
import { oneOf, optional, Whole } from "./shape.mjs";

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
      message: { role: "assistant", content: String, refusal: null },
      logprobs: null,
      finish_reason: finishReason,
    },
  ],
  usage,
  service_tier: String,
  system_fingerprint: oneOf(null, String),
};

const chunkOf = (choices, usageShape) => ({
  id: /^chatcmpl-.+/,
  object: "chat.completion.chunk",
  created: Whole,
  model: String,
  service_tier: String,
  system_fingerprint: oneOf(null, String),
  choices,
  obfuscation: optional(String),
  ...usageShape,
});

/** The chunks of a stream in order; with include_usage each carries `usage`, null before the last. */
export function chunkShapes(usageShape) {
  const choice = (delta, finish_reason) => [{ index: Whole, delta, logprobs: null, finish_reason }];
  return {
    role: chunkOf(choice({ role: "assistant", content: "", refusal: optional(null) }, null), usageShape),
    content: chunkOf(choice({ content: /./s }, null), usageShape),
    finish: chunkOf(choice({}, finishReason), usageShape),
  };
}

export const error = { message: /./, type: String, param: oneOf(null, String), code: oneOf(null, String) };
