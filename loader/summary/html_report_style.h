// What the report of a run adds to the reports' style sheet.
#pragma once

#include <string_view>

namespace loader {

/// The colours s0 to s7 are told apart by people who do not see red or green as others do (Okabe
/// and Ito, "Color Universal Design", 2008), darkened or lightened for their ground.
inline constexpr std::string_view kHtmlReportStyle = R"css(
:root { --s0: #2f6fc4; --s1: #c8471a; --s2: #00845f; --s3: #d18b00; --s4: #b0568b; --s5: #3f9fd0;
  --s6: #8a94a3; --s7: #6b4a2f; --limit: #b91c1c; --band: #eef1f6; --sim: #7a4d00;
  --sim-soft: #ffedc2; --sim-line: #e0a92e; }
@media (prefers-color-scheme: dark) { :root { --s0: #6ea4ee; --s1: #f08a5d; --s2: #3fc79d;
  --s3: #eeb54a; --s4: #dd93bf; --s5: #7cc6ee; --s6: #7f8b9d; --s7: #c6a283; --limit: #ff8a8a;
  --band: #222a36; --sim: #ffd37a; --sim-soft: #3d300f; --sim-line: #8a6a1c; } }
main { max-width: 1440px; }
header { margin-bottom: 12px; }
.simulated { margin-bottom: 16px; padding: 8px 16px; border: 1px solid var(--sim-line);
  border-left-width: 8px; border-radius: 10px; color: var(--sim); background: var(--sim-soft); }
.simulated b { margin-right: 8px; letter-spacing: .08em; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 0 0 16px;
  font-size: 14px; }
.facts dt { color: var(--faint); }
.facts dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
.story { margin: 0; padding-left: 20px; }
.story li { margin-bottom: 5px; overflow-wrap: anywhere; max-width: 110ch; }
.story li::marker { color: var(--faint); }
.story li.bad-news::marker { color: var(--bad); }
.story li:first-child { font-size: 17px; font-weight: 600; }
.id { user-select: all; overflow-wrap: anywhere; }
.look-up { color: var(--faint); }
.tile.bad-news b { color: var(--bad); }
.used { display: block; width: 110px; height: 8px; margin-top: 7px; border-radius: 4px;
  overflow: hidden; background: var(--band); border: 1px solid var(--line); }
.used i { display: block; height: 100%; background: var(--good); }
.used.over i { background: var(--bad); }
td.message { min-width: 12em; }
td .id { white-space: nowrap; }
.rows td:first-child { min-width: 5.5em; }
.parts { font-size: 13px; }
.parts td:first-child { min-width: 8.5em; }
.parts th, .parts td { padding-right: 10px; vertical-align: bottom; }
.times { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr));
  gap: 24px 28px; }
figure.chart { position: relative; max-width: none; min-width: 0; }
.plot-keys { display: flex; flex-wrap: wrap; gap: 0 14px; font-size: 12.5px; color: var(--faint);
  min-height: 20px; overflow-wrap: anywhere; }
.k { display: inline-block; width: 11px; height: 11px; margin-right: 5px; border-radius: 3px;
  background: currentColor; }
.k.s0 { color: var(--s0); } .k.s1 { color: var(--s1); } .k.s2 { color: var(--s2); }
.k.s3 { color: var(--s3); } .k.s4 { color: var(--s4); } .k.s5 { color: var(--s5); }
.k.s6 { color: var(--s6); } .k.s7 { color: var(--s7); } .k.p50 { color: var(--p50); }
.k.p95 { color: var(--p95); } .k.p99 { color: var(--p99); }
svg.plot { width: calc(100% - 64px); margin-left: 60px; overflow: visible; touch-action: pan-y; }
svg.plot:focus-visible { outline: 1px solid var(--bar); outline-offset: 4px; }
svg .shapes { overflow: visible; }
svg .line { fill: none; stroke-width: 1.7; stroke-linejoin: round; stroke-linecap: round;
  vector-effect: non-scaling-stroke; }
svg .line.p50 { stroke-width: 2.2; } svg .line.p99 { stroke-width: 1.1; }
svg .dots { fill: none; stroke-width: 6; stroke-linecap: round; vector-effect: non-scaling-stroke; }
svg .area { stroke: none; print-color-adjust: exact; }
svg .line.s0, svg .dots.s0 { stroke: var(--s0); } svg .area.s0 { fill: var(--s0); }
svg .line.s1, svg .dots.s1 { stroke: var(--s1); } svg .area.s1 { fill: var(--s1); }
svg .line.s2 { stroke: var(--s2); } svg .area.s2 { fill: var(--s2); }
svg .line.s3 { stroke: var(--s3); } svg .area.s3 { fill: var(--s3); }
svg .line.s4 { stroke: var(--s4); } svg .area.s4 { fill: var(--s4); }
svg .line.s5 { stroke: var(--s5); } svg .area.s5 { fill: var(--s5); }
svg .line.s6 { stroke: var(--s6); } svg .area.s6 { fill: var(--s6); }
svg .line.s7 { stroke: var(--s7); } svg .area.s7 { fill: var(--s7); }
svg .tick { font-variant-numeric: tabular-nums; }
svg .unit { font-size: 10px; font-style: italic; }
svg .shapes .mark, svg .limit, svg .border { fill: none; vector-effect: non-scaling-stroke; }
svg .limit { stroke: var(--limit); stroke-width: 1.2; stroke-dasharray: 5 4; }
svg text.limit-name, svg text.breach-name { fill: var(--limit); }
svg .border { stroke: var(--line); stroke-width: 1; }
svg .phase { fill: var(--band); } svg .phase.even { fill: var(--line); }
svg text.phase-name { font-size: 10.5px; stroke: none; }
svg .breach { fill: var(--limit); print-color-adjust: exact; }
svg .cursor { stroke: var(--text); stroke-width: 1; opacity: 0; pointer-events: none; }
svg .cursor.on { opacity: .55; }
.tip { position: absolute; z-index: 2; top: 0; padding: 7px 10px; border-radius: 8px;
  background: var(--card); border: 1px solid var(--line); box-shadow: 0 4px 14px rgba(0, 0, 0, .18);
  font-size: 12.5px; line-height: 1.45; pointer-events: none; max-width: 90%; }
.tip b { display: block; }
.tip span { display: flex; justify-content: space-between; gap: 14px;
  font-variant-numeric: tabular-nums; }
.figures { margin: 4px 0 0; }
.figures summary { font-size: 12.5px; }
.tall { max-height: 320px; overflow: auto; }
.figures table { font-size: 12.5px; font-variant-numeric: tabular-nums; }
.figures th, .figures td { text-align: right; white-space: nowrap; padding: 2px 0 2px 14px;
  min-width: 0; }
.figures th:first-child { text-align: left; padding-left: 0; font-weight: 400; }
.figures thead th { position: sticky; top: 0; background: var(--card); }
@media (max-width: 640px) {
  main { padding: 18px 12px 32px; }
  section { padding: 14px 12px; }
  .facts { grid-template-columns: 1fr; gap: 0; }
  .facts dd { margin-bottom: 6px; }
  svg.plot { width: calc(100% - 56px); margin-left: 54px; }
  td .id { white-space: normal; }
}
@media print {
  /* Everything alike, or what has a size of its own would be larger than the text around it. */
  main { max-width: none; padding: 0; zoom: .72; }
  section { break-inside: auto; }
  figure, tr { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .times { grid-template-columns: 1fr 1fr; gap: 16px; }
  .figures { display: none; }
  .wide { overflow: visible; }
  th, td { padding-right: 8px; }
}
)css";

}  // namespace loader
