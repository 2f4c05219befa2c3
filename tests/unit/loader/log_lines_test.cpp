#include "loader/command/log_lines.h"

#include <gtest/gtest.h>

#include <sstream>

#include "loader/command/log_output.h"

namespace loader {
namespace {

const lab::WallTime kAt{std::chrono::sys_days(std::chrono::year(2026) / 1 / 1) +
                        std::chrono::milliseconds(1500)};

TEST(LogLines, AreInK6sFormats) {
  const std::string_view line = "warning: a \"b\"";
  EXPECT_EQ(log_line(line, LogFormat::plain, kAt), line);
  EXPECT_EQ(log_line(line, LogFormat::raw, kAt), "a \"b\"");
  EXPECT_EQ(log_line(line, LogFormat::json, kAt),
            "{\"level\":\"warning\",\"msg\":\"a \\\"b\\\"\",\"time\":\"2026-01-01T00:00:01Z\"}");
  EXPECT_EQ(log_line(line, LogFormat::text, kAt),
            "time=\"2026-01-01T00:00:01Z\" level=warning msg=\"a \\\"b\\\"\"");
  EXPECT_EQ(log_line("error: x", LogFormat::text, kAt),
            "time=\"2026-01-01T00:00:01Z\" level=error msg=x");
  EXPECT_EQ(log_line("GET /", LogFormat::json, kAt),
            "{\"level\":\"info\",\"msg\":\"GET /\",\"time\":\"2026-01-01T00:00:01Z\"}");
}

TEST(LogLines, AStreamIsFormattedLineByLine) {
  std::ostringstream sink;
  LogBuffer buffer(sink, LogFormat::raw, [] { return kAt; });
  std::ostream stream(&buffer);
  stream << "warning: a" << 1 << "\n\nerror: b\nrest" << std::flush;
  EXPECT_EQ(sink.str(), "a1\nb\n");
}

TEST(LogLines, WhatIsIndentedBelongsToTheLineAbove) {
  std::ostringstream sink;
  LogBuffer buffer(sink, LogFormat::json, [] { return kAt; });
  std::ostream stream(&buffer);
  stream << std::unitbuf << "error: " << "Error: x\n\tat setup\n\tat y" << "\n" << "warning: z\n";
  EXPECT_EQ(sink.str(),
            "{\"level\":\"error\",\"msg\":\"Error: x\\n\\tat setup\\n\\tat y\","
            "\"time\":\"2026-01-01T00:00:01Z\"}\n"
            "{\"level\":\"warning\",\"msg\":\"z\",\"time\":\"2026-01-01T00:00:01Z\"}\n");
}

TEST(LogLines, OfAStreamThereAreThoseOfALevel) {
  std::ostringstream sink;
  LogBuffer buffer(sink, LogFormat::plain, [] { return kAt; }, ScriptLogLevel::warning);
  std::ostream stream(&buffer);
  stream << "a\nwarning: b\nloader: c\n" << std::flush;
  EXPECT_EQ(sink.str(), "warning: b\nloader: c\n");
}

TEST(LogLines, AFileMayHaveALevel) {
  struct Case {
    const char* text;
    const char* where;
    ScriptLogLevel least = ScriptLogLevel::debug;
  };
  constexpr Case kTable[]{
      {"stderr", "stderr"},
      {"none", "none"},
      {"file=a.log", "file=a.log"},
      {"file=a.log,", "file=a.log"},
      {"file=a.log,level=trace", "file=a.log"},
      {"file=a.log,level=info", "file=a.log", ScriptLogLevel::info},
      {"file=a.log,level=warn", "file=a.log", ScriptLogLevel::warning},
      {"file=a.log,level=WARNING", "file=a.log", ScriptLogLevel::warning},
      {"file=a.log,level=error", "file=a.log", ScriptLogLevel::error},
      {"file=a.log,level=fatal", "none"},
  };
  for (const Case& each : kTable) {
    const auto place = parse_log_output({"--log-output", each.text});
    ASSERT_TRUE(place) << each.text;
    EXPECT_EQ(place->where, each.where) << each.text;
    EXPECT_EQ(place->least, each.least) << each.text;
  }
  for (const char* const text : {"", "file=", "file=,level=info", "file=a.log,b", "file=a.log,x=y",
                                 "stderr,level=error", "loki=http://h"}) {
    EXPECT_FALSE(parse_log_output({"--log-output", text})) << text;
  }
  EXPECT_EQ(
      parse_log_output({"--log-output", "file=a,level=loud"}).error().to_string(),
      "--log-output: \"loud\" is no level; it takes trace, debug, info, warning, error, fatal "
      "or panic");
}

TEST(LogLines, ThereAreThreeFormats) {
  EXPECT_EQ(parse_log_format("json"), LogFormat::json);
  EXPECT_EQ(parse_log_format("text"), LogFormat::text);
  EXPECT_EQ(parse_log_format("raw"), LogFormat::raw);
  EXPECT_EQ(parse_log_format("xml"), std::nullopt);
}

}  // namespace
}  // namespace loader
