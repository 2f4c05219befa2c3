#include "loader/dashboard/dashboard_page.h"

#include <algorithm>

#include "loader/summary/html_report_style.h"
#include "loader/summary/html_style.h"
#include "loader/summary/html_text.h"

namespace loader {
namespace {

// What a reader has unfolded, and where on the page he is, stays while the figures change. When the
// run is over the last page stays, too.
constexpr std::string_view kLiveScript = R"(<script>
(function () {
  var events = new EventSource('/events');
  function unfolded() {
    var all = document.querySelectorAll('details');
    return Array.prototype.map.call(all, function (d) { return d.open; });
  }
  events.addEventListener('report', function (event) {
    var open = unfolded(), x = window.scrollX, y = window.scrollY;
    document.body.innerHTML = event.data;
    // A script that is put there so does not run by itself.
    document.body.querySelectorAll('script').forEach(function (old) {
      var script = document.createElement('script');
      script.textContent = old.textContent;
      old.replaceWith(script);
    });
    document.querySelectorAll('details').forEach(function (d, i) { if (open[i]) d.open = true; });
    window.scrollTo(x, y);
  });
  events.addEventListener('stop', function () { events.close(); });
})();
</script>
)";

}  // namespace

std::string_view body_of(std::string_view page) {
  constexpr std::string_view kBegin = "<body>";
  constexpr std::string_view kEnd = "</body>";
  const std::size_t begin = page.find(kBegin);
  const std::size_t end = page.rfind(kEnd);
  if (begin == std::string_view::npos || end == std::string_view::npos) return page;
  return page.substr(begin + kBegin.size(), end - begin - kBegin.size());
}

// In the head, which the renewal of the body leaves alone.
std::string live_page(std::string_view report) {
  const std::size_t head_end = report.find("</head>");
  if (head_end == std::string_view::npos) return std::string(report) + std::string(kLiveScript);
  return std::string(report.substr(0, head_end)) + std::string(kLiveScript) +
         std::string(report.substr(head_end));
}

std::string waiting_page(std::string_view suite) {
  // The head stays when the first report comes, and so is that of a report.
  return html_page(suite, std::string(kHtmlStyle) + std::string(kHtmlReportStyle),
                   "<header><h1>" + html_escaped(suite) +
                       "</h1></header>\n<p>The first figures come within a few seconds.</p>\n");
}

std::string server_sent_event(std::string_view name, std::string_view data) {
  std::string event = "event: " + std::string(name) + "\n";
  std::size_t begin = 0;
  while (begin <= data.size()) {
    const std::size_t end = std::min(data.find('\n', begin), data.size());
    event.append("data: ").append(data.substr(begin, end - begin)).append("\n");
    begin = end + 1;
  }
  return event + "\n";
}

}  // namespace loader
