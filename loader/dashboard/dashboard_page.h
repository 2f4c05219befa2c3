// The report of a run as a page that renews itself while the run goes on; pure.
#pragma once

#include <string>
#include <string_view>

namespace loader {

/// A report page with the script that shows each newer one as it comes. Without JavaScript it is
/// the report of when it was loaded.
[[nodiscard]] std::string live_page(std::string_view report);

/// What is shown before there is a first report.
[[nodiscard]] std::string waiting_page(std::string_view suite);

/// What stands between a page's <body> and </body>; all of it if it has none.
[[nodiscard]] std::string_view body_of(std::string_view page);

/// A server-sent event. `data` may have several lines.
[[nodiscard]] std::string server_sent_event(std::string_view name, std::string_view data);

}  // namespace loader
