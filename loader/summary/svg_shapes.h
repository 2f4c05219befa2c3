// The shapes that the reports' pictures are drawn with, as SVG inside HTML.
#pragma once

#include <string>
#include <string_view>

namespace loader {

/// A place in a picture: one digit after the point.
[[nodiscard]] std::string svg_coordinate(double value);
/// " x=\"1.5\"".
[[nodiscard]] std::string svg_attribute(std::string_view name, double value);

struct SvgPoint {
  double x = 0;
  double y = 0;
};
/// `css` are names of classes. `anchor` is "start", "middle" or "end".
[[nodiscard]] std::string svg_text(SvgPoint at, std::string_view anchor, std::string_view css,
                                   std::string_view text);
[[nodiscard]] std::string svg_line(SvgPoint from, SvgPoint to, std::string_view css);
/// Between two corners.
[[nodiscard]] std::string svg_rectangle(SvgPoint from, SvgPoint to, std::string_view css);
[[nodiscard]] std::string svg_circle(SvgPoint at, double radius, std::string_view css);
/// The picture itself, of what is drawn in it; `description` is read to those who do not see it.
[[nodiscard]] std::string svg_picture(SvgPoint size, std::string_view description,
                                      const std::string& shapes);

}  // namespace loader
