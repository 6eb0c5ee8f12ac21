//===- Onnx.cpp - ONNX files ----------------------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The only file that knows protobuf. Checks shapes and sizes of all tensors.
//
//===----------------------------------------------------------------------===//

#include "frontends/Net/Onnx.h"

#include "frontends/Net/Npy.h"
#include "frontends/Net/Readers.h"

#include <onnx/onnx_pb.h>

#include <cstring>

using namespace spada::net;

namespace proto = onnx;

namespace {
class Decoder {
public:
  Decoder(const std::string &file, Error &error) : file(file), error(error) {}
  bool decode(const proto::ModelProto &model, operators::Graph &graph);

private:
  bool decodeNode(const proto::NodeProto &from, operators::Node &to);
  bool decodeTensor(const proto::TensorProto &from, operators::Constant &to);
  bool decodeSparse(const proto::SparseTensorProto &from,
                    operators::Constant &to);
  bool readShape(const google::protobuf::RepeatedField<int64_t> &dims,
                 const std::string &name, operators::Constant &to);
  bool readRaw(const proto::TensorProto &from, uint64_t count, Values &values);
  bool readTyped(const proto::TensorProto &from, uint64_t count,
                 Values &values);
  bool readInput(const proto::ValueInfoProto &from, operators::Input &to);

  const std::string &file;
  Error &error;
};
} // namespace

bool Decoder::readShape(const google::protobuf::RepeatedField<int64_t> &dims,
                        const std::string &name, operators::Constant &to) {
  uint64_t count = 1;
  for (int64_t extent : dims) {
    if (extent < 0 || (extent && count > (uint64_t(1) << 48) / extent))
      return fail(error, file,
                  "tensor " + quote(name) + " has extent " +
                      std::to_string(extent) + ", which is out of range");
    count *= extent;
    to.shape.push_back(extent);
  }
  return true;
}

static double bfloatToDouble(uint16_t bits) {
  uint32_t wide = uint32_t(bits) << 16;
  float value;
  std::memcpy(&value, &wide, sizeof(value));
  return value;
}

/// Calls `take` with each number of a packed array of T.
template <typename T, typename Take>
static void eachOf(const std::string &bytes, Take take) {
  for (size_t at = 0; at + sizeof(T) <= bytes.size(); at += sizeof(T)) {
    T value;
    std::memcpy(&value, bytes.data() + at, sizeof(T));
    take(value);
  }
}

bool Decoder::readRaw(const proto::TensorProto &from, uint64_t count,
                      Values &values) {
  const std::string &bytes = from.raw_data();
  auto push = [&](auto value) { values.push(double(value)); };
  unsigned width = 0;
  switch (from.data_type()) {
  case proto::TensorProto::FLOAT:
  case proto::TensorProto::INT32:
    width = 4;
    break;
  case proto::TensorProto::DOUBLE:
  case proto::TensorProto::INT64:
    width = 8;
    break;
  case proto::TensorProto::FLOAT16:
  case proto::TensorProto::BFLOAT16:
    width = 2;
    break;
  default:
    width = 1;
  }
  if (bytes.size() != count * width)
    return fail(error, file,
                "tensor " + quote(from.name()) + " has " +
                    std::to_string(bytes.size()) +
                    " bytes, but its shape and "
                    "type need " +
                    std::to_string(count * width));
  values.reserve(count);
  switch (from.data_type()) {
  case proto::TensorProto::FLOAT:
    eachOf<float>(bytes, push);
    break;
  case proto::TensorProto::INT32:
    eachOf<int32_t>(bytes, push);
    break;
  case proto::TensorProto::DOUBLE:
    eachOf<double>(bytes, push);
    break;
  case proto::TensorProto::INT64:
    eachOf<int64_t>(bytes, push);
    break;
  case proto::TensorProto::FLOAT16:
    eachOf<uint16_t>(bytes, [&](uint16_t b) { values.push(halfToDouble(b)); });
    break;
  case proto::TensorProto::BFLOAT16:
    eachOf<uint16_t>(bytes,
                     [&](uint16_t b) { values.push(bfloatToDouble(b)); });
    break;
  case proto::TensorProto::INT8:
    eachOf<int8_t>(bytes, push);
    break;
  default:
    eachOf<uint8_t>(bytes, push);
  }
  return true;
}

bool Decoder::readTyped(const proto::TensorProto &from, uint64_t count,
                        Values &values) {
  auto take = [&](const auto &list, auto convert) {
    if (uint64_t(list.size()) != count)
      return fail(error, file,
                  "tensor " + quote(from.name()) + " has " +
                      std::to_string(list.size()) +
                      " numbers, but its shape needs " + std::to_string(count));
    values.reserve(count);
    for (auto value : list)
      values.push(convert(value));
    return true;
  };
  auto plain = [](auto value) { return double(value); };
  switch (from.data_type()) {
  case proto::TensorProto::FLOAT:
    return take(from.float_data(), plain);
  case proto::TensorProto::DOUBLE:
    return take(from.double_data(), plain);
  case proto::TensorProto::INT64:
    return take(from.int64_data(), plain);
  case proto::TensorProto::FLOAT16:
    return take(from.int32_data(),
                [](int32_t b) { return halfToDouble(uint16_t(b)); });
  case proto::TensorProto::BFLOAT16:
    return take(from.int32_data(),
                [](int32_t b) { return bfloatToDouble(uint16_t(b)); });
  default:
    return take(from.int32_data(), plain);
  }
}

bool Decoder::decodeTensor(const proto::TensorProto &from,
                           operators::Constant &to) {
  switch (from.data_type()) {
  case proto::TensorProto::FLOAT:
  case proto::TensorProto::DOUBLE:
  case proto::TensorProto::FLOAT16:
  case proto::TensorProto::BFLOAT16:
  case proto::TensorProto::INT8:
  case proto::TensorProto::UINT8:
  case proto::TensorProto::INT32:
  case proto::TensorProto::INT64:
    break;
  default:
    return fail(error, file,
                "tensor " + quote(from.name()) + " has elements of type " +
                    std::to_string(from.data_type()) + ", which cannot be read",
                "float, double, float16, bfloat16, int8, uint8, int32 and "
                "int64 can");
  }
  if (from.data_location() == proto::TensorProto::EXTERNAL)
    return fail(error, file,
                "tensor " + quote(from.name()) + " is in another file",
                "save the model with its tensors inside");
  if (!readShape(from.dims(), from.name(), to))
    return false;
  return from.has_raw_data() ? readRaw(from, to.size(), to.values)
                             : readTyped(from, to.size(), to.values);
}

/// Places are linear, or one row of coordinates each.
bool Decoder::decodeSparse(const proto::SparseTensorProto &from,
                           operators::Constant &to) {
  const std::string &name = from.values().name();
  operators::Constant values, indices;
  if (!decodeTensor(from.values(), values) ||
      !decodeTensor(from.indices(), indices) ||
      !readShape(from.dims(), name, to))
    return false;
  uint64_t count = values.values.size(), rank = to.shape.size();
  bool isLinear = indices.shape.size() == 1;
  if (indices.values.size() != (isLinear ? count : count * rank))
    return fail(error, file,
                "sparse tensor " + quote(name) + " has " +
                    std::to_string(indices.values.size()) + " indices for " +
                    std::to_string(count) + " values");
  to.isSparse = true;
  to.values = std::move(values.values);
  auto outside = [&](uint64_t entry, double index) {
    return fail(error, file,
                "entry " + std::to_string(entry) + " of sparse tensor " +
                    quote(name) + " has index " + text(index) +
                    ", which is out of range");
  };
  for (uint64_t i = 0; i < count; ++i) {
    uint64_t place = 0;
    for (uint64_t d = 0; d < (isLinear ? 1 : rank); ++d) {
      uint64_t extent = isLinear ? to.size() : to.shape[d];
      double index = indices.values[isLinear ? i : i * rank + d];
      if (!(index >= 0 && index < double(extent)))
        return outside(i, index);
      place = place * extent + uint64_t(index);
    }
    if (i > 0 && place <= to.places.back())
      return fail(error, file,
                  "entry " + std::to_string(i) + " of sparse tensor " +
                      quote(name) + " comes before or repeats entry " +
                      std::to_string(i - 1),
                  "indices have to ascend");
    to.places.push_back(place);
  }
  return true;
}

bool Decoder::decodeNode(const proto::NodeProto &from, operators::Node &to) {
  to.name = from.name();
  to.op = from.op_type();
  to.inputs.assign(from.input().begin(), from.input().end());
  to.outputs.assign(from.output().begin(), from.output().end());
  bool isKnown = from.domain().empty() || from.domain() == "ai.onnx" ||
                 (from.domain() == "com.microsoft" && to.op == "Gelu");
  if (!isKnown)
    return fail(error, file,
                to.describe() + " belongs to domain " + quote(from.domain()) +
                    ", which is not known");
  for (const proto::AttributeProto &attribute : from.attribute()) {
    operators::Attribute &entry = to.attributes[attribute.name()];
    entry.real = attribute.f();
    entry.integer = attribute.i();
    entry.text = attribute.s();
    entry.integers.assign(attribute.ints().begin(), attribute.ints().end());
    auto constant = std::make_shared<operators::Constant>();
    if (attribute.has_t() && !decodeTensor(attribute.t(), *constant))
      return false;
    if (attribute.has_sparse_tensor() &&
        !decodeSparse(attribute.sparse_tensor(), *constant))
      return false;
    if (attribute.has_t() || attribute.has_sparse_tensor())
      entry.constant = std::move(constant);
  }
  return true;
}

bool Decoder::readInput(const proto::ValueInfoProto &from,
                        operators::Input &to) {
  to.name = from.name();
  int type = from.type().tensor_type().elem_type();
  if (type != proto::TensorProto::FLOAT && type != proto::TensorProto::DOUBLE &&
      type != proto::TensorProto::FLOAT16 &&
      type != proto::TensorProto::BFLOAT16)
    return fail(error, file,
                "input " + quote(to.name) + " has elements of type " +
                    std::to_string(type),
                "float, double, float16 or bfloat16 is expected");
  const proto::TensorShapeProto &shape = from.type().tensor_type().shape();
  if (shape.dim_size() < 2)
    return fail(error, file,
                "input " + quote(to.name) + " has " +
                    std::to_string(shape.dim_size()) + " dimensions",
                "the batch and at least one more are expected");
  for (int d = 1; d < shape.dim_size(); ++d) {
    int64_t extent =
        shape.dim(d).has_dim_value() ? shape.dim(d).dim_value() : 0;
    if (extent <= 0 || extent > INT32_MAX)
      return fail(error, file,
                  "dimension " + std::to_string(d) + " of input " +
                      quote(to.name) + " is not known",
                  "only the first one, the batch, may stay open");
    to.shape.push_back(extent);
  }
  return true;
}

bool Decoder::decode(const proto::ModelProto &model, operators::Graph &graph) {
  const proto::GraphProto &from = model.graph();
  for (const proto::TensorProto &tensor : from.initializer()) {
    auto constant = std::make_shared<operators::Constant>();
    if (!decodeTensor(tensor, *constant))
      return false;
    graph.constants[tensor.name()] = std::move(constant);
  }
  for (const proto::SparseTensorProto &tensor : from.sparse_initializer()) {
    auto constant = std::make_shared<operators::Constant>();
    if (!decodeSparse(tensor, *constant))
      return false;
    graph.constants[tensor.values().name()] = std::move(constant);
  }
  for (const proto::ValueInfoProto &value : from.input()) {
    operators::Input input;
    if (graph.constants.count(value.name()))
      continue; // a constant may be named as an input, too
    if (!readInput(value, input))
      return false;
    graph.inputs.push_back(std::move(input));
  }
  for (const proto::ValueInfoProto &value : from.output())
    graph.outputs.push_back(value.name());
  for (const proto::NodeProto &node : from.node()) {
    graph.nodes.emplace_back();
    if (!decodeNode(node, graph.nodes.back()))
      return false;
  }
  return true;
}

bool spada::net::readOnnx(std::string_view bytes, const std::string &file,
                          const Settings &settings, Network &network,
                          Error &error) {
  if (!network.layers.empty())
    return fail(error, file, "an ONNX model stands alone, not after layers");
  if (settings.rowsAreInputs)
    return fail(error, file,
                "what rows stand for is given, but ONNX says it itself",
                "leave the option out");
  google::protobuf::LogSilencer silence;
  proto::ModelProto model;
  if (bytes.size() > INT32_MAX ||
      !model.ParseFromArray(bytes.data(), int(bytes.size())))
    return fail(error, file, "the file is no ONNX model, or is damaged",
                "was the file copied completely?");
  if (!model.has_graph())
    return fail(error, file, "the model has no graph");
  operators::Graph graph;
  graph.fileSize = bytes.size();
  if (!Decoder(file, error).decode(model, graph))
    return false;
  model.Clear();
  operators::simplify(graph);
  return operators::makeNetwork(graph, file, settings.allowNaN, network, error);
}
