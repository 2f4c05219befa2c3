// Makes the output that "--out KIND=ARGUMENT" asks for.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "loader/delivery/output_context.h"
#include "loader/outputs/sample_output.h"

namespace loader {

/// Opens "json=FILE", "influxdb=ADDRESS" and so on. The Error names the kinds there are, why the
/// file can't be written, or what is wrong with the address or a variable; it shows no credentials.
[[nodiscard]] lab::Result<std::unique_ptr<SampleOutput>> make_output(std::string_view text,
                                                                     const OutputContext& context);

/// An Error if two of the texts write to the same place over the network, which would have each
/// sample twice, or one of them is of no kind. What else is wrong is make_output()'s to say.
[[nodiscard]] lab::Result<void> check_destinations(const std::vector<std::string>& texts,
                                                   const OutputContext& context);

/// The file that such a text names, "-" the standard output; empty if it names none.
[[nodiscard]] std::string output_file(std::string_view text);

}  // namespace loader
