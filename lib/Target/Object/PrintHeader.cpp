//===- PrintHeader.cpp - the C header of a library ------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// A typed inline function over the one symbol that the library exports.
//
//===----------------------------------------------------------------------===//

#include "lib/Target/Object/Lower.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace spada;

static std::string cType(StringRef type) {
  if (type == "float64")
    return "double";
  if (type == "float32")
    return "float";
  if (type == "bool")
    return "uint8_t";
  if (type == "float16")
    return "uint16_t";
  return (type + "_t").str();
}

/// Names that C and C++ keep get a line at the end.
static std::string cName(StringRef name) {
  static constexpr StringLiteral kept[] = {
      "auto",    "bool",   "char",     "class",  "const",    "default",
      "delete",  "double", "enum",     "extern", "float",    "goto",
      "inline",  "int",    "long",     "new",    "register", "short",
      "signed",  "sizeof", "static",   "struct", "switch",   "this",
      "typedef", "union",  "unsigned", "void",   "volatile", "size",
      "threads", "domain"};
  return is_contained(kept, name) ? (name + "_").str() : name.str();
}

static std::string describe(const StencilArgument &argument) {
  std::string text;
  raw_string_ostream os(text);
  os << argument.name << ": ";
  if (!argument.isField) {
    os << "scalar " << argument.type;
    if (!argument.defaultValue.empty())
      os << ", usually " << argument.defaultValue;
    return text;
  }
  os << argument.type << " over ";
  bool any = false;
  for (unsigned axis = 0; axis < 3; ++axis)
    if (argument.axes[axis]) {
      os << "IJK"[axis];
      any = true;
    }
  if (!any)
    os << "no axis";
  for (int64_t size : argument.dataDims)
    os << " x " << size;
  os << (argument.isWritten
             ? argument.isRead ? ", read and written" : ", written"
         : argument.isRead ? ", read"
                           : ", unused");
  os << "; halo";
  for (unsigned axis = 0; axis < 3; ++axis)
    if (argument.axes[axis])
      os << ' ' << "IJK"[axis] << " (" << argument.lower[axis] << ", "
         << argument.upper[axis] << ')';
  return text;
}

static void printWrapper(raw_ostream &os, const StencilSignature &signature) {
  std::vector<std::string> parameters, fields, strides, scalars;
  for (const StencilArgument &argument : signature.arguments) {
    std::string name = cName(argument.name);
    std::string type = cType(argument.type);
    if (!argument.isField) {
      parameters.push_back(type + " " + name);
      scalars.push_back("&" + name);
      continue;
    }
    std::string access = argument.isWritten ? "" : "const ";
    parameters.push_back(access + type + " *" + name);
    parameters.push_back("const int64_t *" + name + "_strides");
    fields.push_back("(void *)" + name);
    for (unsigned n = 0; n < argument.numStrides(); ++n)
      strides.push_back(name + "_strides[" + std::to_string(n) + "]");
  }
  auto list = [&](StringRef type, StringRef name,
                  const std::vector<std::string> &items) {
    os << "  " << type << name << "[] = {"
       << (items.empty() ? "0" : join(items, ", ")) << "};\n";
  };
  os << "static inline int32_t " << signature.name
     << "(int64_t ni, int64_t nj, int64_t nk,\n    "
     << join(parameters, ",\n    ") << (parameters.empty() ? "" : ",\n    ")
     << "int64_t threads) {\n";
  list("const int64_t ", "all_sizes", {"ni", "nj", "nk"});
  list("void *const ", "all_fields", fields);
  list("const int64_t ", "all_strides", strides);
  list("const void *const ", "all_scalars", scalars);
  os << "  return " << signature.name
     << "_call(all_sizes, all_fields, all_strides, all_scalars, threads);\n}\n";
}

std::string spada::cpu::printHeader(const StencilSignature &signature) {
  std::string text;
  raw_string_ostream os(text);
  std::string guard = "STENCIL_" + StringRef(signature.name).upper() + "_H";
  os << "/* Stencil '" << signature.name << "', made by spada.\n *\n";
  for (const StencilArgument &argument : signature.arguments)
    os << " * " << describe(argument) << '\n';
  os << " *\n"
        " * A field is the address of the first point of the domain; its "
        "strides are in\n"
        " * elements: the axes that it has, then its data dimensions. The halo "
        "of points\n"
        " * below and above the domain must be there; nothing checks it. No "
        "field that is\n"
        " * written may overlap another one. The fast ways are unit stride on "
        "I for all\n"
        " * fields, or unit stride on K. `threads` 0 leaves their number to "
        "OpenMP.\n"
        " * The result is 0, or 1 when there are fewer than "
     << signature.minLevels << " levels. */\n";
  os << "#ifndef " << guard << "\n#define " << guard
     << "\n\n#include <stdint.h>\n\n#ifdef __cplusplus\nextern \"C\" "
        "{\n#endif\n\n";
  os << "/* The only symbol of the library. Fields, strides and scalars in the "
        "order of\n * the arguments; `scalars` holds addresses. */\n";
  os << "int32_t " << signature.name
     << "_call(const int64_t sizes[3], void *const *fields,\n"
        "    const int64_t *strides, const void *const *scalars, int64_t "
        "threads);\n\n";
  printWrapper(os, signature);
  os << "\n#ifdef __cplusplus\n}\n#endif\n\n#endif\n";
  return text;
}
