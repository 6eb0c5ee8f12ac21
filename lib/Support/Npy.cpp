//===- Npy.cpp - numpy array files ----------------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The header is a Python dict literal of a fixed form; it is read with a small
// scanner, not as Python. The host is assumed to be little endian.
//
//===----------------------------------------------------------------------===//

#include "spada/Support/Npy.h"

#include "spada/Support/Files.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;
using spada::Array;

namespace {
struct DtypeRow {
  StringRef name, descr;
  int64_t bytes;
};
/// What numpy says about an array; `descr` still as written.
struct Header {
  std::string descr;
  bool fortranOrder = false;
  std::vector<int64_t> shape;
};
} // namespace

static const DtypeRow dtypes[] = {
    {"f16", "<f2", 2}, {"f32", "<f4", 4}, {"f64", "<f8", 8}, {"i8", "|i1", 1},
    {"i16", "<i2", 2}, {"i32", "<i4", 4}, {"i64", "<i8", 8}, {"u8", "|u1", 1},
    {"u16", "<u2", 2}, {"u32", "<u4", 4}, {"bool", "|b1", 1}};

int64_t spada::elementBytes(StringRef dtype) {
  for (const DtypeRow &row : dtypes)
    if (row.name == dtype)
      return row.bytes;
  return 0;
}

int64_t spada::elementCount(ArrayRef<int64_t> shape) {
  int64_t count = 1;
  for (int64_t dim : shape)
    if (dim < 0 || MulOverflow(count, dim, count))
      return -1;
  return count;
}

std::string spada::shapeText(ArrayRef<int64_t> shape) {
  std::string text = "(";
  for (size_t d = 0; d < shape.size(); ++d)
    text += (d ? ", " : "") + std::to_string(shape[d]);
  return text + (shape.size() == 1 ? ",)" : ")");
}

/// numpy's name of a type descriptor, for messages: "<i8" is "int64".
static std::string numpyName(StringRef descr) {
  StringRef kind = descr.ltrim("<>|=");
  if (kind.empty())
    return descr.str();
  uint64_t bytes = 0;
  bool sized = !kind.drop_front().getAsInteger(10, bytes) && bytes < 1 << 20;
  std::string bits = std::to_string(bytes * 8);
  switch (kind.front()) {
  case 'i':
    return sized ? "int" + bits : descr.str();
  case 'u':
    return sized ? "uint" + bits : descr.str();
  case 'f':
    return sized ? "float" + bits : descr.str();
  case 'c':
    return sized ? "complex" + bits : descr.str();
  case 'O':
    return "object";
  case 'S':
  case 'U':
    return "string";
  case 'M':
  case 'm':
    return "datetime";
  default:
    return descr.str();
  }
}

static Error dtypeError(StringRef name, StringRef descr) {
  if (descr.starts_with(">"))
    return createStringError("'" + name + "': big-endian elements ('" + descr +
                             "'); save with arr.astype(arr.dtype."
                             "newbyteorder('<'))");
  return createStringError(
      "'" + name + "': elements of type " + numpyName(descr) +
      " are not supported; expected float16, float32, float64, int8, int16, "
      "int32, int64, uint8, uint16, uint32 or bool (convert with arr.astype)");
}

/// The value after `'key':` in the header's dict literal, else empty.
static StringRef valueOf(StringRef header, StringRef key) {
  for (char quote : {'\'', '"'}) {
    std::string quoted = quote + key.str() + quote;
    size_t at = header.find(quoted);
    if (at == StringRef::npos)
      continue;
    StringRef rest = header.drop_front(at + quoted.size()).ltrim();
    if (rest.consume_front(":"))
      return rest.ltrim();
  }
  return {};
}

static Expected<Header> parseHeader(StringRef text, StringRef name) {
  auto broken = [&](StringRef what) {
    return createStringError("'" + name + "': broken .npy header: " + what);
  };
  Header header;
  StringRef descr = valueOf(text, "descr");
  if (descr.starts_with("["))
    return createStringError(
        "'" + name +
        "': structured arrays are not supported; save one field "
        "at a time");
  if (descr.empty() || (descr[0] != '\'' && descr[0] != '"'))
    return broken("no 'descr'");
  header.descr = descr.drop_front().split(descr[0]).first.str();
  StringRef order = valueOf(text, "fortran_order");
  if (!order.starts_with("True") && !order.starts_with("False"))
    return broken("no 'fortran_order'");
  header.fortranOrder = order.starts_with("True");
  StringRef shape = valueOf(text, "shape");
  if (!shape.consume_front("(") || !shape.contains(')'))
    return broken("no 'shape'");
  SmallVector<StringRef> dims;
  shape.split(')').first.split(dims, ',', -1, /*KeepEmpty=*/false);
  for (StringRef dim : dims) {
    int64_t size = 0;
    if (dim.trim().empty())
      continue;
    if (dim.trim().getAsInteger(10, size) || size < 0)
      return broken("bad dimension '" + dim.trim().str() + "' in 'shape'");
    header.shape.push_back(size);
  }
  return header;
}

/// Splits the file into header text and elements.
static Error splitFile(StringRef contents, StringRef name, StringRef &header,
                       StringRef &elements) {
  if (contents.starts_with("PK\x03\x04"))
    return createStringError(
        "'" + name + "' is a zip archive (.npz); save one array with np.save");
  if (!contents.starts_with(StringRef("\x93NUMPY", 6)) || contents.size() < 10)
    return createStringError("'" + name + "' is not a .npy file");
  unsigned version = static_cast<uint8_t>(contents[6]);
  if (version < 1 || version > 3)
    return createStringError("'" + name + "': .npy format version " +
                             Twine(version) + "; versions 1 to 3 are read");
  size_t start = version == 1 ? 10 : 12;
  if (contents.size() < start)
    return createStringError("'" + name + "' is cut short in its header");
  uint64_t length = version == 1
                        ? support::endian::read16le(contents.data() + 8)
                        : support::endian::read32le(contents.data() + 8);
  if (contents.size() - start < length)
    return createStringError("'" + name + "' is cut short in its header");
  header = contents.substr(start, length);
  elements = contents.drop_front(start + length);
  return Error::success();
}

/// Copies column-major elements into row-major order.
static void transpose(const char *from, const std::vector<int64_t> &shape,
                      int64_t bytes, uint8_t *to) {
  size_t rank = shape.size();
  std::vector<int64_t> stride(rank), index(rank, 0);
  int64_t total = 1;
  for (size_t d = 0; d < rank; ++d) {
    stride[d] = total;
    total *= shape[d];
  }
  int64_t offset = 0;
  for (int64_t n = 0; n < total; ++n) {
    std::memcpy(to + n * bytes, from + offset * bytes, bytes);
    for (size_t d = rank; d-- > 0;) {
      offset += stride[d];
      if (++index[d] < shape[d])
        break;
      offset -= stride[d] * shape[d];
      index[d] = 0;
    }
  }
}

Expected<Array> spada::parseNpy(StringRef contents, StringRef name) {
  StringRef text, elements;
  if (Error error = splitFile(contents, name, text, elements))
    return error;
  Expected<Header> header = parseHeader(text, name);
  if (!header)
    return header.takeError();
  Array array;
  int64_t bytes = 0;
  for (const DtypeRow &row : dtypes) {
    // numpy writes '|' for one-byte types; '<' means the same there.
    StringRef descr = header->descr;
    bool same =
        descr == row.descr ||
        (row.bytes == 1 && descr.ltrim("<>=") == row.descr.drop_front());
    if (!same)
      continue;
    array.dtype = row.name.str();
    bytes = row.bytes;
  }
  if (!bytes)
    return dtypeError(name, header->descr);
  array.shape = header->shape;
  int64_t count = elementCount(array.shape), size = 0;
  if (count < 0 || MulOverflow(count, bytes, size))
    return createStringError("'" + name + "': shape " + shapeText(array.shape) +
                             " is too large");
  if (static_cast<int64_t>(elements.size()) != size)
    return createStringError("'" + name + "': shape " + shapeText(array.shape) +
                             " of " + array.dtype + " takes " + Twine(size) +
                             " bytes, the file holds " +
                             Twine(elements.size()));
  array.bytes.resize(size);
  if (header->fortranOrder && array.shape.size() > 1)
    transpose(elements.data(), array.shape, bytes, array.bytes.data());
  else if (size)
    std::memcpy(array.bytes.data(), elements.data(), size);
  if (array.dtype == "bool")
    for (uint8_t &byte : array.bytes)
      byte = byte != 0;
  return array;
}

Expected<Array> spada::readNpy(StringRef path) {
  auto buffer = MemoryBuffer::getFile(path, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
  if (!buffer)
    return createStringError("cannot read '" + path +
                             "': " + buffer.getError().message());
  return parseNpy((*buffer)->getBuffer(), path);
}

Error spada::writeNpy(StringRef path, const Array &array) {
  StringRef descr;
  for (const DtypeRow &row : dtypes)
    if (row.name == array.dtype)
      descr = row.descr;
  if (descr.empty())
    return createStringError("'" + path + "': '" + array.dtype +
                             "' is no element type");
  int64_t expected = elementCount(array.shape) * elementBytes(array.dtype);
  if (static_cast<int64_t>(array.bytes.size()) != expected)
    return createStringError("'" + path + "': shape " + shapeText(array.shape) +
                             " of " + array.dtype + " takes " +
                             Twine(expected) + " bytes, there are " +
                             Twine(array.bytes.size()));
  std::string header =
      ("{'descr': '" + descr +
       "', 'fortran_order': False, 'shape': " + shapeText(array.shape) + ", }")
          .str();
  // The elements start at a multiple of 64, as numpy aligns them.
  size_t length = alignTo(10 + header.size() + 1, 64) - 10;
  header.append(length - header.size() - 1, ' ');
  header += '\n';
  return writeFileAtomically(path, [&](raw_ostream &os) {
    os << StringRef("\x93NUMPY\x01\x00", 8);
    os << char(length & 0xff) << char(length >> 8) << header;
    os.write(reinterpret_cast<const char *>(array.bytes.data()),
             array.bytes.size());
  });
}
