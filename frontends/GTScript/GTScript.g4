// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The syntax of one logical line of Python. ParseLayout.cpp cuts a file into
// such lines and nests them by indentation (Python's NEWLINE, INDENT and DEDENT),
// so that one line that is not Python, or not GTScript, spoils no other.
// Arithmetic operators are flat lists here; TreeToExpr.cpp nests them.
grammar GTScript;

// A line ends before its NEWLINE; a block, if it has one, follows as lines.
line : ( decorator | compound | simple ) EOF ;
expression : items EOF ; // the text of a string annotation

decorator : AT namedExpr ;

compound : header COLON simple? ;

header
  : condition
  | ELSE
  | TRY
  | FINALLY
  | EXCEPT STAR? ( items ( AS NAME )? )?
  | forHeader
  | withHeader
  | functionHeader
  | classHeader
  ;

condition : ( IF | ELIF | WHILE ) namedExpr ;
forHeader : ASYNC? FOR targets IN items ;
withHeader
  : ASYNC? WITH ( LPAREN withItem ( COMMA withItem )* COMMA? RPAREN | withItem ( COMMA withItem )* )
  ;
withItem : namedExpr ( AS target )? ;
functionHeader
  : ASYNC? DEF NAME typeParams? LPAREN params? RPAREN ( ARROW expr )?
  ;
classHeader : CLASS NAME typeParams? ( LPAREN args? RPAREN )? ;

typeParams : LBRACK typeParam ( COMMA typeParam )* COMMA? RBRACK ;
typeParam : ( STAR | POW )? NAME ( COLON expr )? ( ASSIGN item )? ;

params : param ( COMMA param )* COMMA? ;
param
  : NAME ( COLON expr )? ( ASSIGN expr )?
  | STAR ( NAME ( COLON item )? )?
  | POW NAME ( COLON expr )?
  | SLASH
  ;

simple : small ( SEMI small )* SEMI? ;

small
  : exprStmt
  | importStmt
  | fromStmt
  | RETURN items?
  | PASS
  | assertStmt
  | other
  ;

exprStmt
  : rhs ( COLON expr ( ASSIGN rhs )? | augmented rhs | ( ASSIGN rhs )+ )?
  ;
rhs : yield | items ;
augmented
  : ADD_ASSIGN | SUB_ASSIGN | MUL_ASSIGN | DIV_ASSIGN | MOD_ASSIGN | POW_ASSIGN
  | MATMUL_ASSIGN | FLOOR_ASSIGN | AND_ASSIGN | OR_ASSIGN | XOR_ASSIGN
  | SHL_ASSIGN | SHR_ASSIGN
  ;

importStmt : IMPORT moduleAs ( COMMA moduleAs )* ;
moduleAs : dotted ( AS NAME )? ;
fromStmt
  : FROM dots? dotted? IMPORT ( STAR | LPAREN nameAs ( COMMA nameAs )* COMMA? RPAREN | nameAs ( COMMA nameAs )* )
  ;
dots : ( DOT | ELLIPSIS )+ ;
dotted : NAME ( DOT NAME )* ;
nameAs : NAME ( AS NAME )? ;

assertStmt : ASSERT expr ( COMMA expr )? ;

// Statements that GTScript has no use for.
other
  : BREAK
  | CONTINUE
  | DEL items
  | RAISE ( expr ( FROM expr )? )?
  | ( GLOBAL | NONLOCAL ) NAME ( COMMA NAME )*
  ;

// Expressions, from loose to tight.
items : item ( COMMA item )* COMMA? ;
item : STAR expr | namedExpr ;
namedExpr : expr ( WALRUS expr )? ;
expr : disj ( IF disj ELSE disj )* ;
disj : lambda | conj ( OR conj )* ;
conj : inversion ( AND inversion )* ;
inversion : NOT* comparison ;
comparison : arith ( compareOp arith )* ;
compareOp : LT | GT | LE | GE | EQ | NE | NOT IN | IN | IS NOT? ;
arith : factor ( binaryOp factor )* ;
binaryOp
  : PLUS | MINUS | STAR | SLASH | FLOOR | PERCENT | AT | AMP | PIPE | CARET | SHL
  | SHR
  ;
factor : ( PLUS | MINUS | TILDE )* primary ( POW factor )? ;
primary : AWAIT? atom trailer* ;
trailer : DOT NAME | LPAREN args? RPAREN | LBRACK index ( COMMA index )* COMMA? RBRACK ;
args : arg ( COMMA arg )* COMMA? ;
arg : NAME ASSIGN expr | ( STAR | POW ) expr | namedExpr comprehension? ;
index : STAR expr | namedExpr ( COLON sliceEnd )? | COLON sliceEnd ;
sliceEnd : upper=expr? ( COLON step=expr? )? ;

atom
  : NAME
  | INT
  | FLOAT
  | IMAGINARY
  | STRING+
  | ELLIPSIS
  | NONE
  | TRUE
  | FALSE
  | LPAREN ( yield | item ( comprehension | ( COMMA item )* COMMA? ) )? RPAREN
  | LBRACK ( item ( comprehension | ( COMMA item )* COMMA? ) )? RBRACK
  | LBRACE ( entry ( comprehension | ( COMMA entry )* COMMA? ) )? RBRACE
  ;
entry : POW expr | STAR expr | namedExpr ( COLON expr )? ;

lambda : LAMBDA ( lambdaParam ( COMMA lambdaParam )* COMMA? )? COLON expr ;
lambdaParam : NAME ( ASSIGN expr )? | STAR NAME? | POW NAME | SLASH ;
comprehension : ( ASYNC? FOR targets IN disj ( IF disj ( WALRUS disj )? )* )+ ;
targets : target ( COMMA target )* COMMA? ;
target : STAR? arith ;
yield : YIELD ( FROM expr | items )? ;

FALSE : 'False' ;
NONE : 'None' ;
TRUE : 'True' ;
AND : 'and' ;
AS : 'as' ;
ASSERT : 'assert' ;
ASYNC : 'async' ;
AWAIT : 'await' ;
BREAK : 'break' ;
CLASS : 'class' ;
CONTINUE : 'continue' ;
DEF : 'def' ;
DEL : 'del' ;
ELIF : 'elif' ;
ELSE : 'else' ;
EXCEPT : 'except' ;
FINALLY : 'finally' ;
FOR : 'for' ;
FROM : 'from' ;
GLOBAL : 'global' ;
IF : 'if' ;
IMPORT : 'import' ;
IN : 'in' ;
IS : 'is' ;
LAMBDA : 'lambda' ;
NONLOCAL : 'nonlocal' ;
NOT : 'not' ;
OR : 'or' ;
PASS : 'pass' ;
RAISE : 'raise' ;
RETURN : 'return' ;
TRY : 'try' ;
WHILE : 'while' ;
WITH : 'with' ;
YIELD : 'yield' ;

LPAREN : '(' ;
RPAREN : ')' ;
LBRACK : '[' ;
RBRACK : ']' ;
LBRACE : '{' ;
RBRACE : '}' ;
COMMA : ',' ;
COLON : ':' ;
SEMI : ';' ;
DOT : '.' ;
ELLIPSIS : '...' ;
ARROW : '->' ;
AT : '@' ;
ASSIGN : '=' ;
WALRUS : ':=' ;
PLUS : '+' ;
MINUS : '-' ;
STAR : '*' ;
SLASH : '/' ;
FLOOR : '//' ;
PERCENT : '%' ;
POW : '**' ;
AMP : '&' ;
PIPE : '|' ;
CARET : '^' ;
TILDE : '~' ;
SHL : '<<' ;
SHR : '>>' ;
LT : '<' ;
LE : '<=' ;
GT : '>' ;
GE : '>=' ;
EQ : '==' ;
NE : '!=' ;
ADD_ASSIGN : '+=' ;
SUB_ASSIGN : '-=' ;
MUL_ASSIGN : '*=' ;
DIV_ASSIGN : '/=' ;
MOD_ASSIGN : '%=' ;
POW_ASSIGN : '**=' ;
MATMUL_ASSIGN : '@=' ;
FLOOR_ASSIGN : '//=' ;
AND_ASSIGN : '&=' ;
OR_ASSIGN : '|=' ;
XOR_ASSIGN : '^=' ;
SHL_ASSIGN : '<<=' ;
SHR_ASSIGN : '>>=' ;

INT
  : [1-9] ( '_'? [0-9] )*
  | '0' ( '_'? '0' )*
  | '0' [xX] ( '_'? [0-9a-fA-F] )+
  | '0' [oO] ( '_'? [0-7] )+
  | '0' [bB] ( '_'? [01] )+
  ;
FLOAT : DIGITS '.' DIGITS? EXPONENT? | '.' DIGITS EXPONENT? | DIGITS EXPONENT ;
IMAGINARY : ( FLOAT | DIGITS ) [jJ] ;
fragment DIGITS : [0-9] ( '_'? [0-9] )* ;
fragment EXPONENT : [eE] [-+]? DIGITS ;

// Bytes from 0x80 are UTF-8 of letters.
NAME : [_a-zA-Z\u0080-\u00FF] [_0-9a-zA-Z\u0080-\u00FF]* ;

// ParseTokens.cpp finds where the string ends: f-strings nest.
STRING : [rRbBuUfFtT]* ( '"' | '\'' | '"""' | '\'\'\'' ) ;

NEWLINE : '\r'? '\n' | '\r' ;
SPACE : [ \t\f]+ -> skip ;
JOINED : '\\' ( '\r'? '\n' | '\r' ) -> skip ;
COMMENT : '#' ~[\r\n]* -> skip ;
OTHER : . ;
