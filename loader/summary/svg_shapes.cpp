#include "loader/summary/svg_shapes.h"

#include <array>
#include <cstdio>

#include "loader/summary/html_text.h"

namespace loader {
namespace {

std::string css_attribute(std::string_view css) { return " class=\"" + std::string(css) + "\""; }

}  // namespace

std::string svg_coordinate(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f", value);
  return text.data();
}

std::string svg_attribute(std::string_view name, double value) {
  return " " + std::string(name) + "=\"" + svg_coordinate(value) + "\"";
}

std::string svg_text(SvgPoint at, std::string_view anchor, std::string_view css,
                     std::string_view text) {
  return "<text" + svg_attribute("x", at.x) + svg_attribute("y", at.y) + " text-anchor=\"" +
         std::string(anchor) + "\"" + css_attribute(css) + ">" + html_escaped(text) + "</text>\n";
}

std::string svg_line(SvgPoint from, SvgPoint to, std::string_view css) {
  return "<line" + svg_attribute("x1", from.x) + svg_attribute("y1", from.y) +
         svg_attribute("x2", to.x) + svg_attribute("y2", to.y) + css_attribute(css) + "/>\n";
}

std::string svg_rectangle(SvgPoint from, SvgPoint to, std::string_view css) {
  return "<rect" + svg_attribute("x", from.x) + svg_attribute("y", from.y) +
         svg_attribute("width", to.x - from.x) + svg_attribute("height", to.y - from.y) +
         css_attribute(css) + "/>\n";
}

std::string svg_circle(SvgPoint at, double radius, std::string_view css) {
  return "<circle" + svg_attribute("cx", at.x) + svg_attribute("cy", at.y) +
         svg_attribute("r", radius) + css_attribute(css) + "/>\n";
}

std::string svg_picture(SvgPoint size, std::string_view description, const std::string& shapes) {
  return "<svg role=\"img\" viewBox=\"0 0 " + svg_coordinate(size.x) + " " +
         svg_coordinate(size.y) + "\" aria-label=\"" + html_escaped(description) + "\">\n" +
         shapes + "</svg>\n";
}

}  // namespace loader
