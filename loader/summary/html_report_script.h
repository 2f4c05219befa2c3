// The report's script: it shows the values under the pointer, out of the table below a picture.
// Without it nothing is missing.
#pragma once

#include <string_view>

namespace loader {

/// Pictures over time have one pointer: each shows where it is. Arrow keys move it, Escape takes it
/// away. Text is set as text, never as markup.
inline constexpr std::string_view kHtmlReportScript = R"js(
(() => {
  const plots = [...document.querySelectorAll("svg.plot[data-columns]")];
  const tip = document.createElement("div");
  tip.className = "tip";
  let at = 0;
  const element = (name, text) => {
    const made = document.createElement(name);
    made.textContent = text;
    return made;
  };
  const hide = () => {
    tip.remove();
    for (const plot of plots) plot.querySelector(".cursor").classList.remove("on");
  };
  const show = (plot, column) => {
    const columns = Number(plot.dataset.columns);
    at = Math.max(0, Math.min(columns - 1, column));
    const place = (at + 0.5) / columns;
    for (const each of plots) {
      const cursor = each.querySelector(".cursor");
      cursor.setAttribute("x1", place * 100 + "%");
      cursor.setAttribute("x2", place * 100 + "%");
      cursor.classList.add("on");
    }
    const figure = plot.closest("figure");
    const heads = figure.querySelectorAll("thead th");
    const cells = figure.querySelectorAll("tbody tr")[at].children;
    tip.replaceChildren(element("b", cells[0].textContent));
    for (let i = 1; i < cells.length; ++i) {
      const line = element("span", "");
      const name = element("span", heads[i].textContent);
      if (heads[i].dataset.key) {
        const key = element("i", "");
        key.className = "k " + heads[i].dataset.key;
        name.prepend(key);
        name.style.display = "block";
      }
      line.append(name, element("span", cells[i].textContent));
      tip.append(line);
    }
    figure.append(tip);
    const box = plot.getBoundingClientRect();
    const around = figure.getBoundingClientRect();
    const x = box.left - around.left + place * box.width;
    const isRight = place > 0.5;
    tip.style.left = isRight ? "auto" : x + 10 + "px";
    tip.style.right = isRight ? around.width - x + 10 + "px" : "auto";
    tip.style.top = box.top - around.top + 24 + "px";
  };
  for (const plot of plots) {
    const follow = (event) => {
      const box = plot.getBoundingClientRect();
      const share = (event.clientX - box.left) / box.width;
      show(plot, Math.floor(share * Number(plot.dataset.columns)));
    };
    plot.addEventListener("pointermove", follow);
    plot.addEventListener("pointerdown", follow);
    plot.addEventListener("pointerleave", hide);
    plot.addEventListener("focus", () => show(plot, at));
    plot.addEventListener("blur", hide);
    plot.addEventListener("keydown", (event) => {
      const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 };
      if (event.key === "Escape") return hide();
      if (!(event.key in steps)) return;
      event.preventDefault();
      show(plot, at + steps[event.key]);
    });
  }
})();
)js";

}  // namespace loader
