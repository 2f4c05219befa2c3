// RunFacts as summary files have them.
#include "loader/summary/summary_data.h"
#include "shared/base/fields.h"

namespace loader {

void fields(lab::Fields& f, RunFacts& c) {
  f("suite", c.suite, "Its name.");
  f("source", c.source, "Its file, or the name of a built-in one.");
  f("command", c.command, "What runs the same again; secrets are not shown.");
  f("loader", c.loader, "The version of the program.");
  f("url", c.url, "Of the gateway.");
  f("gateway", c.gateway, "Of a simulated gateway, its file; else empty.");
  f("execution", c.execution, "Where it ran.");
  f("host", c.host, "The machine; empty in virtual time.");
  f("started", c.started, "When; in virtual time, by its clock.");
  f("threads", c.threads, lab::between(1, 1'000'000), "That made the load.");
  f.or_null("exit_code", c.exit_code, "Of the process; null: not known.", lab::between(0, 255));
  f("errors", c.errors, "Why it is not 0.");
  f("run_errors", c.run_errors, "Those of them that are no verdict on what was measured.");
}

}  // namespace loader
