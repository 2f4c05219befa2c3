'use strict';
// The style sheet of k6-reporter's page, which follows the reader's light or dark setting.

exports.style = `
:root { color-scheme: light dark; --page: #f6f7f9; --card: #fff; --text: #1b2330; --faint: #5f6b7c;
  --line: #e2e6ec; --good: #15803d; --good-soft: #dcf5e4; --bad: #b91c1c; --bad-soft: #fde3e3;
  --bar: #5b8def; }
@media (prefers-color-scheme: dark) { :root { --page: #12161d; --card: #1a202a; --text: #e4e8ef;
  --faint: #97a3b6; --line: #2c3544; --good: #5fd38a; --good-soft: #16351f; --bad: #ff8a8a;
  --bad-soft: #451d1f; --bar: #6f9cf5; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 28px 20px 48px; }
header { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 14px; margin-bottom: 18px; }
h1 { font-size: 26px; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 17px; margin: 0 0 12px; }
h3 { font-size: 14px; margin: 14px 0 4px; overflow-wrap: anywhere; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); gap: 12px;
  margin-bottom: 16px; }
.tile, section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.tile { padding: 12px 14px; }
.tile b { display: block; font-size: 21px; line-height: 1.25; font-variant-numeric: tabular-nums;
  white-space: nowrap; }
.tile span, .faint, footer { color: var(--faint); font-size: 13px; }
.tile.failed b { color: var(--bad); }
section { padding: 16px 18px; margin-bottom: 16px; }
.wide { overflow-x: auto; }
.wide + .wide { margin-top: 16px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th { text-align: left; font-weight: 600; color: var(--faint); font-size: 12.5px; }
th, td { padding: 5px 14px 5px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
tbody tr:last-child td { border-bottom: 0; }
th:last-child, td:last-child { padding-right: 0; }
td { overflow-wrap: anywhere; }
td:first-child { min-width: 11em; }
.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.nest { padding-left: 16px; color: var(--faint); }
.group { margin-left: 6px; padding-left: 14px; border-left: 2px solid var(--line); }
code { font: 13px/1.4 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
pre { overflow: auto; max-height: 480px; margin: 0; }
.pill { display: inline-block; padding: 1px 10px; border-radius: 999px; font-size: 12.5px;
  font-weight: 600; white-space: nowrap; }
.good { color: var(--good); background: var(--good-soft); }
.bad { color: var(--bad); background: var(--bad-soft); }
header .pill { font-size: 15px; padding: 2px 14px; }
.meter { display: block; width: 120px; height: 8px; margin-top: 7px; border-radius: 4px;
  overflow: hidden; background: var(--bad); }
.meter i { display: block; height: 100%; background: var(--good); }
@media print { body { background: none; } section { break-inside: avoid; } }
`;
