# -*- coding: utf-8 -*-
"""Docstring."""
try:
    import a.b.c as d
except (ImportError, ValueError) as e:
    d = None
match d:
    case [x, *y] if x: pass
type X[T] = int
async def f(a, /, b: int = 1, *c, d=lambda *x, y=1: x, **e) -> None:
    async with a as b, (yield c): await d
    [i for i in x if i async for j in y]
    {**a, 'b': 1}; {*a}; x = y = z[1:2:3, ..., ::]
    if (n := 10) > 5: print(f"{a["b"]:>{w}}" rb'\x' """multi
line""")
    for i, *j in k:
        continue
    else: raise X from Y
x = 1 if y else \
    2
