//===- Npy.cpp - one array in NumPy's format ------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Format: NumPy Enhancement Proposal 1. Versions 1 to 3, little endian, rows
// first.
//
//===----------------------------------------------------------------------===//

#include "frontends/Net/Npy.h"

#include <charconv>
#include <cmath>
#include <cstring>

using namespace spada::net;

/// What follows `'key':` in the header; empty without the key.
static std::string_view valueOf(std::string_view header, std::string_view key) {
  for (char mark : {'\'', '"'}) {
    std::string quoted = mark + std::string(key) + mark;
    size_t at = header.find(quoted);
    if (at == std::string_view::npos)
      continue;
    at = header.find(':', at + quoted.size());
    if (at == std::string_view::npos)
      return {};
    at = header.find_first_not_of(" \t", at + 1);
    return at == std::string_view::npos ? std::string_view()
                                        : header.substr(at);
  }
  return {};
}

bool Array::readType(std::string_view type, const std::string &file,
                     const std::string &name, Error &error) {
  struct Known {
    const char *text;
    Kind kind;
    unsigned width;
  };
  static const Known known[] = {
      {"<f2", Kind::Float, 2},    {"<f4", Kind::Float, 4},
      {"<f8", Kind::Float, 8},    {"|i1", Kind::Signed, 1},
      {"<i2", Kind::Signed, 2},   {"<i4", Kind::Signed, 4},
      {"<i8", Kind::Signed, 8},   {"|u1", Kind::Unsigned, 1},
      {"<u2", Kind::Unsigned, 2}, {"<u4", Kind::Unsigned, 4},
      {"<u8", Kind::Unsigned, 8}, {"|b1", Kind::Bool, 1}};
  for (const Known &each : known)
    if (type == each.text) {
      kind = each.kind;
      width = each.width;
      return true;
    }
  bool isBytes = type.starts_with("|S");
  if (isBytes || type.starts_with("<U")) {
    uint32_t length = 0;
    auto [end, code] =
        std::from_chars(type.data() + 2, type.data() + type.size(), length);
    if (code == std::errc() && end == type.data() + type.size() &&
        length <= 1024) {
      kind = isBytes ? Kind::Bytes : Kind::Unicode;
      width = isBytes ? length : 4 * length;
      return true;
    }
  }
  return fail(error, file,
              name + " has elements of type " + quote(type) +
                  ", which cannot be read",
              "little-endian f2, f4, f8, i1 to i8 and u1 to u8 can; convert "
              "it with numpy's astype");
}

bool Array::readHeader(std::string_view header, const std::string &file,
                       const std::string &name, Error &error) {
  auto bad = [&](const std::string &what) {
    return fail(error, file, name + " has a damaged header: " + what);
  };
  std::string_view type = valueOf(header, "descr");
  if (type.empty() || (type[0] != '\'' && type[0] != '"'))
    return bad("it names no element type");
  size_t end = type.find(type[0], 1);
  if (end == std::string_view::npos)
    return bad("its element type has no end");
  if (!readType(type.substr(1, end - 1), file, name, error))
    return false;
  std::string_view order = valueOf(header, "fortran_order");
  bool isFortran = order.starts_with("True");
  if (!isFortran && !order.starts_with("False"))
    return bad("'fortran_order' is neither True nor False");
  std::string_view list = valueOf(header, "shape");
  end = list.find(')');
  if (!list.starts_with('(') || end == std::string_view::npos)
    return bad("it has no shape");
  count = 1;
  for (list = list.substr(1, end - 1);;) {
    size_t from = list.find_first_not_of(" ,");
    if (from == std::string_view::npos)
      break;
    list.remove_prefix(from);
    uint64_t extent = 0;
    auto [stop, code] =
        std::from_chars(list.data(), list.data() + list.size(), extent);
    if (code != std::errc() || extents.size() == 8 ||
        (extent && count > (uint64_t(1) << 48) / extent))
      return bad("its shape is no list of sizes, or is too large");
    count *= extent;
    extents.push_back(extent);
    list.remove_prefix(stop - list.data());
  }
  if (isFortran && extents.size() > 1)
    return fail(error, file,
                name + " is stored column by column (Fortran order)",
                "store it with numpy.ascontiguousarray");
  return true;
}

bool Array::read(std::string contents, std::string_view fileName,
                 const std::string &arrayName, Error &error) {
  bytes = std::move(contents);
  std::string file(fileName);
  std::string name = arrayName.empty() ? "the array" : arrayName;
  auto byte = [&](size_t i) {
    return uint64_t(static_cast<unsigned char>(bytes[i]));
  };
  constexpr std::string_view magic = "\x93NUMPY";
  if (!std::string_view(bytes).starts_with(magic) || bytes.size() < 10)
    return fail(error, file, name + " is not in NumPy's format",
                "it has to start with \\x93NUMPY");
  uint64_t version = byte(6);
  if (version < 1 || version > 3)
    return fail(error, file,
                name + " has format version " + std::to_string(version) +
                    "; 1 to 3 can be read");
  uint64_t length = byte(8) | byte(9) << 8;
  start = 10;
  if (version > 1 && bytes.size() >= 12) {
    length |= byte(10) << 16 | byte(11) << 24;
    start = 12;
  }
  if (length > bytes.size() - start)
    return fail(error, file,
                name + " has a header of " + std::to_string(length) +
                    " bytes, but the file has " + std::to_string(bytes.size()));
  if (!readHeader(std::string_view(bytes).substr(start, length), file, name,
                  error))
    return false;
  start += length;
  if (count * width != bytes.size() - start)
    return fail(error, file,
                name + " holds " + std::to_string(bytes.size() - start) +
                    " bytes of data, but its shape and type need " +
                    std::to_string(count * width),
                "was the file copied completely?");
  return true;
}

template <typename T> T Array::at(uint64_t i) const {
  T value;
  std::memcpy(&value, bytes.data() + start + i * sizeof(T), sizeof(T));
  return value;
}

double spada::net::halfToDouble(uint16_t bits) {
  int exponent = bits >> 10 & 31, fraction = bits & 1023;
  double value = exponent == 31
                     ? (fraction ? std::nan("") : HUGE_VAL)
                     : std::ldexp(exponent ? 1024 + fraction : fraction,
                                  (exponent ? exponent : 1) - 25);
  return bits >> 15 ? -value : value;
}

int64_t Array::integer(uint64_t i) const {
  bool isSigned = kind == Kind::Signed;
  switch (width) {
  case 1:
    return isSigned ? int64_t(at<int8_t>(i)) : int64_t(at<uint8_t>(i));
  case 2:
    return isSigned ? int64_t(at<int16_t>(i)) : int64_t(at<uint16_t>(i));
  case 4:
    return isSigned ? int64_t(at<int32_t>(i)) : int64_t(at<uint32_t>(i));
  default:
    return at<int64_t>(i);
  }
}

double Array::real(uint64_t i) const {
  if (kind == Kind::Unsigned && width == 8)
    return double(at<uint64_t>(i));
  if (kind != Kind::Float)
    return double(integer(i));
  return width == 2   ? halfToDouble(at<uint16_t>(i))
         : width == 4 ? double(at<float>(i))
                      : at<double>(i);
}

std::string Array::text(uint64_t i) const {
  std::string result;
  for (uint64_t at = 0; at < width; at += kind == Kind::Unicode ? 4 : 1) {
    const char *from = bytes.data() + start + i * width + at;
    bool isAscii =
        *from >= 0 && (kind == Kind::Bytes || !(from[1] | from[2] | from[3]));
    if (isAscii && *from == 0)
      break;
    result += isAscii ? *from : '?';
  }
  return result;
}
