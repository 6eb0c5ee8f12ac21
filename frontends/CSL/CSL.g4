// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The syntax of CSL. Operators are flat lists here; TreeToExpr.cpp nests them.
// What may stand before a '{' that opens a block is a `typeExpr`, which takes
// no initialiser, so that a block is never read as a typed literal.
grammar CSL;

file : topDecl* EOF ;

topDecl
  : (EXPORT | EXTERN | INLINE | NOINLINE)* (variable | function)
  | PARAM ident (COLON typeExpr)? (ASSIGN expr)? SEMI
  | TASK ident parameters attribute* typeExpr block
  | (COMPTIME | LAYOUT) block
  ;

variable
  : (CONST | VAR) ident (COLON typeExpr)? attribute* (ASSIGN expr)? SEMI
  ;

attribute : (ALIGN | LINKSECTION | LINKNAME) LPAREN expr RPAREN ;

function : FN ident parameters attribute* typeExpr (block | SEMI) ;

parameters : LPAREN (parameter (COMMA parameter)* COMMA?)? RPAREN ;

parameter : COMPTIME? ident COLON (ANYTYPE | typeExpr) ;

block : LBRACE stmt* RBRACE ;

stmt
  : variable
  | COMPTIME?
    ( compound
    | jump SEMI
    | chain (COLON labelled | (assignOp expr)? SEMI)
    )
  ;

// Needs no ';'.
compound : block | ifStmt | whileLoop | forLoop | switchExpr | SEMI ;

// The name before the ':' is read as an expression.
labelled : block | whileLoop | forLoop ;

jump
  : RETURN expr?
  | BREAK (COLON ident)? expr?
  | CONTINUE (COLON ident)?
  ;

simple : jump | chain (assignOp expr)? ;

assignOp
  : ASSIGN | ADD_TO | SUB_TO | MUL_TO | DIV_TO | REM_TO | SHL_TO | SHR_TO
  | AND_TO | OR_TO | XOR_TO
  ;

// A branch before 'else' may do without its ';'.
ifStmt
  : IF LPAREN expr RPAREN COMPTIME?
    ( compound (ELSE stmt)?
    | simple (SEMI (ELSE stmt)? | ELSE stmt)
    )
  ;

whileLoop
  : INLINE? WHILE LPAREN expr RPAREN (COLON LPAREN simple RPAREN)? stmt
  ;

forLoop
  : INLINE? FOR LPAREN expr RPAREN PIPE ident (COMMA ident)? PIPE stmt
  ;

switchExpr
  : SWITCH LPAREN expr RPAREN LBRACE (arm (COMMA arm)* COMMA?)? RBRACE
  ;

arm : (ELSE | expr (COMMA expr)*) FAT_ARROW armBody ;

armBody
  : labelled
  | IF LPAREN expr RPAREN armBody (ELSE armBody)?
  | switchExpr
  | tensorAccess
  | COMPTIME? (jump | chain (COLON labelled | assignOp expr)?)
  ;

expr
  : ifExpr
  | switchExpr
  | LBRACE RBRACE
  | tensorAccess
  | COMPTIME expr
  | chain (COLON block)?
  ;

ifExpr : IF LPAREN expr RPAREN expr (ELSE expr)? ;

tensorAccess
  : PIPE ident (COMMA ident)* COMMA? PIPE LBRACE exprList RBRACE ARROW typeExpr
  ;

exprList : expr (COMMA expr)* COMMA? ;

chain
  : operand
    ( ( OR | AND | EQ | NE | LT | GT | LE | GE | AMP | CARET | PIPE | SHL | SHR
      | PLUS | MINUS | STAR | SLASH | PERCENT
      ) (operand | ifExpr | switchExpr)
    )*
  ;

operand : (MINUS | BANG | TILDE | AMP)* typeExpr (initList suffix*)? ;

initList
  : LBRACE
    ( fieldValue (COMMA fieldValue)* COMMA?
    | expr (COMMA expr)* COMMA?
    )?
    RBRACE
  ;

fieldValue : DOT fieldName ASSIGN expr ;

typeExpr : typePrefix* primary suffix* ;

typePrefix
  : LBRACK exprList RBRACK
  | LBRACK STAR RBRACK CONST?
  | STAR CONST?
  ;

suffix
  : DOT fieldName
  | DOT_STAR
  | LBRACK exprList RBRACK
  | LPAREN exprList? RPAREN
  ;

primary
  : INT
  | FLOAT
  | CHARACTER
  | STRING
  | TRUE
  | FALSE
  | ident
  | BUILTIN LPAREN exprList? RPAREN
  | LPAREN expr RPAREN
  | DOT initList
  | FN LPAREN (typeExpr (COMMA typeExpr)* COMMA?)? RPAREN typeExpr
  | TASK LPAREN RPAREN typeExpr
  | ENUM (LPAREN typeExpr RPAREN)?
    LBRACE (enumField (COMMA enumField)* COMMA?)? RBRACE
  | STRUCT LBRACE (structField (COMMA structField)* COMMA?)? RBRACE
  ;

enumField : fieldName (ASSIGN expr)? ;
structField : fieldName COLON typeExpr ;

ident : NAME | LAYOUT | PARAM ;

fieldName
  : ident | ALIGN | AND | ANYTYPE | ASM | BREAK | COMPTIME | CONST | CONTINUE
  | ELSE | ENUM | EXPORT | EXTERN | FALSE | FN | FOR | IF | INLINE | LINKNAME
  | LINKSECTION | NOINLINE | OR | PACKED | RETURN | STRUCT | SWITCH | TASK
  | TRUE | UNION | VAR | VOLATILE | WHILE
  ;

ALIGN : 'align' ;
AND : 'and' ;
ANYTYPE : 'anytype' ;
ASM : 'asm' ;
BREAK : 'break' ;
COMPTIME : 'comptime' ;
CONST : 'const' ;
CONTINUE : 'continue' ;
ELSE : 'else' ;
ENUM : 'enum' ;
EXPORT : 'export' ;
EXTERN : 'extern' ;
FALSE : 'false' ;
FN : 'fn' ;
FOR : 'for' ;
IF : 'if' ;
INLINE : 'inline' ;
LAYOUT : 'layout' ;
LINKNAME : 'linkname' ;
LINKSECTION : 'linksection' ;
NOINLINE : 'noinline' ;
OR : 'or' ;
PACKED : 'packed' ;
PARAM : 'param' ;
RETURN : 'return' ;
STRUCT : 'struct' ;
SWITCH : 'switch' ;
TASK : 'task' ;
TRUE : 'true' ;
UNION : 'union' ;
VAR : 'var' ;
VOLATILE : 'volatile' ;
WHILE : 'while' ;

LPAREN : '(' ;
RPAREN : ')' ;
LBRACE : '{' ;
RBRACE : '}' ;
LBRACK : '[' ;
RBRACK : ']' ;
COMMA : ',' ;
COLON : ':' ;
SEMI : ';' ;
DOT : '.' ;
DOT_STAR : '.*' ;
ARROW : '->' ;
FAT_ARROW : '=>' ;
ASSIGN : '=' ;
ADD_TO : '+=' ;
SUB_TO : '-=' ;
MUL_TO : '*=' ;
DIV_TO : '/=' ;
REM_TO : '%=' ;
SHL_TO : '<<=' ;
SHR_TO : '>>=' ;
AND_TO : '&=' ;
OR_TO : '|=' ;
XOR_TO : '^=' ;
EQ : '==' ;
NE : '!=' ;
LT : '<' ;
GT : '>' ;
LE : '<=' ;
GE : '>=' ;
SHL : '<<' ;
SHR : '>>' ;
PLUS : '+' ;
MINUS : '-' ;
STAR : '*' ;
SLASH : '/' ;
PERCENT : '%' ;
PIPE : '|' ;
CARET : '^' ;
AMP : '&' ;
TILDE : '~' ;
BANG : '!' ;

INT : [0-9]+ | '0x' [0-9a-fA-F]+ | '0b' [01]+ ;
FLOAT : [0-9]+ '.' [0-9]+ ([eE] [-+]? [0-9]+)? | [0-9]+ [eE] [-+]? [0-9]+ ;
CHARACTER : '\'' (~['\\\n] | '\\' ~[\n])+ '\'' ;
STRING : '"' (~["\\\n] | '\\' ~[\n])* '"' ;
BUILTIN : '@' [_a-zA-Z] [_0-9a-zA-Z]* ;
NAME : [_a-zA-Z] [_0-9a-zA-Z]* ;

SPACE : [ \t\r\n\f\u000B]+ -> skip ;
COMMENT : '//' ~[\n]* -> skip ;

// Lexed so that the scanner can name what is wrong with them.
BAD_NUMBER : [0-9] [._0-9a-zA-Z]* ;
BAD_CHARACTER : '\'' (~['\\\n] | '\\' ~[\n])* '\''? ;
BAD_STRING : '"' (~["\\\n] | '\\' ~[\n])* ;
BLOCK_COMMENT : '/*' ;
INCREMENT : '++' ;
AND_AND : '&&' ;
OR_OR : '||' ;
OTHER : . ;
