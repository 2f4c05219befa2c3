// Compares a text with a file of fixtures/golden, byte for byte. UPDATE_GOLDEN=1 in the environment
// of unit_loader_metrics_tests writes the files anew; read the difference before committing it.
#pragma once

#include <string>

namespace loader {

void expect_golden(const std::string& text, const std::string& name);

}  // namespace loader
