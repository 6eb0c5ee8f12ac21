//===- CSLLayout.td - layout ops ------------------------------*- tablegen -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// What stands in a layout block. Included by CSLOps.td.
//
//===----------------------------------------------------------------------===//

#ifndef CSL_LAYOUT_TD
#define CSL_LAYOUT_TD

def CSL_LayoutOp : CSL_Op<"layout", [NoTerminator, SingleBlock, HasParent<"::mlir::ModuleOp">]> {
  let summary = "program rectangle, tile code, routes and host-visible names";
  let description = [{
    `width` by `height` PEs. `name` is the kernel's name, `arch` the target (`wse2`, `wse3`). `streaming` says that the
    host arguments are unbounded streams.
    * (C1) holds only layout ops.
    * (C2) `width` and `height` are positive.
    * (C3) the boxes of its ops lie inside the rectangle.

    ```mlir
    csl.layout "relay" arch "wse2" size 4 x 1 {
      csl.export_name "a" memref<8xf32> mutable
    }
    ```
  }];
  let arguments = (ins StrAttr:$name, StrAttr:$arch, I64Attr:$width, I64Attr:$height, UnitAttr:$streaming);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$name `arch` $arch `size` $width `x` $height (`streaming` $streaming^)? attr-dict-with-keyword $body";
  let hasVerifier = 1;
}

def CSL_TileCodeOp : CSL_SymbolUser<"tile_code", [HasParent<"LayoutOp">]> {
  let summary = "@set_tile_code on every PE of a box";
  let description = [{
    `params` binds the program's `csl.param`s by name: an integer or float attribute is a constant; the strings `"x"`
    and `"y"` stand for the PE's coordinate in the rectangle.
    * (C1) `program` names a `csl.program`.
    * (C2) `params` binds each typed `csl.param` of the program and nothing else, with a value of its type.

    ```mlir
    csl.tile_code @pe on #csl.box<0 : 4 : 1, 0 : 1 : 1> {id = "x", size = 8 : i16}
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$program, CSL_BoxAttr:$box, DictionaryAttr:$params);
  let assemblyFormat = "$program `on` $box $params attr-dict";
}

def CSL_TileDataOp : CSL_SymbolUser<"tile_data", [HasParent<"LayoutOp">]> {
  let summary = "initial value of a variable on one PE";
  let description = [{
    Counts instead of the variable's own `init`, so that PEs with different data can share a program.
    * (C1) `variable` names a `csl.variable` of a `csl.program`; `x` and `y` are no negative numbers.
    * (C2) `value` has the variable's shape and element type.

    ```mlir
    csl.tile_data @pe::@a at 0, 1 = dense<[1.0, 2.0]> : tensor<2xf32>
    ```
  }];
  let arguments = (ins SymbolRefAttr:$variable, I64Attr:$x, I64Attr:$y, ElementsAttr:$value);
  let assemblyFormat = "$variable `at` $x `,` $y `=` $value attr-dict";
}

def CSL_ColorConfigOp : CSL_Op<"color_config", [HasParent<"LayoutOp">]> {
  let summary = "@set_color_config on every PE of a box";
  let description = [{
    `rx` and `tx` are router ports as `Direction` numbers (0 RAMP, 1 NORTH, 2 SOUTH, 3 EAST, 4 WEST); a side without ports
    is only of use with switches or where the program sets the route later. `swap_x` and `swap_y`: a wavelet that crosses
    horizontally or vertically leaves on the neighbouring color (number xor 1). `teardown`: no traffic until the program
    ends it. `messages`: wavelets are messages, and go where their headers say.
    * (C1) ports are port numbers, none twice.

    ```mlir
    csl.color_config 3 on #csl.box<0 : 1 : 1, 0 : 1 : 1> rx [0] tx [3]
    csl.color_config 4 on #csl.box<0 : 1 : 1, 0 : 1 : 1> rx [0] tx [3]
      switches <rx [16, 0, 0] tx [0, 0, 0] current 0 ring true pop always_pop> teardown
    ```
  }];
  let arguments = (ins CSL_ColorNumber:$color, CSL_BoxAttr:$box, DenseI64ArrayAttr:$rx, DenseI64ArrayAttr:$tx,
                       OptionalAttr<CSL_SwitchesAttr>:$switches, OptionalAttr<CSL_FilterAttr>:$filter, UnitAttr:$swap_x,
                       UnitAttr:$swap_y, UnitAttr:$teardown, UnitAttr:$messages);
  let builders = [OpBuilder<(ins "uint64_t":$color, "::spada::csl::BoxAttr":$box, "::llvm::ArrayRef<int64_t>":$rx,
                                 "::llvm::ArrayRef<int64_t>":$tx), [{
    build($_builder, $_state, color, box, rx, tx, ::spada::csl::SwitchesAttr(), ::spada::csl::FilterAttr(),
          /*swap_x=*/false, /*swap_y=*/false, /*teardown=*/false, /*messages=*/false);
  }]>];
  let assemblyFormat = [{
    $color `on` $box `rx` $rx `tx` $tx (`switches` $switches^)? (`filter` $filter^)? (`swap_x` $swap_x^)?
    (`swap_y` $swap_y^)? (`teardown` $teardown^)? (`messages` $messages^)? attr-dict
  }];
  let hasVerifier = 1;
}

def CSL_HostColorOp : CSL_Op<"host_color", [HasParent<"LayoutOp">]> {
  let summary = "color that carries words between host and ramps";
  let description = [{
    `in`: words that the host sends to a PE on `color` come up its ramp; `out`: words that a PE sends down its ramp on
    `color` go to the host. Neither needs a route.
    * (C1) `in` or `out`.

    ```mlir
    csl.host_color in 2
    ```
  }];
  let arguments = (ins CSL_HostDirection:$direction, CSL_ColorNumber:$color);
  let assemblyFormat = "$direction $color attr-dict";
  let hasVerifier = 1;
}

def CSL_ExportNameOp : CSL_Op<"export_name", [HasParent<"LayoutOp">]> {
  let summary = "@export_name";
  let description = [{
    `type` is a memref (a pointer to elements, `[*]T`) or a function type.
    * (C1) `name` is an identifier.
    * (C2) `type` is a memref of a scalar type, or a function type of scalars of at most 32 bits with at most 15 inputs and
      one result.

    ```mlir
    csl.export_name "a" memref<8xf32> mutable
    csl.export_name "relay" (i16) -> ()
    ```
  }];
  let arguments = (ins StrAttr:$name, TypeAttr:$type, UnitAttr:$is_mutable);
  let assemblyFormat = "$name $type (`mutable` $is_mutable^)? attr-dict";
  let hasVerifier = 1;
}

def CSL_HostArgumentOp : CSL_Op<"host_argument", [HasParent<"LayoutOp">]> {
  let summary = "an array or scalar argument as the host sees it";
  let description = [{
    Order of these ops is the order of the kernel's arguments. Array: shape `dims` x `elements`; index `(a, b)` lives
    on PE `(a + offsetX, b + offsetY)` for PEs of `box` only, in the symbol exported under the argument's name;
    `element_type` may be unsigned or wider than what travels. `elements` 0 means streaming: `color` (a program color)
    carries it between host and ramp. Scalar: no dims; passed to the kernel function in order. Written to
    `metadata.json`; the CSL text does not contain it.
    * (C1) `name` is an identifier.
    * (C2) at most two `dims`, all positive; `elements` is not negative; a scalar has no `dims` and goes `in`.
    * (C3) `color` is given exactly when `elements` is 0 and the argument is no scalar; it is then `in` or `out`.

    ```mlir
    csl.host_argument "a" in f32 dims [4] elements 8 offset(0, 0) on #csl.box<0 : 4 : 1, 0 : 1 : 1>
    csl.host_argument "n" in i16 dims [] elements 1 offset(0, 0) scalar
    ```
  }];
  let arguments = (ins StrAttr:$name, CSL_HostDirection:$direction, TypeAttr:$element_type, DenseI64ArrayAttr:$dims,
                       I64Attr:$elements, I64Attr:$offsetX, I64Attr:$offsetY, OptionalAttr<CSL_BoxAttr>:$box,
                       OptionalAttr<CSL_ColorNumber>:$color, UnitAttr:$is_scalar);
  let assemblyFormat = [{
    $name $direction $element_type `dims` $dims `elements` $elements `offset` `(` $offsetX `,` $offsetY `)`
    (`on` $box^)? (`color` $color^)? (`scalar` $is_scalar^)? attr-dict
  }];
  let hasVerifier = 1;
}

#endif
