#include "loader/script/script_http.h"

#include <algorithm>
#include <string_view>

#include "loader/flow/flow_samples.h"
#include "loader/flow/llm_result.h"
#include "loader/http/body_encoder.h"
#include "loader/http/header_rules.h"
#include "shared/base/json_text.h"
#include "shared/runtime/http_message.h"

namespace loader {
namespace {

namespace asio = boost::asio;

constexpr std::string_view kChatPath = "/chat/completions";

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

// What stands behind `"key":` in a JSON text. Within a string the quotes of such a key would be
// escaped, so it is a member's name wherever it is found.
std::string_view value_of(std::string_view json, std::string_view quoted_key) {
  for (std::size_t at = json.find(quoted_key); at != std::string_view::npos;
       at = json.find(quoted_key, at + 1)) {
    std::string_view rest = json.substr(at + quoted_key.size());
    while (!rest.empty() && is_space(rest.front())) rest.remove_prefix(1);
    if (rest.empty() || rest.front() != ':') continue;
    rest.remove_prefix(1);
    while (!rest.empty() && is_space(rest.front())) rest.remove_prefix(1);
    return rest;
  }
  return {};
}

OwnCookies own_cookies(const std::vector<ScriptRequest::Cookie>& cookies) {
  OwnCookies own;
  for (const ScriptRequest::Cookie& cookie : cookies) {
    own.field += (own.field.empty() ? "" : "; ") + cookie.name + "=" + cookie.value;
    if (cookie.replaces) own.replaced.push_back(cookie.name);
  }
  return own;
}

// What Go's client says of what it does not send; code 0 if all can be sent.
RequestError problem_of(const std::string& method, const HeaderList& headers) {
  if (!is_token(method)) {
    std::string quoted;
    lab::append_json_string(quoted, method);
    return {kErrorGeneric, "net/http: invalid method " + quoted};
  }
  for (const auto& [name, value] : headers) {
    if (header_name_problem(name)) {
      return {kErrorGeneric, "net/http: invalid header field name \"" + name + "\""};
    }
    if (header_value_problem(value)) {
      return {kErrorGeneric, "net/http: invalid header field value for \"" + name + "\""};
    }
    const bool is_host = lab::equals_ignore_case(name, "Host");
    if (is_host && host_value_problem(value)) return {kErrorGeneric, "http: invalid Host header"};
  }
  return {};
}

// With `cookies`, unless empty, for its Cookie field.
void append_header_block(const lab::HttpHeaders& headers, std::string_view cookies,
                         std::string& block) {
  if (cookies.empty()) return headers.append_to(block);
  lab::HttpHeaders with_cookies = headers;
  with_cookies.set("Cookie", cookies);
  with_cookies.append_to(block);
}

void build(const ScriptRequest& request, const Url& url, RunContext& context,
           lab::HttpRequest& sent) {
  sent.method = request.method;
  sent.target = url.target;
  sent.headers.clear();
  if (!context.user_agent().empty()) sent.headers.add("User-Agent", context.user_agent());
  for (const auto& [name, value] : request.headers) sent.headers.set(name, value);
  sent.body = request.body;
  if (request.encodings.empty()) return;
  // The built-in module lets through no coding that is not known.
  sent.body = encode_body(request.body, request.encodings).value();
  if (!sent.headers.find("Content-Encoding")) {
    sent.headers.set("Content-Encoding", request.encodings);
  }
}

void refuse(ScriptAnswer& answer, std::uint32_t code, std::string text) {
  answer.outcome = {};
  answer.outcome.error = {code, std::move(text)};
}

}  // namespace

std::optional<ChatTraits> chat_traits(std::string_view method, std::string_view target,
                                      std::string_view body) {
  if (method != "POST") return std::nullopt;
  const std::string_view path = target.substr(0, target.find('?'));
  const bool is_said = path.ends_with(kChatPath);
  if (!is_said && value_of(body, "\"messages\"").empty()) return std::nullopt;
  ChatTraits traits;
  const std::string_view model = value_of(body, "\"model\"");
  if (!model.empty() && model.front() == '"') {
    traits.model = model.substr(1, model.find('"', 1) - 1);
  } else if (!is_said) {
    return std::nullopt;
  }
  traits.is_stream = value_of(body, "\"stream\"").starts_with("true");
  return traits;
}

namespace {

/// One exchange under way: what its coroutine would hold otherwise.
class Exchange {
 public:
  Exchange(ScriptUser& user, ScriptExchange& exchange)
      : user_(user),
        context_(user.context()),
        request_(exchange.request),
        answer_(exchange.answer),
        sink_(exchange.sink),
        sent_(exchange.gateway.request),
        response_(exchange.gateway.response),
        metadata_(user.metadata_text()) {}

  /// False if there is nothing to send.
  bool begin() {
    answer_.redirected.reset();
    answer_.sent.clear();
    answer_.received.clear();
    const auto place = user_.run().steps.find(request_, gateway());
    if (!place) {
      refuse(answer_, kErrorInvalidUrl, "invalid URL: " + place.error().what);
      return false;
    }
    place_ = *place;
    problem_ = place_->problem;
    if (problem_.code == 0) problem_ = problem_of(request_.method, request_.headers);
    if (user_.run().steps.is_full()) {
      context_.warn_once("the script has more than " + std::to_string(ScriptSteps::kStepsMax) +
                         " different URLs; further ones are tagged \"" +
                         std::string(ScriptSteps::kFurther) +
                         "\"; give them a name by params.tags.name or http.url");
    }
    build(request_, place_->target.url, context_, sent_);
    jar_ = user_.jar(request_.jar);
    own_cookies_ = own_cookies(request_.cookies);
    if (user_.run().settings.meters_llm)
      chat_ = chat_traits(sent_.method, sent_.target, sent_.body);
    if (chat_ && chat_->is_stream) {
      meter_ = std::make_unique<StreamMeter>(context_.client().response_bytes_max);
    }
    if (user_.run().settings.request_seen) show_request();
    return true;
  }

  [[nodiscard]] GatewayCall call() {
    return {.step = &place_->step,
            .target = &place_->target,
            .request = &sent_,
            .meter = meter_.get(),
            .discards_body = !keeps_body() && !chat_,
            .names_unreached = false,
            .cookies = jar_,
            .own_cookies = request_.cookies.empty() ? nullptr : &own_cookies_,
            .base = user_.tags(),
            .timeout = request_.timeout,
            .redirects_max = request_.redirects_max.value_or(context_.client().redirects_max),
            .sink = sink_,
            .metadata = metadata_};
  }
  [[nodiscard]] GatewayResponse& response() { return response_; }
  /// Why it can't go out; code 0: it can.
  [[nodiscard]] const RequestError& problem() const { return problem_; }
  void fail() { fail_unsent(context_, call(), problem_, response_); }
  /// As it goes out, for the script to see.
  void note_sent() {
    const std::string cookies = cookie_field(call(), place_->target.url, context_.runtime());
    append_header_block(sent_.headers, cookies, answer_.sent);
  }

  void finish() {
    assess();
    if (response_.redirected) answer_.redirected = std::move(response_.redirected->url);
    std::swap(answer_.outcome, response_.outcome);
    if (answer_.outcome.has_response()) answer_.outcome.headers.append_to(answer_.received);
    if (!keeps_body()) answer_.outcome.body.clear();
  }

 private:
  [[nodiscard]] bool keeps_body() const { return request_.response_type != ResponseType::none; }
  void show_request() {
    const std::string model = chat_ ? chat_->model : "";
    const bool is_stream = chat_ && chat_->is_stream;
    const std::string key =
        sent_.method + " " + sent_.target + " " + model + (is_stream ? "s" : "");
    if (!user_.run().requests_seen.insert(key).second) return;
    Step step;
    step.timeout = request_.timeout;
    if (chat_) {
      step.action = ChatStep{.models = {{model, ""}},
                             .prompt = std::nullopt,
                             .body_tail = "",
                             .path = sent_.target,
                             .stream = is_stream,
                             .headers = {}};
    } else {
      step.action = HttpStep{sent_.method, sent_.target, {}, ""};
    }
    user_.run().settings.request_seen(std::move(step));
  }
  /// Whatever host a script names, in a simulation it is this one.
  [[nodiscard]] const Url* gateway() const {
    return user_.run().settings.reaches_gateway_only ? &context_.settings().base_url : nullptr;
  }
  void assess() {
    const IterationContext& iteration = user_.iteration();
    const RequestRecord of_iteration{.intended_start = iteration.intended_start,
                                     .vu = iteration.vu,
                                     .iteration = iteration.iteration_in_vu};
    const GatewayCall sent = call();
    if (!chat_) {
      return record_request(context_, of_iteration, {.call = sent, .response = response_});
    }
    static const JsonPointers kNothingAsked;
    JsonBody body(kNothingAsked, response_.outcome.body);
    AnswerReport report = report_answer(response_.outcome, meter_.get(), body);
    record_request(context_, of_iteration,
                   {.call = sent, .response = response_, .model = chat_->model, .answer = &report});
    const Metrics::OfRequest of_request(context_.metrics(), request_id_of(sent_), metadata_);
    TagSetId tags = response_.tags;
    if (!chat_->model.empty()) tags = context_.tags().with(tags, "model", chat_->model);
    const LlmResult result =
        assess_answer(response_.outcome, std::move(report), chat_->is_stream, Objectives{});
    add_llm_samples(context_.metrics(), result, llm_tags(context_.tags(), result, tags),
                    response_.outcome.finished);
  }

  ScriptUser& user_;
  RunContext& context_;
  ScriptRequest& request_;
  ScriptAnswer& answer_;
  BodySink* sink_;
  lab::HttpRequest& sent_;
  GatewayResponse& response_;
  const std::string metadata_;  ///< As it was when the request was made.
  const ScriptStep* place_ = nullptr;
  RequestError problem_;
  CookieJar* jar_ = nullptr;
  OwnCookies own_cookies_;
  std::optional<ChatTraits> chat_;
  std::unique_ptr<StreamMeter> meter_;
};

}  // namespace

asio::awaitable<void> perform(ScriptUser* user, HttpClient* client, ScriptExchange* exchange) {
  const auto under_way = std::make_unique<Exchange>(*user, *exchange);
  if (!under_way->begin()) co_return;
  if (under_way->problem().code == 0) {
    under_way->note_sent();
    co_await send_to_gateway(&user->context(), client, under_way->call(), &under_way->response());
  } else {
    under_way->fail();
  }
  under_way->finish();
}

asio::awaitable<void> perform_by_any(ScriptUser* user, ScriptExchange* exchange) {
  HttpClient* const client = user->take_client();
  try {
    co_await perform(user, client, exchange);
  } catch (...) {
    user->give_back(client);
    throw;
  }
  user->give_back(client);
}

}  // namespace loader
