// Makes the output that "--out KIND=ARGUMENT" asks for.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "loader/delivery/output_context.h"
#include "loader/outputs/sample_output.h"

namespace loader {

/// Opens "json=FILE", "influxdb=ADDRESS" and so on. The Error names the kinds there are, why the
/// file can't be written, or what is wrong with the address or a variable; it shows no credentials.
[[nodiscard]] lab::Result<std::unique_ptr<SampleOutput>> make_output(std::string_view text,
                                                                     const OutputContext& context);

/// The file that such a text names; empty if it names none.
[[nodiscard]] std::string output_file(std::string_view text);

}  // namespace loader
