// Colours of a terminal, or none.
#pragma once

#include <string>
#include <string_view>

namespace loader {

/// Wraps texts in ANSI sequences when `is_on`; else gives them back as they are.
struct ConsoleStyle {
  bool is_on = false;

  [[nodiscard]] std::string bold(std::string_view text) const { return wrapped("1", text); }
  [[nodiscard]] std::string faint(std::string_view text) const { return wrapped("2", text); }
  [[nodiscard]] std::string red(std::string_view text) const { return wrapped("31", text); }
  [[nodiscard]] std::string green(std::string_view text) const { return wrapped("32", text); }
  [[nodiscard]] std::string yellow(std::string_view text) const { return wrapped("33", text); }
  [[nodiscard]] std::string cyan(std::string_view text) const { return wrapped("36", text); }
  [[nodiscard]] std::string faint_cyan(std::string_view text) const {
    return wrapped("2;36", text);
  }

 private:
  [[nodiscard]] std::string wrapped(std::string_view code, std::string_view text) const {
    if (!is_on) return std::string(text);
    return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
  }
};

}  // namespace loader
