// The schemas in fixtures/schema and the pages in docs/ are what the tables of fields say.
// UPDATE_GOLDEN=1 in the environment writes them anew; read the difference before committing it.
#include <gtest/gtest.h>

#include <string>

#include "golden_file.h"
#include "loader/merge/run_file.h"
#include "loader/prove/experiment.h"
#include "loader/prove/mutant_family.h"
#include "loader/suite/suite.h"
#include "mockgw/config/gateway_config.h"
#include "mockgw/profiles/profile_fields.h"
#include "reference_page.h"
#include "shared/base/json.h"
#include "shared/base/schema_printer.h"
#include "shared/sim/network_model.h"

namespace {

using lab::Json;
using lab::SchemaDialect;
using lab::SchemaPrinter;

void expect_reference(const std::string& kind, const Json& schema) {
  lab::expect_golden_file(LAB_SOURCE_FOLDER "/fixtures/schema/" + kind + ".schema.json",
                          schema.dump(2) + "\n");
  lab::expect_golden_file(LAB_SOURCE_FOLDER "/docs/" + kind + ".md", lab::reference_page(schema));
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

// A timeline's phase sets any of the file's sections but those that cannot change; null takes one
// away (RFC 7396).
Json phase_of(const Json& root) {
  Json sections = Json::object();
  for (const auto& [key, member] : root["properties"].items()) {
    const bool is_fixed = key == "$schema" || key == "listen" || key == "seed" ||
                          key == "timeline" || key == "limits" || key == "timeouts";
    if (!is_fixed) sections[key] = {{"anyOf", {member, {{"type", "null"}}}}};
  }
  return Json{{"description", "Sections of the file, as they are in the meantime."},
              {"type", "object"},
              {"additionalProperties", false},
              {"properties", std::move(sections)}};
}

TEST(Reference, OfGatewayFiles) {
  SchemaPrinter printer(SchemaDialect::plain);
  const auto defaults = mockgw::read_gateway_config("{}", "gateway.json").value();
  const Json root = lab::StructType::of<mockgw::GatewayConfig>().schema(printer, &defaults);
  (void)printer.named("phase", [&] { return phase_of(root); });
  expect_reference("gateway", printer.document("Gateway file of mockgw",
                                               "How the mock gateway behaves and fails. Every "
                                               "section may be left out. Comments are allowed.",
                                               root));
}

TEST(Reference, OfProfileFiles) {
  expect_reference("profile",
                   schema_of(SchemaDialect::plain, mockgw::Profile(), "Profile file of mockgw",
                             "Whose behaviour is imitated: for each condition the answer that a "
                             "client sees. Comments are allowed."));
}

TEST(Reference, OfSuiteFiles) {
  SchemaPrinter printer(SchemaDialect::variables);
  const Json root = loader::suite_schema(printer);
  expect_reference("suite", printer.document("Suite file of loader",
                                             "Loads, thresholds, and what users do. Comments are "
                                             "allowed.",
                                             root));
}

TEST(Reference, OfMutantFiles) {
  SchemaPrinter printer(SchemaDialect::plain);
  const Json root = loader::mutants_schema(printer);
  expect_reference("mutant",
                   printer.document("Mutant file of loader, for prove --mutants",
                                    "Ways in which a gateway goes wrong. In patches, the text "
                                    "<size> stands for the size, <fraction> for a hundredth of it, "
                                    "<middle> for when a stretch of <size> seconds in the middle "
                                    "of the run begins, in seconds, <share> for <size> percent of "
                                    "the suite's users, and <model> for the suite's last model; "
                                    "an object {\"times\": x} for the sound gateway's own value, "
                                    "x times over. Comments are allowed.",
                                    root));
}

TEST(Reference, OfExperimentFiles) {
  SchemaPrinter printer(SchemaDialect::plain);
  const Json root = loader::experiment_schema(printer);
  expect_reference("experiment",
                   printer.document("Experiment file of loader",
                                    "Suites, broken gateways, and what is expected of their "
                                    "thresholds. Comments are allowed.",
                                    root));
}

TEST(Reference, OfRunFiles) {
  SchemaPrinter printer(SchemaDialect::plain);
  const Json root = loader::run_file_schema(printer);
  expect_reference("run",
                   printer.document("Run file of loader, as run --mergeable writes it",
                                    "What one process has measured of a run, for loader merge to "
                                    "put together with what others have. Compressed if its name "
                                    "ends in .gz.",
                                    root));
}

}  // namespace
