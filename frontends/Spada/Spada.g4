// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The syntax of SpaDA programs (`.sptl`). Words with meaning are names wherever
// a name may stand. Operators are flat lists here; AstBuilder.cpp nests them.
grammar Spada;

program : kernel EOF ;

kernel
  : KERNEL (AT? ident)? LT (ident (COMMA ident)*)? GT
    LPAREN (argument (COMMA argument)*)? RPAREN blocks
  ;

argument : type (READONLY | WRITEONLY | COMPILETIME)* ident ;

blocks : LBRACE block* RBRACE ;

block
  : PLACE typedVars IN ranges LBRACE field* RBRACE
  | DATAFLOW typedVars IN ranges LBRACE streamDecl* RBRACE
  | COMPUTE typedVars IN ranges body
  | PHASE blocks
  | FOR typedVars IN ranges blocks
  ;

typedVars : typedVar (COMMA typedVar)* ;
typedVar : SCALAR ident ;

ranges : LBRACK range (COMMA range)* RBRACK ;
range : expr (COLON expr (COLON expr)?)? ;

field : EXTERN? type ident SEMI? ;

streamDecl
  : streamType ident ASSIGN
    ( RELATIVE LPAREN offset COMMA offset RPAREN
    | EXTERN_STREAM LPAREN ident RPAREN
    ) routing? SEMI?
  ;

offset : expr | LBRACK range RBRACK ;

routing : LBRACE routingItem (COMMA routingItem)* RBRACE ;

routingItem
  : HOPS ASSIGN (AUTO | LBRACK hop (COMMA hop)* RBRACK)
  | CHANNEL ASSIGN expr
  | COUNT ASSIGN expr
  ;

hop : LPAREN signedInt COMMA signedInt RPAREN ;
signedInt : (PLUS | MINUS)? (INT | HEX) ;

type : (SCALAR | streamType) (LBRACK expr (COMMA expr)* RBRACK)? ;
streamType : STREAM LT SCALAR (COMMA bound)? GT ;

// Below the comparisons and shifts, so that '>' ends it.
bound : operand ((PLUS | MINUS | STAR | SLASH | PERCENT) operand)* ;

body : LBRACE SEMI* (stmt SEMI*)* RBRACE ;

stmt
  : AWAIT ident
  | AWAIT (asyncOp | method)
  | COMPLETION ident ASSIGN (asyncOp | method)
  | asyncOp // without a prefix: refused by the importer
  | AWAITALL
  | FOR typedVars IN ranges body
  | ident subscript? (ASSIGN expr | DOT ident args)
  ;

asyncOp
  : SEND args
  | RECEIVE args
  | MAP typedVars IN ranges body
  | FOREACH typedVars IN generator (COMMA generator)* body
  | ASYNC body
  ;

method : ident subscript? DOT ident args ;

generator : RECEIVE args | ranges ;

subscript : LBRACK range (COMMA range)* RBRACK ;
args : LPAREN (expr (COMMA expr)*)? RPAREN ;

expr : disj (IF disj ELSE disj)* ;

disj
  : operand
    ( ( OR | AND | LT | GT | EQ | GE | LE | NE | PIPE | CARET | AMP | SHL | SHR
      | PLUS | MINUS | STAR | SLASH | PERCENT
      ) operand
    )*
  ;

operand
  : (PLUS | MINUS | TILDE | NOT)*
    (INT | HEX | FLOAT | ident (subscript | args)? | LPAREN expr RPAREN)
  ;

ident
  : ( NAME | SCALAR | KERNEL | PLACE | DATAFLOW | COMPUTE | PHASE | FOR | IN | MAP
    | FOREACH | RECEIVE | SEND | ASYNC | AWAIT | AWAITALL | COMPLETION | STREAM
    | RELATIVE | EXTERN_STREAM | HOPS | CHANNEL | COUNT | AUTO | EXTERN | READONLY
    | WRITEONLY | COMPILETIME | IF | ELSE | AND | OR | NOT
    ) VERSION?
  ;

KERNEL : 'kernel' ;
PLACE : 'place' ;
DATAFLOW : 'dataflow' ;
COMPUTE : 'compute' ;
PHASE : 'phase' ;
FOR : 'for' ;
IN : 'in' ;
MAP : 'map' ;
FOREACH : 'foreach' ;
RECEIVE : 'receive' ;
SEND : 'send' ;
ASYNC : 'async' ;
AWAIT : 'await' ;
AWAITALL : 'awaitall' ;
COMPLETION : 'completion' ;
STREAM : 'stream' ;
RELATIVE : 'relative_stream' ;
EXTERN_STREAM : 'extern_stream' ;
HOPS : 'hops' ;
CHANNEL : 'channel' ;
COUNT : 'count' ;
AUTO : 'auto' ;
EXTERN : 'extern' ;
READONLY : 'readonly' ;
WRITEONLY : 'writeonly' ;
COMPILETIME : 'compiletime' ;
IF : 'if' ;
ELSE : 'else' ;
AND : 'and' ;
OR : 'or' ;
NOT : 'not' ;
SCALAR
  : 'f16' | 'f32' | 'f64' | 'i8' | 'i16' | 'i32' | 'i64' | 'u8' | 'u16' | 'u32'
  | 'u64' | 'bool'
  ;

AT : '@' ;
LT : '<' ;
GT : '>' ;
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
ASSIGN : '=' ;
EQ : '==' ;
NE : '!=' ;
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

VERSION : '#' [0-9]+ ;
INT : [0-9]+ ;
HEX : '0x' [0-9a-fA-F]+ ;
FLOAT : [0-9]+ '.' [0-9]* ([eE] [-+]? [0-9]+)? ;
NAME : [_a-zA-Z] [_0-9a-zA-Z]* ;

SPACE : [ \t\r\n\f\u000B]+ -> skip ;
LINE_COMMENT : '//' ~[\n]* -> skip ;
BLOCK_COMMENT : '/*' .*? '*/' -> skip ;

// Lexed so that the scanner can name what is wrong with them.
BAD_NUMBER : [0-9] [0-9.]* [_a-zA-Z] [_0-9a-zA-Z]* ;
BAD_COMMENT : '/*' (~[*] | '*'+ ~[*/])* '*'* EOF ;
STRING : '"' (~["\\\n] | '\\' .)* '"' ;
BANG : '!' ;
POW : '**' ;
ANDAND : '&&' ;
OROR : '||' ;
OTHER : . ;
