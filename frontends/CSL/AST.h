//===- AST.h - syntax tree of a CSL file ------------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// As written: no names resolved, no types. Nodes and strings belong to a
// `Source`, which outlives everything made from them.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_CSL_AST_H
#define SPADA_FRONTENDS_CSL_AST_H

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace spada::cslfront {

/// An identifier, compared by number. 0 is "no name".
using Name = uint32_t;

/// All identifiers of all files of a compilation.
class NameTable {
public:
  NameTable() { texts.emplace_back(); }
  Name intern(std::string_view text);
  std::string_view text(Name name) const { return texts[name]; }

private:
  std::deque<std::string> texts;
  std::unordered_map<std::string_view, Name> numbers;
};

/// Place in a file; line and column (in bytes) from 1, 0 is unknown.
struct Loc {
  uint32_t file = 0, line = 0, column = 0;
};

enum class Operator : uint8_t {
  Or,
  And,
  Eq,
  Ne,
  Lt,
  Gt,
  Le,
  Ge,
  BitAnd,
  BitXor,
  BitOr,
  Shl,
  Shr,
  Add,
  Sub,
  Mul,
  Div,
  Rem,
  // Prefix.
  Negate,
  Not,
  Invert,
  AddressOf,
  None
};

/// "+", "and", ... as written.
std::string_view operatorText(Operator op);

struct Expr;
struct Stmt;
struct Decl;

struct Field {
  Name name = 0;
  Loc loc;
  Expr *value = nullptr; ///< type in a struct type; may be null in an enum type
};

enum class ExprKind : uint8_t {
  Int,          // intValue (a literal of more than 64 bits is a parse error);
                // also character literals
  Float,        // floatValue
  String,       // text, escapes resolved
  Bool,         // intValue 0 or 1
  VoidValue,    // `{}`
  Name,         // name: a variable, function, type name, NORTH, ...
  Builtin,      // name: `zeros` of `@zeros`; args
  Call,         // callee; args
  Member,       // callee `.` name
  Deref,        // callee `.*`
  Index,        // callee `[` args `]`
  Unary,        // op; args[0]
  Binary,       // op; args[0], args[1]
  If,           // args: condition, then, and else unless it is absent
  Switch,       // args[0]: value; arms
  Tuple,        // `.{ args }`; also `.{}`
  Struct,       // `.{ .field = value, ... }`: fields
  TypedTuple,   // callee (a type) `{ args }`
  TypedStruct,  // callee `{ fields }`
  TensorAccess, // fields: induction variables with their extents; callee: base;
                // args: subscripts
  Block,        // body[0] is a labelled block statement
  Comptime,     // args[0]
  ArrayType,    // args: sizes; callee: element type
  PointerType,  // `*T`, `*const T` (isConst); callee: T
  ManyPointerType, // `[*]T`, `[*]const T`
  FunctionType,    // args: parameter types; callee: result type
  TaskType,        // `task() void`
  EnumType,        // callee: integer type or null; fields
  StructType,      // fields
};

struct Arm {
  std::vector<Expr *> values; ///< empty: else
  Loc loc;
  Expr *value = nullptr; ///< an expression arm
  Stmt *body = nullptr;  ///< otherwise a statement
};

struct Expr {
  ExprKind kind;
  Operator op = Operator::None;
  bool isConst = false;
  Loc loc;
  Name name = 0;
  int64_t intValue = 0; ///< a literal above 2^63-1 keeps its bits; isConst then
                        ///< says that it is unsigned
  double floatValue = 0;
  std::string_view text;
  Expr *callee = nullptr;
  std::vector<Expr *> args;
  std::vector<Field> fields;
  std::vector<Arm> arms;
  std::vector<Stmt *> body;
};

enum class StmtKind : uint8_t {
  Decl,     // decl: a local const or var
  Block,    // body; label
  If,       // expr; body[0]; body[1] unless there is no else
  While,    // expr; step or null; body[0]; label; isInline
  For,      // expr; payload, indexPayload (0: absent or `_`); body[0]; label;
            // isInline
  Switch,   // expr: an ExprKind::Switch
  Return,   // expr or null
  Break,    // label, expr or null
  Continue, // label
  Comptime, // body[0]
  Assign,   // target, op (None for `=`), expr
  Expr,     // expr
  Empty,
};

struct Stmt {
  StmtKind kind;
  Operator op = Operator::None;
  bool isInline = false;
  Loc loc;
  Name label = 0, payload = 0, indexPayload = 0;
  Expr *expr = nullptr, *target = nullptr;
  Stmt *step = nullptr;
  Decl *decl = nullptr;
  std::vector<Stmt *> body;
};

enum class DeclKind : uint8_t {
  Const,
  Var,
  Param,
  Function,
  Task,
  Comptime, // body: a top-level comptime block
  Layout    // body
};

struct Parameter {
  Name name = 0;
  Loc loc;
  bool isComptime = false;
  bool isAnytype = false; ///< type is then null
  Expr *type = nullptr;
};

struct Decl {
  DeclKind kind;
  bool isExport = false, isExtern = false, isInline = false, isNoinline = false;
  Loc loc; ///< of the name, or of the keyword of a block
  Name name = 0;
  Expr *type = nullptr;  ///< of a variable or param; result type of a function
  Expr *value = nullptr; ///< initial or default value; null when there is none
  Expr *align = nullptr, *linksection = nullptr, *linkname = nullptr;
  std::vector<Parameter> parameters;
  Stmt *body = nullptr; ///< block; null for an extern function
};

/// A parsed file. `number` is `Loc::file` of its nodes.
struct Source {
  uint32_t number = 0;
  std::string path; ///< as the user would write it
  std::string text;
  std::vector<Decl *> decls; ///< in textual order

  template <typename T, typename... Args> T *make(Args &&...args) {
    auto &pool = poolOf<T>();
    return &pool.emplace_back(T{std::forward<Args>(args)...});
  }
  /// Keeps a string that is not part of `text`.
  std::string_view keep(std::string text) {
    return strings.emplace_back(std::move(text));
  }

private:
  template <typename T> std::deque<T> &poolOf() {
    if constexpr (std::is_same_v<T, Expr>)
      return exprs;
    else if constexpr (std::is_same_v<T, Stmt>)
      return stmts;
    else
      return declPool;
  }
  std::deque<Expr> exprs;
  std::deque<Stmt> stmts;
  std::deque<Decl> declPool;
  std::deque<std::string> strings;
};

struct SyntaxError {
  Loc loc;
  std::string message; ///< what is wrong and what was expected
};

/// Parses `source.text` into `source.decls`. Deep nesting is an error, not a
/// crash. False with `errors` (at least one) filled when the text is not CSL.
bool parse(Source &source, NameTable &names, std::vector<SyntaxError> &errors);

} // namespace spada::cslfront

#endif
