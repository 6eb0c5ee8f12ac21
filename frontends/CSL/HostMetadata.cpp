//===- HostMetadata.cpp - what stands beside a layout ---------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// `metadata.json` as the CSL printer writes it: the kernel's name and its
// arguments as the host sees them, of which CSL text says nothing. Files of
// that name without a kernel are somebody else's.
//
//===----------------------------------------------------------------------===//

#include "Importer.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace spada;
using namespace spada::cslfront;
namespace json = llvm::json;

namespace {
class Metadata {
public:
  Metadata(csl::LayoutOp op, llvm::StringRef path)
      : op(op), path(path), builder(op.getContext()) {
    builder.setInsertionPointToEnd(&op.getBody().front());
  }
  void read(const json::Object &root);

private:
  [[noreturn]] void fail(const llvm::Twine &message) {
    throw CompileError{{}, ("'" + path + "': " + message).str(), {}};
  }
  mlir::Type elementType(llvm::StringRef name);
  std::vector<int64_t> numbers(const json::Object &object, llvm::StringRef key,
                               size_t count);
  void readArgument(llvm::StringRef name, const json::Object &object,
                    csl::HostDirection direction);

  csl::LayoutOp op;
  std::string path;
  mlir::OpBuilder builder;
};
} // namespace

mlir::Type Metadata::elementType(llvm::StringRef name) {
  mlir::MLIRContext *context = builder.getContext();
  if (name == "bool")
    return builder.getI1Type();
  if (name == "f16")
    return builder.getF16Type();
  if (name == "f32")
    return builder.getF32Type();
  if (name == "f64")
    return builder.getF64Type();
  unsigned bits = 0;
  if ((name.starts_with("i") || name.starts_with("u")) &&
      !name.drop_front().getAsInteger(10, bits) &&
      (bits == 8 || bits == 16 || bits == 32 || bits == 64))
    return mlir::IntegerType::get(context, bits,
                                  name.starts_with("u")
                                      ? mlir::IntegerType::Unsigned
                                      : mlir::IntegerType::Signless);
  fail("element type '" + name + "' is not known");
}

/// `count` numbers, or as many as there are when it is 0; none when `key` is
/// missing.
std::vector<int64_t> Metadata::numbers(const json::Object &object,
                                       llvm::StringRef key, size_t count) {
  std::vector<int64_t> result;
  const json::Array *array = object.getArray(key);
  if (!array)
    return result;
  for (const json::Value &value : *array) {
    std::optional<int64_t> number = value.getAsInteger();
    if (!number || *number < 0 || *number > (int64_t(1) << 31))
      fail("'" + key + "' holds something else than numbers");
    result.push_back(*number);
  }
  if (count && result.size() != count)
    fail("'" + key + "' has " + llvm::Twine(result.size()) + " numbers, not " +
         llvm::Twine(count));
  return result;
}

void Metadata::readArgument(llvm::StringRef name, const json::Object &object,
                            csl::HostDirection direction) {
  std::optional<llvm::StringRef> dtype = object.getString("dtype");
  if (!dtype || !object.getArray("shape"))
    fail("argument '" + name + "' needs 'dtype' and 'shape'");
  std::vector<int64_t> shape = numbers(object, "shape", 0),
                       offset = numbers(object, "rect_offset", 2),
                       start = numbers(object, "rect_offset_used", 2),
                       end = numbers(object, "rect_end_used", 2),
                       step = numbers(object, "rect_step_used", 2);
  bool isScalar = shape.empty();
  int64_t elements = 0;
  if (!isScalar) {
    elements = shape.back();
    shape.pop_back();
  }
  if (shape.size() > 2)
    fail("argument '" + name + "' has more than three dimensions");
  csl::BoxAttr box;
  if (!end.empty()) {
    if (start.empty() || step.empty() || start[0] >= end[0] ||
        start[1] >= end[1] || step[0] < 1 || step[1] < 1)
      fail("argument '" + name + "' lives on no PEs");
    box = csl::BoxAttr::get(builder.getContext(), start[0], end[0], step[0],
                            start[1], end[1], step[1]);
  }
  if (offset.empty())
    offset = {0, 0};
  mlir::IntegerAttr color;
  if (std::optional<int64_t> number = object.getInteger("color"))
    color = builder.getI64IntegerAttr(*number);
  builder.create<csl::HostArgumentOp>(
      op.getLoc(), builder.getStringAttr(name),
      csl::HostDirectionAttr::get(builder.getContext(), direction),
      mlir::TypeAttr::get(elementType(*dtype)),
      builder.getDenseI64ArrayAttr(shape), builder.getI64IntegerAttr(elements),
      builder.getI64IntegerAttr(offset[0]),
      builder.getI64IntegerAttr(offset[1]), box, color,
      isScalar ? builder.getUnitAttr() : mlir::UnitAttr());
}

void Metadata::read(const json::Object &root) {
  const json::Object *inputs = root.getObject("inputs"),
                     *outputs = root.getObject("outputs");
  const json::Array *order = root.getArray("argument_order");
  std::optional<llvm::StringRef> mode = root.getString("memcpy_mode");
  if (!inputs || !outputs || !order || !mode)
    fail("'inputs', 'outputs', 'argument_order' or 'memcpy_mode' is missing");
  std::optional<llvm::StringRef> arch = root.getString("arch");
  if (arch && *arch != op.getArch())
    fail("the sources are for '" + *arch + "', not for '" + op.getArch() +
         "'; choose the other arch or remove the file");
  op.setName(*root.getString("kernel_name"));
  op.setStreaming(*mode == "streaming");
  for (const json::Value &value : *order) {
    std::optional<llvm::StringRef> name = value.getAsString();
    const json::Object *in = name ? inputs->getObject(*name) : nullptr,
                       *out = name ? outputs->getObject(*name) : nullptr;
    if (!in && !out)
      fail("'argument_order' names " +
           (name ? "'" + name->str() + "', which is no argument"
                 : std::string("something without a name")));
    readArgument(*name, in ? *in : *out,
                 in && out ? csl::HostDirection::InOut
                 : in      ? csl::HostDirection::In
                           : csl::HostDirection::Out);
  }
}

void spada::cslfront::readHostMetadata(const std::string &layoutPath,
                                       const CSLOptions &options,
                                       csl::LayoutOp op) {
  llvm::SmallString<128> path(llvm::sys::path::parent_path(layoutPath));
  llvm::sys::path::append(path, "metadata.json");
  std::optional<std::string> text;
  if (options.readFile) {
    text = options.readFile(path.str().str());
  } else if (auto file = llvm::MemoryBuffer::getFile(path)) {
    text = (*file)->getBuffer().str();
  }
  if (!text)
    return;
  llvm::Expected<json::Value> root = json::parse(*text);
  if (!root) {
    llvm::consumeError(root.takeError());
    return;
  }
  const json::Object *object = root->getAsObject();
  if (object && object->getString("kernel_name"))
    Metadata(op, path).read(*object);
}
