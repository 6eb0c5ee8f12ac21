//===- Images.cpp - input data of the Graph Challenge ---------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontends/Net/Images.h"

#include "frontends/Net/Text.h"

#include <algorithm>

using namespace spada::net;

/// What images may take: 16 GiB.
static constexpr uint64_t mostValues = uint64_t(1) << 32;

static bool grow(Images &images, uint64_t rows, Scanner &scanner,
                 Error &error) {
  if (rows <= images.rows)
    return true;
  if (rows > mostValues / images.columns)
    return scanner.failHere(error,
                            "image " + std::to_string(rows) + " of " +
                                std::to_string(images.columns) +
                                " pixels does not fit into memory",
                            "read fewer images");
  images.rows = rows;
  images.values.resize(rows * images.columns);
  return true;
}

static int digitOf(char c) {
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                : -1;
}

static bool readHex(Scanner &scanner, uint64_t limit, Images &images,
                    Error &error) {
  while (!scanner.atEnd() && (limit == 0 || images.rows < limit)) {
    std::string_view line = scanner.rest();
    while (line.ends_with('\r') || line.ends_with(' '))
      line.remove_suffix(1);
    if (line.size() * 4 != images.columns)
      return scanner.failHere(error,
                              "the image has " +
                                  std::to_string(line.size() * 4) +
                                  " pixels, but the network has " +
                                  std::to_string(images.columns) + " inputs",
                              "a digit stands for four pixels");
    if (!grow(images, images.rows + 1, scanner, error))
      return false;
    float *pixel = &images.values[(images.rows - 1) * images.columns];
    for (size_t i = 0; i < line.size(); ++i) {
      int digit = digitOf(line[i]);
      if (digit < 0)
        return fail(error, scanner.fileName(),
                    quote(line.substr(i, 1)) + " is no hexadecimal digit", "",
                    scanner.line(), scanner.column() + unsigned(i));
      for (int bit = 3; bit >= 0; --bit)
        *pixel++ = float(digit >> bit & 1);
    }
    if (!scanner.nextLine())
      break;
  }
  return true;
}

static bool readTriples(Scanner &scanner, uint64_t limit, Images &images,
                        Error &error) {
  while (!scanner.atEnd()) {
    uint64_t row, column;
    double value;
    if (!scanner.integer(row, "the number of an image", error) ||
        !scanner.integer(column, "the number of a pixel", error) ||
        !scanner.real(value, "a value", error) || !scanner.lineEnd(error))
      return false;
    if (row == 0 || column == 0 || column > images.columns)
      return scanner.failHere(error,
                              "pixel " + std::to_string(column) + " of image " +
                                  std::to_string(row) + " is out of range",
                              "images count from 1, and pixels go from 1 to " +
                                  std::to_string(images.columns) +
                                  ", the inputs of the network");
    if (limit != 0 && row > limit)
      continue;
    if (!grow(images, row, scanner, error))
      return false;
    images.values[(row - 1) * images.columns + column - 1] = float(value);
  }
  return true;
}

bool spada::net::readImages(std::string_view bytes, const std::string &file,
                            uint64_t columns, uint64_t limit, Images &images,
                            Error &error) {
  Scanner scanner(bytes, file);
  images.columns = columns;
  if (columns == 0)
    return fail(error, file, "the network has no inputs");
  if (scanner.atEnd())
    return fail(error, file, "the file holds no images");
  bool isTriple = scanner.rest().find_first_of(" \t") != std::string_view::npos;
  return isTriple ? readTriples(scanner, limit, images, error)
                  : readHex(scanner, limit, images, error);
}

bool spada::net::readCategories(std::string_view bytes, const std::string &file,
                                std::vector<uint64_t> &categories,
                                Error &error) {
  Scanner scanner(bytes, file);
  while (!scanner.atEnd()) {
    uint64_t category;
    Scanner start = scanner;
    if (!scanner.integer(category, "the number of an image", error))
      return false;
    if (category == 0)
      return start.failHere(error, "image 0 is out of range",
                            "images count from 1");
    categories.push_back(category);
  }
  return true;
}
