// The report's style sheet.
#pragma once

#include <string_view>

namespace loader {

inline constexpr std::string_view kHtmlStyle = R"css(
:root { color-scheme: light dark; --page: #f6f7f9; --card: #ffffff; --text: #1b2330;
  --faint: #5f6b7c; --line: #e2e6ec; --good: #15803d; --good-soft: #dcf5e4; --bad: #b91c1c;
  --bad-soft: #fde3e3;
  --none: #92600a; --none-soft: #fbeecb; --bar: #5b8def; --bar-soft: #e6edfb; --p50: #0f766e;
  --p95: #b45309; --p99: #be185d; }
@media (prefers-color-scheme: dark) { :root { --page: #12161d; --card: #1a202a; --text: #e4e8ef;
  --faint: #97a3b6; --line: #2c3544; --good: #5fd38a; --good-soft: #16351f; --bad: #ff8a8a;
  --bad-soft: #451d1f; --none: #f0c060; --none-soft: #3d300f; --bar: #6f9cf5; --bar-soft: #223150;
  --p50: #4fd1c5; --p95: #f6ad55; --p99: #f687b3; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 28px 20px 48px; }
header { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 14px; margin-bottom: 18px; }
h1 { font-size: 26px; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 17px; margin: 0 0 12px; }
h3 { font-size: 13px; margin: 18px 0 6px; color: var(--faint); letter-spacing: .04em; }
h3:first-child, h2 + h3 { margin-top: 0; }
p { margin: 0 0 10px; }
.sub { flex-basis: 100%; color: var(--faint); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); gap: 12px;
  margin-bottom: 16px; }
.tile, section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.tile { padding: 12px 14px; }
.tile b { display: block; font-size: 21px; line-height: 1.25; font-variant-numeric: tabular-nums;
  white-space: nowrap; }
.tile span { color: var(--faint); font-size: 13px; }
section { padding: 16px 18px; margin-bottom: 16px; }
.wide { overflow-x: auto; }
.wide + .wide { margin-top: 12px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th { text-align: left; font-weight: 600; color: var(--faint); font-size: 12.5px; }
th, td { padding: 5px 14px 5px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
tbody tr:last-child td { border-bottom: 0; }
th:last-child, td:last-child { padding-right: 0; }
td { overflow-wrap: anywhere; }
td:first-child { min-width: 11em; }
.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.nest { padding-left: 16px; color: var(--faint); }
.why { color: var(--bad); }
code { font: 13px/1.4 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.pill { display: inline-block; padding: 1px 10px; border-radius: 999px; font-size: 12.5px;
  font-weight: 600; white-space: nowrap; }
.good { color: var(--good); background: var(--good-soft); }
.bad { color: var(--bad); background: var(--bad-soft); }
.none { color: var(--none); background: var(--none-soft); }
header .pill { font-size: 15px; padding: 2px 14px; }
.errors { margin: 0 0 16px; padding: 10px 16px; border-radius: 10px; color: var(--bad);
  background: var(--bad-soft); list-style: none; overflow-wrap: anywhere; }
.meter { display: block; width: 120px; height: 8px; margin-top: 7px; border-radius: 4px;
  overflow: hidden; background: var(--bad); }
.meter i { display: block; height: 100%; background: var(--good); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 430px), 1fr));
  gap: 18px; }
figure { margin: 0; max-width: 640px; }
figcaption { font-size: 13.5px; margin-bottom: 4px; }
figcaption span { color: var(--faint); }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--faint); font-size: 11px; paint-order: stroke; stroke: var(--card);
  stroke-width: 3px; }
svg .bar { fill: var(--bar); }
svg .axis { stroke: var(--line); }
svg .p50 { stroke: var(--p50); } svg text.p50 { fill: var(--p50); stroke: var(--card); }
svg .p95 { stroke: var(--p95); } svg text.p95 { fill: var(--p95); stroke: var(--card); }
svg .p99 { stroke: var(--p99); } svg text.p99 { fill: var(--p99); stroke: var(--card); }
svg .mark { stroke-width: 1.5; stroke-dasharray: 4 3; }
p.sub, span.sub, div.sub { color: var(--faint); font-size: 13px; font-weight: 400; }
code { overflow-wrap: anywhere; }
details { margin-bottom: 6px; }
summary { cursor: pointer; color: var(--faint); font-size: 13.5px; }
.rows th.n { white-space: normal; }
td .sub { white-space: normal; }
footer { color: var(--faint); font-size: 13px; overflow-wrap: anywhere; }
@media (max-width: 640px) {
  .rows thead { display: none; }
  .rows tr { display: block; padding: 8px 0; border-bottom: 1px solid var(--line); }
  .rows td { display: block; border: 0; padding: 1px 0; text-align: left; white-space: normal; }
  .rows td:empty { display: none; }
  .rows td[data-heading]::before { content: attr(data-heading) ": "; color: var(--faint);
    font-size: 12.5px; }
  .rows td div.sub { display: inline; margin-left: 6px; }
}
@media print { body { background: none; } section { break-inside: avoid; } }
)css";

}  // namespace loader
