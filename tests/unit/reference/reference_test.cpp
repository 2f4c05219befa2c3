// The schemas in fixtures/schema and the pages in docs/ are what the tables of fields say.
// UPDATE_GOLDEN=1 in the environment writes them anew; read the difference before committing it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "reference_page.h"
#include "shared/base/json.h"
#include "shared/base/schema_printer.h"
#include "shared/sim/network_model.h"

namespace {

using lab::Json;
using lab::SchemaDialect;
using lab::SchemaPrinter;

void expect_file(const std::string& name, const std::string& text) {
  const std::string path = std::string(LAB_SOURCE_FOLDER) + "/" + name;
  if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << text;
  std::ifstream file(path, std::ios::binary);
  ASSERT_TRUE(file) << path;
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), text) << path;
}

void expect_reference(const std::string& kind, const Json& schema) {
  expect_file("fixtures/schema/" + kind + ".schema.json", schema.dump(2) + "\n");
  expect_file("docs/" + kind + ".md", lab::reference_page(schema));
}

template <class File>
Json schema_of(SchemaDialect dialect, const File& defaults, const char* title, const char* about) {
  SchemaPrinter printer(dialect);
  const Json root = lab::StructType::of<File>().schema(printer, &defaults);
  return printer.document(title, about, root);
}

TEST(Reference, OfNetworkFiles) {
  expect_reference("network", schema_of(SchemaDialect::variables, lab::NetworkModel{},
                                        "Network file of loader, for --network",
                                        "The network of simulated runs, as under a suite's key "
                                        "network. Comments are allowed."));
}

}  // namespace
