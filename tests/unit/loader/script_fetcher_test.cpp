#include "loader/command/script_fetcher.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "shared/base/json_reader.h"
#include "tests/support/temporary_folder.h"

namespace loader {
namespace {

const std::string kUrl = "https://cdn.example/a.js";

/// A network of these documents, and what has been asked for.
struct Network {
  std::map<std::string, Download> documents;
  std::vector<std::string> asked;

  [[nodiscard]] GetDocument get() {
    return [this](const std::string& url) -> lab::Result<Download> {
      asked.push_back(url);
      const auto found = documents.find(url);
      if (found == documents.end()) return lab::Error{{}, "dial: connection refused"};
      return found->second;
    };
  }
};

TEST(ScriptFetcher, AsksAsK6DoesAndKeepsTheAnswer) {
  const lab::TemporaryFolder folder;
  const std::string cache = folder.path("loader/modules");
  Network network{{{kUrl + "?_k6=1", {200, "export default 1"}}}, {}};
  EXPECT_EQ(*fetch_module(kUrl, cache, network.get()), "export default 1");
  EXPECT_EQ(*fetch_module(kUrl, cache, network.get()), "export default 1");
  EXPECT_EQ(network.asked, std::vector<std::string>{kUrl + "?_k6=1"});
  EXPECT_EQ(*lab::read_text_file(module_cache_file(cache, kUrl)), "export default 1");
  // Another address is another file, whatever stands in its query.
  Network other{{{kUrl + "?v=2&_k6=1", {200, "export default 2"}}}, {}};
  EXPECT_EQ(*fetch_module(kUrl + "?v=2", cache, other.get()), "export default 2");
}

TEST(ScriptFetcher, NamesFilesByTheHashOfTheAddress) {
  EXPECT_EQ(module_cache_file("/c", "abc"),
            "/c/ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(ScriptFetcher, AsksAgainWithoutK6sMark) {
  Network network{{{kUrl + "?_k6=1", {400, "what?"}}, {kUrl, {200, "text"}}}, {}};
  EXPECT_EQ(*fetch_module(kUrl, "", network.get()), "text");
  EXPECT_EQ(network.asked, (std::vector<std::string>{kUrl + "?_k6=1", kUrl}));
}

TEST(ScriptFetcher, SaysWhyThereIsNoText) {
  const auto refused = [](Network network) {
    const lab::TemporaryFolder folder;
    const std::string error = fetch_module(kUrl, folder.path("c"), network.get()).error().what;
    // What is no answer is asked for again the next time.
    EXPECT_FALSE(lab::read_text_file(module_cache_file(folder.path("c"), kUrl)));
    return error;
  };
  const std::string begin = "The moduleSpecifier \"" + kUrl +
                            "\" couldn't be retrieved from the resolved url \"" + kUrl +
                            "\". Error : \"";
  EXPECT_EQ(refused({}), begin + "dial: connection refused\"");
  EXPECT_EQ(refused({{{kUrl, {404, "no"}}}, {}}), begin + "not found: " + kUrl + "\"");
  EXPECT_EQ(refused({{{kUrl, {503, "no"}}}, {}}),
            begin + "wrong status code (503) for: " + kUrl + "\"");
}

TEST(ScriptFetcher, WhatCannotBeKeptIsReadAllTheSame) {
  const lab::TemporaryFolder folder;
  Network network{{{kUrl + "?_k6=1", {200, "text"}}}, {}};
  // A file stands where the folder would.
  EXPECT_EQ(*fetch_module(kUrl, folder.write("c", "") + "/modules", network.get()), "text");
}

TEST(ScriptFetcher, KeepsModulesWhereTheUserKeepsSuch) {
  const auto folder = [](std::map<std::string, std::string> variables) {
    return module_cache_folder([variables](const std::string& name) -> std::optional<std::string> {
      const auto found = variables.find(name);
      if (found == variables.end()) return std::nullopt;
      return found->second;
    });
  };
  EXPECT_EQ(folder({{"XDG_CACHE_HOME", "/c"}, {"HOME", "/h"}}), "/c/loader/modules");
  EXPECT_EQ(folder({{"XDG_CACHE_HOME", "c"}, {"HOME", "/h"}}), "/h/.cache/loader/modules");
  EXPECT_EQ(folder({{"HOME", "/h"}}), "/h/.cache/loader/modules");
  EXPECT_EQ(folder({}), "");
}

TEST(ScriptFetcher, EsbuildsComplaintIsASyntaxError) {
  const auto text = [](const char* errors) {
    return typescript_error(errors, "file:///a.ts").to_string();
  };
  EXPECT_EQ(text("✘ [ERROR] Unexpected \"=\"\n\n    <stdin>:1:7:\n      1 │ let a: = 1;\n"),
            "SyntaxError: file:///a.ts:1:7: Unexpected \"=\"");
  EXPECT_EQ(text("✘ [ERROR] Invalid loader\n"), "SyntaxError: file:///a.ts: Invalid loader");
  EXPECT_EQ(text("panic: out of luck\n"), "SyntaxError: file:///a.ts: panic: out of luck");
  EXPECT_EQ(text(""), "SyntaxError: file:///a.ts: esbuild can't read it");
}

}  // namespace
}  // namespace loader
