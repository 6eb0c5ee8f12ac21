//===- Zip.cpp - files inside a zip archive -------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Offsets and sizes come from the file and are never trusted: each read names
// a range that is checked first.
//
//===----------------------------------------------------------------------===//

#include "frontends/Net/Zip.h"

#include <zlib.h>

#include <algorithm>

using namespace spada::net;

namespace {
constexpr uint32_t localMark = 0x04034b50, directoryMark = 0x02014b50;
constexpr uint32_t endMark = 0x06054b50, end64Mark = 0x06064b50;
constexpr uint32_t locatorMark = 0x07064b50;
constexpr uint64_t localSize = 30, directorySize = 46, endSize = 22;
constexpr uint64_t locatorSize = 20, end64Size = 56;
/// Deflate never shrinks data by more than this.
constexpr uint64_t highestRatio = 1032;

class Archive {
public:
  Archive(std::string_view bytes, std::string_view file, Error &error)
      : bytes(bytes), file(file), error(error) {}

  bool readDirectory(std::vector<ZipEntry> &entries);
  bool unpack(const ZipEntry &entry, std::string &contents);

private:
  bool holds(uint64_t offset, uint64_t size) const {
    return offset <= bytes.size() && size <= bytes.size() - offset;
  }
  uint64_t number(uint64_t offset, unsigned size) const {
    uint64_t value = 0;
    for (unsigned i = 0; i < size; ++i)
      value |= uint64_t(static_cast<unsigned char>(bytes[offset + i]))
               << (8 * i);
    return value;
  }
  bool damaged(const std::string &what) {
    return fail(error, file, "the zip archive is damaged: " + what,
                "was the file copied completely?");
  }
  bool findEnd(uint64_t &start, uint64_t &count);
  bool readEntry(uint64_t &at, ZipEntry &entry);
  bool readWide(uint64_t at, uint64_t size, ZipEntry &entry);
  bool inflateTo(std::string_view packed, std::string &contents,
                 const std::string &name);

  std::string_view bytes, file;
  Error &error;
};
} // namespace

/// The end record stands before a comment of at most 64 KiB.
bool Archive::findEnd(uint64_t &start, uint64_t &count) {
  uint64_t lowest = bytes.size() > endSize + UINT16_MAX
                        ? bytes.size() - endSize - UINT16_MAX
                        : 0;
  if (bytes.size() < endSize)
    return damaged("it is shorter than its end record");
  uint64_t end = bytes.size() - endSize;
  while (number(end, 4) != endMark)
    if (end-- == lowest)
      return damaged("it has no end record");
  count = number(end + 10, 2);
  start = number(end + 16, 4);
  if (count != UINT16_MAX && start != UINT32_MAX)
    return true;
  if (end < locatorSize || number(end - locatorSize, 4) != locatorMark)
    return true;
  uint64_t wide = number(end - locatorSize + 8, 8);
  if (!holds(wide, end64Size) || number(wide, 4) != end64Mark)
    return damaged("its 64-bit end record is missing");
  count = number(wide + 32, 8);
  start = number(wide + 48, 8);
  return true;
}

/// The extra field with 64-bit sizes, for those that are all ones.
bool Archive::readWide(uint64_t at, uint64_t size, ZipEntry &entry) {
  for (uint64_t end = at + size; at + 4 <= end;) {
    uint64_t kind = number(at, 2), length = number(at + 2, 2);
    at += 4;
    if (length > end - at)
      return damaged("an extra field of " + quote(entry.name) +
                     " is longer than its record");
    uint64_t next = at + length;
    for (uint64_t *field : {&entry.size, &entry.compressed, &entry.offset})
      if (kind == 1 && *field == UINT32_MAX && at + 8 <= next) {
        *field = number(at, 8);
        at += 8;
      }
    at = next;
  }
  return true;
}

bool Archive::readEntry(uint64_t &at, ZipEntry &entry) {
  if (!holds(at, directorySize) || number(at, 4) != directoryMark)
    return damaged("its directory ends too early");
  uint64_t flags = number(at + 8, 2), method = number(at + 10, 2);
  uint64_t nameSize = number(at + 28, 2), extraSize = number(at + 30, 2);
  uint64_t commentSize = number(at + 32, 2);
  if (!holds(at + directorySize, nameSize + extraSize + commentSize))
    return damaged("its directory ends too early");
  entry.name = std::string(bytes.substr(at + directorySize, nameSize));
  entry.checksum = uint32_t(number(at + 16, 4));
  entry.compressed = number(at + 20, 4);
  entry.size = number(at + 24, 4);
  entry.offset = number(at + 42, 4);
  if (flags & 1)
    return fail(error, file, quote(entry.name) + " is encrypted");
  if (method != 0 && method != 8)
    return fail(error, file,
                quote(entry.name) + " is compressed by method " +
                    std::to_string(method),
                "methods 0 (stored) and 8 (deflated) can be read");
  entry.isDeflated = method == 8;
  if (!readWide(at + directorySize + nameSize, extraSize, entry))
    return false;
  at += directorySize + nameSize + extraSize + commentSize;
  return true;
}

bool Archive::readDirectory(std::vector<ZipEntry> &entries) {
  uint64_t at = 0, count = 0;
  if (!findEnd(at, count))
    return false;
  for (; count > 0; --count) {
    ZipEntry entry;
    if (!readEntry(at, entry))
      return false;
    entries.push_back(std::move(entry));
  }
  return true;
}

bool Archive::inflateTo(std::string_view packed, std::string &contents,
                        const std::string &name) {
  z_stream stream = {};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
    return damaged(quote(name) + " cannot be unpacked");
  constexpr uint64_t most = 1 << 30; // zlib counts in 32 bits
  uint64_t in = 0, out = 0;
  int code = Z_OK;
  while (code == Z_OK) {
    stream.next_in =
        reinterpret_cast<Bytef *>(const_cast<char *>(packed.data() + in));
    stream.avail_in = uInt(std::min(most, packed.size() - in));
    stream.next_out = reinterpret_cast<Bytef *>(contents.data() + out);
    stream.avail_out = uInt(std::min(most, contents.size() - out));
    uInt given = stream.avail_in, room = stream.avail_out;
    code = inflate(&stream, Z_NO_FLUSH);
    in += given - stream.avail_in;
    out += room - stream.avail_out;
    if (given == stream.avail_in && room == stream.avail_out)
      break;
  }
  inflateEnd(&stream);
  if (code != Z_STREAM_END || out != contents.size())
    return damaged(quote(name) + " has " + std::to_string(out) +
                   " readable bytes of " + std::to_string(contents.size()));
  return true;
}

bool Archive::unpack(const ZipEntry &entry, std::string &contents) {
  if (!holds(entry.offset, localSize) || number(entry.offset, 4) != localMark)
    return damaged(quote(entry.name) + " does not start where it should");
  uint64_t start = entry.offset + localSize + number(entry.offset + 26, 2) +
                   number(entry.offset + 28, 2);
  if (!holds(start, entry.compressed))
    return damaged(quote(entry.name) + " has " +
                   std::to_string(entry.compressed) +
                   " bytes, more than the file holds");
  std::string_view packed = bytes.substr(start, entry.compressed);
  bool isPossible = entry.isDeflated
                        ? entry.size / highestRatio <= entry.compressed
                        : entry.size == entry.compressed;
  if (!isPossible)
    return damaged(quote(entry.name) + " cannot have " +
                   std::to_string(entry.size) + " bytes in " +
                   std::to_string(entry.compressed));
  if (entry.isDeflated) {
    contents.resize(entry.size);
    if (!inflateTo(packed, contents, entry.name))
      return false;
  } else {
    contents = std::string(packed);
  }
  uint32_t sum = crc32_z(0, reinterpret_cast<const Bytef *>(contents.data()),
                         contents.size());
  if (sum != entry.checksum)
    return damaged(quote(entry.name) + " has checksum " + std::to_string(sum) +
                   ", not " + std::to_string(entry.checksum));
  return true;
}

bool spada::net::readZip(std::string_view bytes, std::string_view file,
                         std::vector<ZipEntry> &entries, Error &error) {
  return Archive(bytes, file, error).readDirectory(entries);
}

bool spada::net::unzip(std::string_view bytes, std::string_view file,
                       const ZipEntry &entry, std::string &contents,
                       Error &error) {
  return Archive(bytes, file, error).unpack(entry, contents);
}
