//===- Modules.h - files, their imports and constants ------------*- C++
//-*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Says what a name means outside stencils: finds files that imports name and
// folds what stands there. Runs no Python: what is not plainly a constant, a
// type or a function is undecided, with the reason.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_GTSCRIPT_MODULES_H
#define SPADA_FRONTENDS_GTSCRIPT_MODULES_H

#include "frontends/GTScript/AST.h"

#include <functional>
#include <map>
#include <set>

namespace spada::gtscript {

/// The element types of the language, in order of promotion.
enum class DType : uint8_t {
  Bool,
  Int8,
  Int16,
  Int32,
  Int64,
  Float32,
  Float64,
};
std::string_view spelling(DType type);

class File;

/// Where a name is used: in a file, maybe inside a function, behind everything
/// that stands before byte `position`.
struct Scope {
  const File *file = nullptr;
  uint32_t function = ast::noParent;
  uint32_t position = UINT32_MAX;
};

enum class ValueKind : uint8_t {
  None,
  Bool,   // integer: 0 or 1
  Int,    // integer
  Float,  // real
  String, // text
  Tuple,  // elements; lists too
  Dict,   // elements: key, value, key, ...
  /// Something of the language or of Python by its one name: "gtscript.Field",
  /// "gtscript.PARALLEL", "gtscript.sqrt", "numpy.float64", "builtins.int".
  Builtin,
  /// An expression over builtins, to be read in `scope`: a type such as
  /// `Field[IJK, np.float64]`, an axis position such as `I[-1] + 1`.
  Expr,
  Function,   // function of `scope.file`
  Class,      // classNode of `scope.file`
  EnumMember, // text: its name; elements[0]: its value; classNode
  Namespace,  // names and elements: `SimpleNamespace(a=1)`
  Module,     // text: dotted name; `scope.file` if there is a file
};

struct Value {
  ValueKind kind = ValueKind::None;
  /// Of numbers that NumPy's constructors made; plain Python numbers have none.
  std::optional<DType> dtype;
  int64_t integer = 0;
  double real = 0;
  std::string text;
  std::vector<Value> elements;
  std::vector<std::string> names;
  Scope scope;
  const ast::Expr *expr = nullptr;
  const ast::Function *function = nullptr;
  const ast::Class *classNode = nullptr;

  bool is(ValueKind k) const { return kind == k; }
  bool isNumber() const {
    return is(ValueKind::Bool) || is(ValueKind::Int) || is(ValueKind::Float);
  }
  bool isBuiltin(std::string_view name) const {
    return is(ValueKind::Builtin) && text == name;
  }
  double asReal() const {
    return is(ValueKind::Float) ? real : double(integer);
  }

  static Value of(bool value);
  static Value of(int64_t value);
  static Value of(double value);
  static Value builtin(std::string name);
};
/// For messages: "1.5", "'GFS'", "function 'f'".
std::string describe(const Value &value);

/// Why there is no value.
struct Reason {
  std::string message; // "module 'ndsl.constants' is not found"
  std::string hint;
  const File *file = nullptr; // where, if known
  ast::Range range;
  /// The name, or the module it comes from, is not there at all.
  bool isMissing = false;
};

struct Found {
  std::optional<Value> value;
  Reason reason; // if there is no value
  explicit operator bool() const { return value.has_value(); }
  static Found because(Reason reason) { return {std::nullopt, reason}; }
};

/// \p a, \p b  operands of a binary, comparison or boolean operator of Python.
/// NumPy's rules where an operand has a dtype, Python's else. The reason has no
/// place.
Found foldBinary(ast::Op op, const Value &a, const Value &b);
/// Neg, Pos, Not, Invert.
Found foldUnary(ast::Op op, const Value &a);
/// Conversion as NumPy's constructor of the type does it.
Found convertTo(DType type, const Value &a);
/// Truth as Python's `if` sees it; nothing for what has none here.
std::optional<bool> truth(const Value &value);

/// One binding of a name by a statement.
struct Binding {
  const ast::Stmt *stmt = nullptr;
  const ast::Expr *target = nullptr; // Assign, AnnAssign, AugAssign: the name
  const ast::Import *import = nullptr;
  const ast::ImportName *name = nullptr; // of `from`
  uint32_t position = 0;
  uint32_t guard = UINT32_MAX; // index of Bindings::guards
  bool isParam = false;
};

/// A condition that decides whether a binding is made.
struct Guard {
  const ast::Stmt *stmt = nullptr; // If; for others the outcome is unknown
  size_t clause = 0;               // number of clauses: the else
  bool isNever = false;            // a handler of exceptions
  uint32_t outer = UINT32_MAX;
};

/// What the statements of one scope bind, in order.
struct Bindings {
  std::map<std::string_view, std::vector<Binding>> names; // "*" too
  std::vector<Guard> guards;
};

class File {
public:
  std::string name;      // dotted name it was imported by; "" for the first
  std::string directory; // of the file
  bool isPackage = false;
  std::unique_ptr<ast::Module> tree;

private:
  friend class Modules;
  friend class Evaluation;
  mutable std::map<const void *, Bindings> bindings; // by body
};

struct SearchOptions {
  std::vector<std::string> directories; // of `-I`, in order
  /// Text of a file, nothing if there is none; the disk if not set.
  std::function<std::optional<std::string>(const std::string &)> read;
};

class Modules {
public:
  explicit Modules(SearchOptions options = {});
  ~Modules();

  /// The file at `path`, read once; null if there is none. Its syntax errors
  /// are in `tree->errors`.
  const File *load(const std::string &path);

  /// What `name` ("a", "constants.GRAV") means in `scope`. The value of names
  /// of the language, of NumPy and of Python itself are builtins, also where
  /// their packages are absent.
  Found lookup(const Scope &scope, std::string_view name);

  /// The value of an expression. `local`, if set, is asked first for every
  /// plain name.
  using Local = std::function<std::optional<Value>(std::string_view)>;
  Found evaluate(const Scope &scope, const ast::Expr &expr,
                 const Local &local = nullptr);

  /// An attribute of a module, a class, a namespace or an enum member.
  Found attribute(const Value &base, std::string_view name);

  /// The file of module `name` as `from` imports it; null if not found.
  const File *findModule(const File &from, std::string_view name,
                         unsigned level);
  /// Where modules were looked for, for a message: "a, b and 3 more".
  std::string describeSearchPath(const File &from) const;

  /// The scope of a function's own body: its closure is what surrounds it.
  static Scope scopeOf(const File &file, const ast::Function &function);

private:
  friend class Evaluation;
  struct State;
  std::unique_ptr<State> state;
};

} // namespace spada::gtscript

#endif
