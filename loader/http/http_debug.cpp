#include "loader/http/http_debug.h"

#include "loader/http/http_client.h"

namespace loader {
namespace {

void show_headers(std::string& text, const lab::HttpHeaders& headers) {
  for (std::size_t i = 0; i < headers.size(); ++i) {
    text.append(headers[i].name).append(": ").append(headers[i].value).append("\n");
  }
  text += "\n";
}

}  // namespace

std::string shown_request(const lab::HttpRequest& request, std::string_view authority,
                          HttpDebug debug) {
  std::string text = "Request:\n" + request.method + " " + request.target + " HTTP/1.1\n";
  if (!request.headers.find("Host")) text.append("Host: ").append(authority).append("\n");
  if (!request.body.empty() && !request.headers.find("Content-Length")) {
    text += "Content-Length: " + std::to_string(request.body.size()) + "\n";
  }
  show_headers(text, request.headers);
  if (debug == HttpDebug::full) text += request.body;
  return text;
}

std::string shown_response(const HttpOutcome& outcome, HttpDebug debug) {
  std::string text =
      "Response:\nHTTP/1.1 " + std::to_string(outcome.head_status) + " " + outcome.reason + "\n";
  show_headers(text, outcome.headers);
  if (debug == HttpDebug::full) text += outcome.body;
  return text;
}

}  // namespace loader
