//===- AST.h - syntax tree of a Python file with stencils --------*- C++
//-*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Plain structs with source ranges, as written: nothing is resolved, inlined or
// checked beyond Python's own syntax. Text refers to `Module::source` or to
// `Module::interned`, so that a module stays where it is made.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_GTSCRIPT_AST_H
#define SPADA_FRONTENDS_GTSCRIPT_AST_H

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spada::gtscript::ast {

/// Where something stands: line and column (in bytes) of its first character,
/// both from 1 (0: unknown), and its bytes [begin, end) of the source.
struct Range {
  uint32_t line = 0, col = 0;
  uint32_t begin = 0, end = 0;
};

/// Python's operators. Those after `lastOfGTScript` are none of GTScript.
enum class Op : uint8_t {
  None,
  // Binary arithmetic.
  Add,
  Sub,
  Mul,
  Div,
  Mod,
  MatMul,
  Pow,
  // Comparison.
  Lt,
  Le,
  Gt,
  Ge,
  Eq,
  Ne,
  // Boolean.
  And,
  Or,
  Not,
  // Unary arithmetic.
  Neg,
  Pos,
  // Python only.
  FloorDiv,
  BitAnd,
  BitOr,
  BitXor,
  Shl,
  Shr,
  Invert,
  Is,
  IsNot,
  In,
  NotIn,
};
inline constexpr Op lastOfGTScript = Op::Pos;

/// The operator as written: "+", "not in".
std::string_view spelling(Op op);

enum class ExprKind : uint8_t {
  Missing,   // nothing is written here: `a` of `a:`, no default, no value
  Name,      // text
  Attribute, // args[0] . text
  Int,       // text as written
  Float,     // text as written
  Bool,      // text "True" or "False"
  None,      //
  Ellipsis,  // ...
  String,    // text: the value, adjacent literals joined
  Unary,     // op (Neg, Pos, Not); args[0]
  Binary,    // op (Add .. Pow); args[0], args[1]
  Compare,   // op (Lt .. Ne); args[0], args[1]
  BoolOp,    // op (And, Or); args: two or more
  Ternary,   // args: value, condition, value otherwise
  Call,      // args[0] called with args[1..]: positional first, then Keyword
  Keyword,   // text = args[0], argument of a call
  Subscript, // args[0] [ args[1..] ], one arg per comma-separated index
  Slice,     // args: lower, upper, step, each maybe Missing
  Tuple,     // args; `paren` tells whether it was written in parentheses
  List,      // args
  /// Python that is not GTScript. `text` names it for a message: "//", "is",
  /// "comparison chain", "lambda", "list comprehension", "dict", "f-string".
  /// `op` is set for operators outside GTScript, and `args` are the operands of
  /// operators, chains, starred values and set displays; a dict has keys and
  /// values in turn (a Missing key: `**value`). Else `args` is empty.
  Unsupported,
};

struct Expr {
  ExprKind kind = ExprKind::Missing;
  Op op = Op::None;
  bool paren = false; // written in parentheses of its own
  /// Subscript: the index was written with a comma at its end, `a[1,]`.
  bool trailingComma = false;
  Range range;
  Range opRange; // of the operator, the attribute's name or the opening bracket
  uint32_t depth = 0; // levels below
  std::string_view text;
  std::vector<Expr> args;

  explicit operator bool() const { return kind != ExprKind::Missing; }
  bool is(ExprKind k) const { return kind == k; }
  bool isName(std::string_view name) const {
    return kind == ExprKind::Name && text == name;
  }
};

/// "a.b.c" of a name or of attributes of a name; nothing for other expressions.
std::optional<std::string> dottedName(const Expr &expr);
/// The last part of a dotted name: "stencil" of `gtscript.stencil`; "" if none.
std::string_view lastName(const Expr &expr);

/// Value of an integer literal in any base; nothing if over 64 bits (signed).
std::optional<int64_t> intValue(std::string_view text);
/// Value of a float or integer literal, correctly rounded.
std::optional<double> floatValue(std::string_view text);

enum class StmtKind : uint8_t {
  Assign,    // targets (several: a = b = value), value
  AugAssign, // targets[0] op= value
  AnnAssign, // targets[0] : annotation = value (maybe Missing)
  If,        // clauses (if and elifs), orelse
  While,     // value, body, orelse
  For,       // targets[0] in value, body, orelse
  With,      // items, body
  Expr,      // value; a docstring is a String
  Return,    // value, maybe Missing
  Import,    // import: `import a.b as c` has one `Import` per module
  Pass,      //
  Assert,    // value, message
  Def,       // function: index in Module::functions
  Class,     // classIndex: index in Module::classes
  /// Any other statement of Python, also one that could not be read: then
  /// `error` says why. `text` is its first word: "break", "try", "match". Its
  /// block, if it has one, is `body`; `try` has its handlers as clauses and
  /// what follows `else` and `finally` in `orelse`.
  Other,
};

struct Stmt;

struct Clause {
  Range range; // from `if` or `elif` to the colon
  Expr condition;
  std::vector<Stmt> body;
};

struct WithItem {
  Expr context;
  Expr target; // after `as`, maybe Missing
};

/// `import module [as asName]` has no names and level 0;
/// `from ..module import name as asName, ...` has level 2; `*` is a name.
struct ImportName {
  Range range;
  std::string_view name;
  std::string_view asName; // what is bound; the name itself without `as`
  bool hasAs = false;
};
struct Import {
  bool isFrom = false;
  unsigned level = 0;
  Range moduleRange;
  std::string_view module; // "a.b", blanks removed; may be empty with a level
  std::string_view asName; // of `import a.b as c`, else empty
  std::vector<ImportName> names;
};

struct Stmt {
  StmtKind kind = StmtKind::Other;
  Op op = Op::None;
  bool hasElse = false;
  bool isAsync = false;
  /// A simple statement whole; a compound one from its keyword to its colon.
  Range range;
  Range elseRange; // of the word `else`
  std::string_view text;
  std::vector<Expr> targets;
  Expr annotation, value, message;
  std::vector<Clause> clauses;
  std::vector<WithItem> items;
  std::vector<Import> imports;
  std::vector<Stmt> body, orelse;
  uint32_t function = 0, classIndex = 0;
  /// Other: the error of the line, at `errorRange`; empty for what is Python.
  std::string error, hint;
  Range errorRange;
};

enum class ParamKind : uint8_t {
  PositionalOnly, // before `/`
  Normal,
  KeywordOnly, // after `*` or `*args`
  VarArgs,     // *args
  VarKeywords, // **kwargs
};

struct Param {
  ParamKind kind = ParamKind::Normal;
  Range range; // of the name
  std::string_view name;
  Expr annotation; // maybe Missing
  Expr value;      // the default, maybe Missing
};

inline constexpr uint32_t noParent = UINT32_MAX;

/// A `def`. Its body is read statement by statement if it may hold GTScript or
/// a function that does (`isRead`); else it is Python of no interest.
struct Function {
  std::string_view name;
  std::string qualified; // "Outer.inner", of functions and classes around it
  Range range;           // from `def` to the colon
  Range nameRange;
  bool isAsync = false;
  std::vector<Expr> decorators;
  std::vector<Param> params;
  Expr returns;
  bool isRead = false;
  bool hasComputation = false; // `with computation(` in its own body
  std::vector<Stmt> body;
  uint32_t parent = noParent;      // the function around it
  uint32_t classParent = noParent; // the class around it, if that is nearest
  /// The header could not be read: why, at `errorRange`.
  std::string error, hint;
  Range errorRange;
};

struct Class {
  std::string_view name;
  std::string qualified;
  Range range;
  std::vector<Expr> decorators;
  std::vector<Expr> bases; // Keyword for `metaclass=`
  std::vector<Stmt> body;
  uint32_t parent = noParent;      // the function around it
  uint32_t classParent = noParent; // the class around it
};

struct SyntaxError {
  Range range;
  std::string message;
  std::string hint; // may be empty
};

/// A file. Statements outside functions are all in `body`, in order, with
/// `Other` for what has no use; only `errors` make the file unreadable.
struct Module {
  Module() = default;
  Module(const Module &) = delete;
  Module &operator=(const Module &) = delete;

  std::string path;   // as given or found; for messages
  std::string source; // never changed after parsing
  std::vector<Stmt> body;
  std::deque<Function> functions; // all, in source order
  std::deque<Class> classes;      // all, in source order
  /// Brackets and indentation that do not fit, strings without an end.
  std::vector<SyntaxError> errors;
  /// Statements with `externals=` inside functions: Python that makes stencils
  /// of other functions. Those that cannot be read are left out.
  std::vector<Stmt> makers;
  std::deque<std::string> interned;
};

/// Brackets that may be open at one place; as CPython's own limit.
inline constexpr unsigned maxNesting = 200;
/// Blocks in blocks; as CPython's own limit.
inline constexpr unsigned maxIndent = 100;
/// Levels of one expression.
inline constexpr unsigned maxDepth = 500;

/// Reads `source` as the file `path`. The result always exists; see
/// `Module::errors`. Never throws and never prints.
std::unique_ptr<Module> parse(std::string path, std::string source);

/// Reads one expression, as in a string annotation, whose text stands in
/// `module` at `where` (messages get that place). Text is interned there.
/// Missing and an error if it cannot be read.
Expr parseExpr(Module &module, std::string_view text, Range where,
               std::vector<SyntaxError> &errors);

/// Every error inside `function`: its header, its statements and those of the
/// blocks in them, in order. Empty for a function that may be used.
std::vector<SyntaxError> errorsIn(const Module &module,
                                  const Function &function);

/// A definition that is a stencil by its decorator or by its body.
struct StencilCandidate {
  uint32_t function = 0;           // index in Module::functions
  std::string name;                // "f", "Outer.inner"
  const Expr *decorator = nullptr; // `stencil(...)` or `lazy_stencil(...)`
};

/// In source order. A stencil is a function decorated with `stencil` or
/// `lazy_stencil`, or one whose own body holds `with computation(`.
std::vector<StencilCandidate> findStencils(const Module &module);

/// The decorator `function` or `lazy_function` of a GTScript function, or null.
const Expr *functionDecorator(const Function &function);

} // namespace spada::gtscript::ast

#endif
