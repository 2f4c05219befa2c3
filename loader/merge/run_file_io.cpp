#include "loader/merge/run_file_io.h"

#include <zlib.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "loader/merge/foreign_text.h"
#include "loader/outputs/output_file.h"
#include "shared/base/text_file.h"

namespace loader {
namespace {

constexpr std::string_view kGzipMagic = "\x1f\x8b";
constexpr std::string_view kStandardOutputName = "-";

/// zlib's state, with its end.
class Inflater {
 public:
  // 16: gzip's header and trailer, and nothing else.
  Inflater() : is_good_(inflateInit2(&stream_, 16 + MAX_WBITS) == Z_OK) {}
  ~Inflater() {
    if (is_good_) inflateEnd(&stream_);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  lab::Result<std::string> inflate_all(std::string& bytes, const std::string& path) {
    if (!is_good_) return lab::Error{path, "can't be decompressed: no memory"};
    stream_.next_in = reinterpret_cast<Bytef*>(bytes.data());
    stream_.avail_in = static_cast<uInt>(bytes.size());
    std::string text;
    std::array<char, 1 << 16> block{};
    int state = Z_OK;
    // Several members one after the other are one text, as gzip -d has it.
    while (state != Z_STREAM_END || stream_.avail_in > 0) {
      if (state == Z_STREAM_END && inflateReset(&stream_) != Z_OK) break;
      stream_.next_out = reinterpret_cast<Bytef*>(block.data());
      stream_.avail_out = static_cast<uInt>(block.size());
      state = inflate(&stream_, Z_NO_FLUSH);
      if (state == Z_BUF_ERROR) {
        return lab::Error{path, "is a gzip file that is cut short: its compression has no end"};
      }
      if (state != Z_OK && state != Z_STREAM_END) {
        const char* const what = stream_.msg != nullptr ? stream_.msg : "no gzip file";
        return lab::Error{path, "looks like a gzip file and is broken: " + std::string(what) +
                                    "; a result is JSON, compressed by gzip or not"};
      }
      text.append(block.data(), block.size() - stream_.avail_out);
      if (text.size() > lab::kTextFileBytesMax) {
        return lab::Error{path, "is larger than 64 MiB, decompressed"};
      }
    }
    return lab::Result<std::string>(boost::system::in_place_value, std::move(text));
  }

 private:
  z_stream stream_{};
  bool is_good_;
};

lab::Result<void> write_to(const std::string& path, std::string_view text) {
  auto file = OutputFile::open(path);
  if (!file) return file.error();
  if (const auto written = file->write(text); !written) return written;
  return file->close();
}

}  // namespace

lab::Result<std::string> read_maybe_compressed(const std::string& path) {
  auto bytes = lab::read_text_argument(path);
  if (!bytes || !bytes->starts_with(kGzipMagic)) return bytes;
  return Inflater().inflate_all(*bytes, path);
}

boost::system::result<RunFile, BadRunFile> load_run_file(const std::string& path) {
  const auto text = read_maybe_compressed(path);
  if (!text) return BadRunFile(text.error());
  auto file = read_run_file(*text, path);
  if (file || !file.error().is_foreign) return file;
  const std::string kind = foreign_kind(*text);
  if (kind.empty()) return file;
  return BadRunFile(
      {path, "is " + kind + "; here run files are wanted, as --mergeable writes them"}, true);
}

lab::Result<void> store_run_file(const std::string& place, std::string_view text) {
  std::error_code ignored;
  const auto kind = std::filesystem::status(place, ignored).type();
  const bool is_file =
      kind == std::filesystem::file_type::regular || kind == std::filesystem::file_type::not_found;
  if (place == kStandardOutputName || !is_file) return write_to(place, text);
  // Of the same ending, by which it is compressed.
  const std::filesystem::path path(place);
  const std::string beside = (path.parent_path() / (".part-" + path.filename().string())).string();
  if (const auto written = write_to(beside, text); !written) {
    // A part that nobody will finish takes room where there is none.
    if (std::filesystem::is_regular_file(beside, ignored)) std::filesystem::remove(beside, ignored);
    return lab::Error{place, written.error().what};
  }
  if (std::rename(beside.c_str(), place.c_str()) == 0) return {};
  const int error = errno;
  std::filesystem::remove(beside, ignored);
  return lab::Error{place, "can't be written: " + std::string(std::strerror(error))};
}

}  // namespace loader
