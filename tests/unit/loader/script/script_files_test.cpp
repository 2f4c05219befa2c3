#include "loader/script/script_files.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/support/temporary_folder.h"

namespace {

using loader::ScriptFetcher;
using loader::ScriptFiles;

const std::string kMain = "file:///work/tests/main.js";
const std::string kRemote = "https://cdn.example/lib/1.0/index.js";

ScriptFiles files_of(const std::string& path, ScriptFetcher fetcher = {}) {
  return {"", path, "/", std::move(fetcher)};
}

/// The URL, or "error: " and the error.
std::string resolved(std::string_view specifier, const std::string& base = kMain) {
  const auto resolved = files_of("/work/tests/main.js").resolve(specifier, base);
  if (!resolved) return "error: " + resolved.error().to_string();
  return (resolved->is_builtin ? "built in: " : "") + resolved->url;
}

loader::ResolvedModule at(const std::string& url) { return {.is_builtin = false, .url = url}; }

TEST(ScriptFiles, BuiltInModulesGoByTheirSpecifier) {
  for (const char* name : {"k6", "k6/http", "k6/metrics", "k6/data", "k6/execution", "k6/encoding",
                           "k6/crypto", "k6/timers", "k6/x/sse"}) {
    EXPECT_EQ(resolved(name), "built in: " + std::string(name));
    EXPECT_EQ(resolved(name, kRemote), "built in: " + std::string(name));
  }
}

TEST(ScriptFiles, PathsCountFromTheImportingFile) {
  EXPECT_EQ(resolved("./a.js"), "file:///work/tests/a.js");
  EXPECT_EQ(resolved("../lib/a.js"), "file:///work/lib/a.js");
  EXPECT_EQ(resolved("./b/../c/./a.js"), "file:///work/tests/c/a.js");
  EXPECT_EQ(resolved("/lib/a.js"), "file:///lib/a.js");
  EXPECT_EQ(resolved("./a"), "file:///work/tests/a");  // No extension is guessed.
  EXPECT_EQ(resolved("file:///lib/./a.js"), "file:///lib/a.js");
  EXPECT_EQ(resolved("../../../../a.js"), "file:///a.js");
}

TEST(ScriptFiles, PathsOfRemoteModulesStayOnTheirHost) {
  EXPECT_EQ(resolved("./a.js", kRemote), "https://cdn.example/lib/1.0/a.js");
  EXPECT_EQ(resolved("../a.js", kRemote), "https://cdn.example/lib/a.js");
  EXPECT_EQ(resolved("/a.js", kRemote), "https://cdn.example/a.js");
  EXPECT_EQ(resolved("./a.js", "https://cdn.example"), "https://cdn.example/a.js");
  EXPECT_EQ(resolved("https://other.example/a.js?v=1", kRemote), "https://other.example/a.js?v=1");
  EXPECT_EQ(resolved("https://other.example/a.js"), "https://other.example/a.js");
}

TEST(ScriptFiles, WhatIsNoModuleIsToldInTheWordsOfK6) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"lodash",
       R"(The moduleSpecifier "lodash" couldn't be recognised as something k6 supports.)"},
      {"", R"(The moduleSpecifier "" couldn't be recognised as something k6 supports.)"},
      {"http://h/x.js",
       "only supported schemes for imports are file and https, http://h/x.js has `http`"},
      {"k6/nothing", "unknown module: k6/nothing"},
      {"k6/", "unknown module: k6/"},
      {"k6/x/kafka",
       R"(unknown modules ["k6/x/kafka"] were tried to be loaded, but couldn't - extensions of k6 )"
       R"(can't be loaded; of them only "k6/x/sse" is built in)"},
  };
  for (const auto& [specifier, text] : cases) EXPECT_EQ(resolved(specifier), "error: " + text);
  EXPECT_EQ(resolved("file:///etc/passwd", kRemote),
            "error: origin (" + kRemote + ") not allowed to load local file: file:///etc/passwd");
}

TEST(ScriptFiles, ModulesThatK6HasAreRefusedWithAdvice) {
  for (const char* name : {"k6/browser", "k6/html", "k6/net/grpc", "k6/ws", "k6/websockets",
                           "k6/secrets", "k6/experimental/websockets", "k6/experimental/fs",
                           "k6/experimental/csv", "k6/experimental/streams", "k6/crypto/x509"}) {
    const std::string text = resolved(name);
    EXPECT_TRUE(text.starts_with("error: the module \"" + std::string(name) +
                                 "\" is not built into loader: "))
        << text;
  }
}

TEST(ScriptFiles, TheMainModuleIsThereFromTheBeginning) {
  ScriptFiles of_file("let a;", "/work/./tests/main.js", "/else", {});
  EXPECT_EQ(of_file.main_url(), kMain);
  EXPECT_EQ(*(*of_file.module(at(kMain)))->text, "let a;");
  // Standard input stands in the folder that it was started in.
  const ScriptFiles of_input("", "", "/work/tests", {});
  EXPECT_EQ(of_input.main_url(), "file:///work/tests/-");
  EXPECT_EQ(ScriptFiles::join("./a.json", of_input.main_url()), "file:///work/tests/a.json");
}

TEST(ScriptFiles, ModulesAreReadOnceAndNoneAfterDiscovery) {
  const lab::TemporaryFolder folder;
  const std::string path = folder.write("a.js", "first");
  ScriptFiles files = files_of(folder.path("main.js"));
  const auto first = files.module(at("file://" + path));
  ASSERT_TRUE(first);
  EXPECT_EQ(*(*first)->text, "first");
  EXPECT_EQ((*first)->url, "file://" + path);
  (void)folder.write("a.js", "second");
  EXPECT_EQ(*files.module(at("file://" + path)), *first);
  const auto missing = files.module(
      {.is_builtin = false, .url = "file://" + folder.path("none.js"), .specifier = "./none.js"});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().to_string(),
            "The moduleSpecifier \"./none.js\" couldn't be found on local disk. Make sure that "
            "you've specified the right path to the file: " +
                folder.path("none.js") + ": cannot be opened: No such file or directory");
  files.lock();
  EXPECT_EQ(*(*files.module(at("file://" + path)))->text, "first");
  const auto late = files.module(at("file:///b.js"));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().to_string(),
            "the module \"file:///b.js\" was not previously resolved during initialization "
            "(__VU==0)");
}

TEST(ScriptFiles, RemoteModulesComeFromTheFetcher) {
  int fetched = 0;
  ScriptFetcher fetcher;
  fetcher.fetch = [&fetched](const std::string& url) -> lab::Result<std::string> {
    ++fetched;
    if (url != kRemote) return lab::Error{url, "404 Not Found"};
    return {boost::system::in_place_value, "export default 1"};
  };
  ScriptFiles files = files_of("/main.js", fetcher);
  EXPECT_EQ(*(*files.module(at(kRemote)))->text, "export default 1");
  EXPECT_EQ((*files.module(at(kRemote)))->url, kRemote);
  EXPECT_EQ(fetched, 1);
  const auto missing = files.module(at("https://h/none.js"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().to_string(), "https://h/none.js: 404 Not Found");
  ScriptFiles alone = files_of("/main.js");
  EXPECT_EQ(alone.module(at(kRemote)).error().to_string(),
            "imports over the network are not possible here");
}

TEST(ScriptFiles, TypeScriptIsTranslatedInPlace) {
  ScriptFetcher fetcher;
  fetcher.to_javascript = [](const std::string& text,
                             const std::string& url) -> lab::Result<std::string> {
    if (text.empty()) return lab::Error{url, "nothing there"};
    return {boost::system::in_place_value, "js of " + text};
  };
  loader::ModuleSource source{.url = "file:///a.ts",
                              .text = std::make_shared<const std::string>("let a: number")};
  const ScriptFiles files = files_of("/main.ts", fetcher);
  ASSERT_TRUE(files.translate(source));
  EXPECT_EQ(*source.text, "js of let a: number");
  EXPECT_EQ(*source.original, "let a: number");
  source.text = std::make_shared<const std::string>();
  EXPECT_EQ(files.translate(source).error().to_string(), "file:///a.ts: nothing there");
  EXPECT_EQ(files_of("/main.ts").translate(source).error().to_string(),
            "file:///a.ts: TypeScript can't be read here");
}

TEST(ScriptFiles, OpenedFilesAreReadOnceAndNoneAfterDiscovery) {
  const lab::TemporaryFolder folder;
  const std::string path = folder.write("data/a.json", "[1]");
  const std::string base = "file://" + folder.path("main.js");
  ScriptFiles files = files_of(folder.path("main.js"));
  const auto first = files.open("./data/a.json", base);
  ASSERT_TRUE(first);
  EXPECT_EQ(**first, "[1]");
  (void)folder.write("data/a.json", "[2]");
  // However it is called, it is the same file.
  EXPECT_EQ(*files.open("data/../data/a.json", base), *first);
  EXPECT_EQ(*files.open("file://" + path, base), *first);
  EXPECT_EQ(*files.open(path, base), *first);
  files.lock();
  EXPECT_EQ(**files.open("data/a.json", base), "[1]");
  EXPECT_EQ(files.read_files(),
            (std::map<std::string, std::string_view>{{"file://" + folder.path("main.js"), ""},
                                                     {"file://" + path, "[1]"}}));
  const auto late = files.open("data/b.json", base);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().to_string(),
            "open() can't be used with files that weren't previously opened during initialization "
            "(__VU==0), path: \"" +
                folder.path("data/b.json") + "\"");
}

TEST(ScriptFiles, WhatCannotBeOpenedIsToldInTheWordsOfK6) {
  const lab::TemporaryFolder folder;
  (void)folder.write("data/a.json", "");
  const std::string base = "file://" + folder.path("main.js");
  ScriptFiles files = files_of(folder.path("main.js"));
  EXPECT_EQ(files.open("", base).error().to_string(),
            "open() can't be used with an empty filename");
  EXPECT_EQ(files.open("./data", base).error().to_string(),
            "open() can't be used with directories, path: \"" + folder.path("data") + "\"");
  EXPECT_EQ(files.open("./none.txt", base).error().to_string(),
            "stat " + folder.path("none.txt") + ": no such file or directory");
  EXPECT_EQ(files.open("./a.json", kRemote).error().to_string(),
            "open() can only be used with files, not with https://cdn.example/lib/1.0/a.json");
}

TEST(ScriptFiles, WhatIsCompiledInReachesItsLike) {
  const std::string main = "builtin:///scripts/smoke-test.js";
  ScriptFiles files = files_of(main);
  EXPECT_EQ(files.main_url(), main);
  const auto beside = files.resolve("./k6-config.js", main).value();
  EXPECT_EQ(beside.url, "builtin:///scripts/k6-config.js");
  EXPECT_NE(files.module(beside).value()->text->find("export"), std::string::npos);
  EXPECT_NE(files.open("../prompts/general.json", main).value()->find('['), std::string::npos);
  // Nothing of the machine's, whatever it names.
  for (const char* const path : {"/etc/passwd", "../../../../etc/passwd"}) {
    EXPECT_EQ(files.open(path, main).error().to_string(), "etc/passwd: no such file is built in");
  }
}

TEST(ScriptFiles, NamesThatABuiltInModuleLacksAreKeptOnce) {
  ScriptFiles files = files_of("/main.js");
  EXPECT_TRUE(files.extra_exports("k6").empty());
  EXPECT_TRUE(files.add_extra_export("k6", "none"));
  EXPECT_FALSE(files.add_extra_export("k6", "none"));
  EXPECT_TRUE(files.add_extra_export("k6/http", "none"));
  EXPECT_EQ(files.extra_exports("k6"), std::vector<std::string>{"none"});
}

}  // namespace
