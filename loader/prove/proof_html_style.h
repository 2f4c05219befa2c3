// What the page of a proof adds to the reports' style sheet.
#pragma once

#include <string_view>

namespace loader {

inline constexpr std::string_view kProofHtmlStyle = R"css(
:root { --heat: 37, 99, 235; }
@media (prefers-color-scheme: dark) { :root { --heat: 96, 150, 250; } }
main { max-width: 1480px; }
h4 { font-size: 15.5px; margin: 0 0 6px; overflow-wrap: anywhere; }
ul.plain { list-style: none; margin: 0 0 8px; padding: 0; }
ul.plain li { margin-bottom: 4px; overflow-wrap: anywhere; }
pre { margin: 4px 0 12px; padding: 10px 12px; border: 1px solid var(--line); border-radius: 8px;
  background: var(--page); overflow-x: auto; }
.two, .articles { display: grid; gap: 0 18px;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); }
.two > *, .articles > * { min-width: 0; }
article { padding: 14px 0 4px; border-top: 1px solid var(--line); }
article h3 { margin-top: 8px; }
td.mark, th.mark { min-width: 3.2em; font-weight: 600; color: var(--faint); }
td.mark { min-width: 2.4em; white-space: nowrap; }
td.name { min-width: 12.5em; }
td.notices { min-width: 11em; }
.remark { color: var(--none); }
pre code { overflow-wrap: normal; }
.heat { width: auto; border-collapse: separate; border-spacing: 2px; }
.heat th, .heat td { border: 0; padding: 3px 8px; font-size: 13.5px; }
.heat tbody th { position: sticky; left: 0; background: var(--card); color: var(--text);
  font-weight: 500; white-space: nowrap; }
.heat tbody th.why { color: var(--bad); }
.heat th i { font-size: 12px; }
.heat th.mark { text-align: center; min-width: 3em; }
.heat td { text-align: center; border-radius: 4px; font-variant-numeric: tabular-nums;
  white-space: nowrap; min-width: 0; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
.heat td.size { text-align: right; color: var(--faint); white-space: nowrap; }
.heat td.unasked { text-align: left; color: var(--faint); font-style: italic; font-size: 13px;
  background: var(--page); white-space: normal; }
.key { display: inline-block; min-width: 2.6em; padding: 0 6px; border-radius: 4px;
  text-align: center; color: var(--text); print-color-adjust: exact; }
.h0 { background: rgba(var(--heat), .04); color: var(--faint); }
.h1 { background: rgba(var(--heat), .12); } .h2 { background: rgba(var(--heat), .17); }
.h3 { background: rgba(var(--heat), .22); } .h4 { background: rgba(var(--heat), .27); }
.h5 { background: rgba(var(--heat), .32); } .h6 { background: rgba(var(--heat), .37); }
.h7 { background: rgba(var(--heat), .42); } .h8 { background: rgba(var(--heat), .47); }
.h9 { background: rgba(var(--heat), .52); } .h10 { background: rgba(var(--heat), .62); }
.strip { width: 185px; }
.charts { grid-template-columns: repeat(auto-fill, minmax(min(100%, 400px), 1fr)); }
figure { break-inside: avoid; }
svg .reference { stroke: var(--text); stroke-width: 1.2; stroke-dasharray: 3 3; }
svg .curve { fill: none; stroke-width: 1.6; stroke-dasharray: 5 3; }
svg .any { stroke: var(--bar); stroke-width: 2.6; stroke-dasharray: none; }
svg .band { fill: var(--bar); fill-opacity: .3; }
svg .most { fill-opacity: .15; }
svg .whisker { stroke: var(--text); stroke-width: 5; stroke-opacity: .25; stroke-linecap: round; }
svg .dot { fill: var(--text); stroke: var(--card); stroke-width: 1; }
svg .open { fill: var(--card); stroke: var(--text); stroke-width: 1.6; }
.keys { font-size: 13px; color: var(--faint); overflow-wrap: anywhere; }
.line { display: inline-block; width: 18px; border-top: 2px dashed; vertical-align: middle; }
.line.any { border-top: 3px solid var(--bar); }
.line.p50 { border-color: var(--p50); } .line.p95 { border-color: var(--p95); }
.line.p99 { border-color: var(--p99); }
@media (max-width: 640px) {
  .heat th, .heat td { padding: 3px 4px; }
  .heat tbody th { white-space: normal; }
  .heat .size { display: none; }
  .heat th.mark { min-width: 2.4em; }
  pre code { font-size: 12px; }
}
@media print {
  main { max-width: none; padding: 0; }
  section { break-inside: auto; border: 0; padding: 0; }
  h2, h3, h4 { break-after: avoid; }
  article, tr { break-inside: avoid; }
  pre { white-space: pre-wrap; }
  body, table, .heat th, .heat td { font-size: 11px; }
  .wide { overflow: visible; }
  .two, .articles, .charts { grid-template-columns: 1fr 1fr; }
  .strip { width: 150px; }
  td.name { min-width: 9em; }
  td.notices { min-width: 7em; }
  th, td { padding-right: 8px; }
}
)css";

}  // namespace loader
