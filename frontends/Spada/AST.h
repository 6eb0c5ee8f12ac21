//===- AST.h - syntax tree of a SpaDA program -------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Plain structs with source positions, as written; no types or names resolved.
// Text refers to the source buffer or to `Program::interned`.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_SPADA_AST_H
#define SPADA_FRONTENDS_SPADA_AST_H

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spada::frontend::ast {

/// Line and column (in bytes), both from 1; 0 is unknown.
struct Loc {
  uint32_t line = 0, col = 0;
};

/// `text` is `name` or `name#N`, N > 0 without leading zeros.
struct Ident {
  std::string_view text;
  Loc loc;
};

enum class Scalar : uint8_t { F16, F32, F64, I8, I16, I32, U8, U16, U32, Bool };

enum class Opcode : uint8_t {
  // Binary, by level from loose to tight.
  Or,
  And,
  Lt,
  Gt,
  Eq,
  Ge,
  Le,
  Ne,
  BitOr,
  BitXor,
  BitAnd,
  Shl,
  Shr,
  Add,
  Sub,
  Mul,
  Div,
  Rem,
  // Unary; a plus sign is dropped.
  Minus,
  Invert,
  Not
};

struct Operator {
  Opcode op;
  Loc loc;
};

enum class ExprKind : uint8_t {
  Int,    // text
  Float,  // text
  Bool,   // text
  Ref,    // text; args: subscripts
  Call,   // text; args
  Prefix, // ops, outermost first; args[0]
  Chain,  // ops of one level; args: one more than ops
  Select, // args: value, condition, value, condition, ..., value
};

struct Expr {
  ExprKind kind = ExprKind::Int;
  bool paren = false;     // written in parentheses
  bool hasArgs = false;   // Ref with a subscript, even an empty one
  mutable uint8_t ty = 0; // for the importer
  uint32_t depth = 0;     // operators on the longest way down
  Loc loc;
  uint32_t begin = 0, end = 0; // bytes of the source
  std::string_view text;
  std::vector<Operator> ops;
  std::vector<Expr> args;
};

struct Range {
  Loc loc;
  Expr lo;
  std::optional<Expr> hi, step;
};

struct TypedVar {
  Scalar type;
  Loc typeLoc;
  Ident name;
};

struct Type {
  Scalar element = Scalar::F32;
  bool isStream = false;
  Loc loc;
  std::optional<Expr> bound;
  std::vector<Expr> dims;
};

struct Argument {
  Type type;
  bool readOnly = false, writeOnly = false, compileTime = false;
  Ident name;
};

struct Field {
  bool isExtern = false;
  Type type;
  Ident name;
  Loc loc;
};

struct Hop {
  Loc loc;
  int64_t dx, dy;
};

struct StreamDecl {
  Type type;
  Ident name;
  Loc loc;
  bool isExtern = false;
  Ident direction;               // extern_stream
  std::vector<Range> offsets;    // relative_stream: two
  std::vector<bool> isMulticast; // written in brackets
  bool hasHops = false;
  Loc hopsLoc;
  std::vector<Hop> hops; // empty: auto
  std::optional<Expr> channel, count;
};

enum class StmtKind : uint8_t {
  Send,
  Receive,
  Map,
  Foreach,
  Async,
  Method,
  For,
  Await,
  AwaitAll,
  Assign
};
enum class Prefix : uint8_t { None, Await, Completion };

struct Generator {
  Loc loc;
  bool isReceive = false;
  std::vector<Expr> args;
  std::vector<Range> ranges;
};

struct Stmt {
  StmtKind kind = StmtKind::Assign;
  Prefix prefix = Prefix::None;
  Loc loc;          // of the statement without its prefix
  Loc prefixLoc;    // of the prefix
  Ident completion; // of the prefix, or of `await c`
  Expr target;      // Assign, Method
  Ident method;
  std::vector<Expr> args; // Send, Receive, Method; Assign: the value
  std::vector<TypedVar> vars;
  std::vector<Range> ranges;
  std::vector<Generator> generators;
  std::vector<Stmt> body;
};

enum class BlockKind : uint8_t { Place, Dataflow, Compute, Phase, MetaFor };

struct Block {
  BlockKind kind = BlockKind::Phase;
  Loc loc;
  std::vector<TypedVar> vars;
  std::vector<Range> ranges;
  std::vector<Field> fields;
  std::vector<StreamDecl> streams;
  std::vector<Stmt> body;
  std::vector<Block> blocks;
};

struct Kernel {
  Loc loc;
  bool hasAt = false;
  std::optional<Ident> name;
  std::vector<Ident> params;
  std::vector<Argument> arguments;
  std::vector<Block> blocks;
};

struct Program {
  Kernel kernel;
  std::deque<std::string> interned;
};

struct SyntaxError {
  Loc loc;
  std::string message;
};

/// Brackets of all kinds that may be open at one place.
inline constexpr int maxNesting = 256;

/// Fills `program` from `source`, which must outlive it. Returns the errors,
/// none on success. Never throws and never prints.
std::vector<SyntaxError> parse(std::string_view source, Program &program);

} // namespace spada::frontend::ast

#endif
