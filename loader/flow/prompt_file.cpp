#include <algorithm>
#include <array>
#include <filesystem>

#include "loader/flow/prompt.h"
#include "shared/base/embedded_files.h"
#include "shared/base/json.h"
#include "shared/base/json_reader.h"

namespace loader {
namespace {

using boost::system::in_place_value;
using Text = lab::Result<std::string>;
using Texts = std::vector<std::string>;

// What a prompt is called where it has a name; the first that is there counts.
constexpr std::array<std::string_view, 3> kPromptNames{"prompt", "text", "question"};

lab::Error no_text(const std::string& where) {
  return {where, R"(must be a string, or an object with a "prompt", "text" or "question")"};
}

Text text_of(const lab::Json& value, const std::string& where) {
  if (value.is_string()) return Text(in_place_value, value.get<std::string>());
  if (!value.is_object()) return no_text(where);
  for (const std::string_view key : kPromptNames) {
    const auto found = value.find(key);
    if (found != value.end() && found->is_string())
      return Text(in_place_value, found->get<std::string>());
  }
  return no_text(where);
}

lab::Result<Texts> parse_json_prompts(std::string_view text, const std::string& file) {
  const auto parsed = lab::parse_json(text, file);
  if (parsed.has_error()) return parsed.error();
  if (!parsed->is_array()) return lab::Error{file, "must be a JSON array of prompts"};
  Texts texts;
  for (std::size_t i = 0; i < parsed->size(); ++i) {
    auto each = text_of((*parsed)[i], file + ": [" + std::to_string(i) + "]");
    if (each.has_error()) return each.error();
    texts.push_back(std::move(*each));
  }
  return texts;
}

std::string_view without_white_space(std::string_view line) {
  const auto first = line.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
}

lab::Result<Texts> parse_jsonl_prompts(std::string_view text, const std::string& file) {
  Texts texts;
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view content = without_white_space(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (content.empty()) continue;
    const std::string where = file + ": line " + std::to_string(line);
    const auto parsed = lab::parse_json(content, where);
    if (parsed.has_error()) return parsed.error();
    auto each = text_of(*parsed, where);
    if (each.has_error()) return each.error();
    texts.push_back(std::move(*each));
  }
  return texts;
}

// Takes one field off the front (RFC 4180): quoted, with "" for a quote, or up to the next
// separator or line end.
std::string take_csv_field(std::string_view& rest, char separator) {
  std::string field;
  if (!rest.starts_with('"')) {
    const char ends[]{separator, '\r', '\n'};
    field = rest.substr(0, rest.find_first_of(std::string_view(ends, sizeof ends)));
    rest.remove_prefix(field.size());
    return field;
  }
  rest.remove_prefix(1);
  while (!rest.empty()) {
    const char c = rest.front();
    rest.remove_prefix(1);
    if (c != '"') {
      field += c;
    } else if (rest.starts_with('"')) {
      field += '"';
      rest.remove_prefix(1);
    } else {
      break;
    }
  }
  return field;
}

// Takes one record and its line end.
Texts take_csv_record(std::string_view& rest, char separator) {
  Texts fields;
  while (true) {
    fields.push_back(take_csv_field(rest, separator));
    if (!rest.starts_with(separator)) break;
    rest.remove_prefix(1);
  }
  // What follows a closing quote up to the line end is malformed; it is dropped rather than
  // mistaken for a record.
  rest.remove_prefix(std::min(rest.find('\n'), rest.size()));
  if (!rest.empty()) rest.remove_prefix(1);
  return fields;
}

// Where the prompts of a CSV file are; the first record is a header if it names one.
struct CsvLayout {
  char separator = ',';
  std::size_t column = 0;
  bool has_header = false;
};

bool is_named(const std::string& field, std::string_view name) {
  return std::ranges::equal(without_white_space(field), name, {}, [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
}

// Spreadsheets write ";" where a comma is the decimal point, and tabs.
CsvLayout csv_layout(std::string_view text) {
  for (const char separator : {',', ';', '\t'}) {
    std::string_view rest = text;
    const Texts header = take_csv_record(rest, separator);
    for (const std::string_view name : kPromptNames) {
      const auto named = std::ranges::find_if(
          header, [name](const std::string& field) { return is_named(field, name); });
      if (named == header.end()) continue;
      return {separator, static_cast<std::size_t>(named - header.begin()), true};
    }
  }
  return {};
}

lab::Result<Texts> parse_csv_prompts(std::string_view text, const std::string& file) {
  const auto [separator, column, has_header] = csv_layout(text);
  if (has_header) (void)take_csv_record(text, separator);
  Texts texts;
  while (!text.empty()) {
    Texts fields = take_csv_record(text, separator);
    if (fields.size() == 1 && fields.front().empty()) continue;
    if (fields.size() <= column) {
      return lab::Error{file, "a record has " + std::to_string(fields.size()) +
                                  " fields, but the prompt is field " + std::to_string(column + 1)};
    }
    texts.push_back(std::move(fields[column]));
  }
  return texts;
}

Text read_prompt_file(const std::string& path, const std::optional<std::string>& folder) {
  if (folder) {
    const std::filesystem::path full = std::filesystem::path(*folder) / path;
    std::error_code ec;
    if (std::filesystem::exists(full, ec)) return lab::read_text_file(full.string());
  }
  if (const auto embedded = lab::embedded_file(path)) return Text(in_place_value, *embedded);
  const std::string place = folder ? "below " + (folder->empty() ? "the current folder" : *folder) +
                                         " or among the built-in files"
                                   : std::string("among the built-in files");
  std::string known;
  for (const std::string_view each : lab::embedded_files("prompts")) {
    known += (known.empty() ? "; built in are " : ", ") + std::string(each);
  }
  return lab::Error{path, "there is no such file " + place + known};
}

}  // namespace

lab::Result<std::vector<std::string>> parse_prompts(std::string_view text,
                                                    const std::string& file) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  auto texts = file.ends_with(".jsonl") ? parse_jsonl_prompts(text, file)
               : file.ends_with(".csv") ? parse_csv_prompts(text, file)
                                        : parse_json_prompts(text, file);
  if (texts.has_value() && texts->empty()) return lab::Error{file, "holds no prompt"};
  return texts;
}

lab::Result<std::vector<std::string>> load_prompts(const std::string& path,
                                                   const std::optional<std::string>& folder) {
  const auto text = read_prompt_file(path, folder);
  if (text.has_error()) return text.error();
  return parse_prompts(*text, path);
}

}  // namespace loader
