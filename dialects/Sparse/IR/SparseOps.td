//===- SparseOps.td - the sparse dialect -----------------------*- tablegen -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Sparse feed-forward networks and orders of their connections. Nothing here knows loops, vectors or caches.
//
//===----------------------------------------------------------------------===//

#ifndef SPARSE_OPS_TD
#define SPARSE_OPS_TD

include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/OpAsmInterface.td"
include "mlir/IR/SymbolInterfaces.td"

def Sparse_Dialect : Dialect {
  let name = "sparse";
  let cppNamespace = "::spada::sparse";
  let summary = "sparse feed-forward networks";
  let description = [{
    A network is data, not control flow: neurons with numbers, connections with weights, and the order in which the connections
    are processed. The value of an input neuron is given; that of any other neuron `b` is
    `activation(bias_b + sum of w * value_a)` over the connections `(a, b, w)` into it. Source: Gleinig, Ben-Nun and Hoefler,
    arXiv 2301.01048, section 2.

    Arrays are `dense` or, for networks of a useful size, `dense_resource` attributes.
  }];
  let useDefaultAttributePrinterParser = 1;
}

def Sparse_Activation : I32EnumAttr<"Activation", "what a neuron does with its sum", [
  I32EnumAttrCase<"None", 0, "none">, I32EnumAttrCase<"Relu", 1, "relu">, I32EnumAttrCase<"Sigmoid", 2, "sigmoid">,
  I32EnumAttrCase<"Tanh", 3, "tanh">, I32EnumAttrCase<"Gelu", 4, "gelu">]> {
  let cppNamespace = "::spada::sparse";
  let genSpecializedAttr = 0;
}
def Sparse_ActivationAttr : EnumAttr<Sparse_Dialect, Sparse_Activation, "activation">;

def Sparse_NetworkOp : Op<Sparse_Dialect, "network", [Symbol, IsolatedFromAbove, NoRegionArguments, NoTerminator, SingleBlock]> {
  let summary = "a sparse feed-forward network";
  let description = [{
    Neurons have consecutive numbers: `inputs` input neurons first, then those of each `sparse.layer` in turn. Connections have
    consecutive numbers too: layer after layer, row after row. The graph must be free of cycles and of two connections with the same ends.

    `valueType` is the type of neurons' values and of sums, f32 or f64. Every product and sum is one fused multiply-add, in the order
    in which the connections into the neuron are processed, starting from the bias.

    `outputs` lists the neurons whose values are the result; without it they are those of the last layer, in their order.

    `order` is a permutation of the connections, `tensor<W x i64>`: the order in which they are processed. Every connection into a neuron stands before every
    connection out of it. Without `order`, neurons are processed one after the other, by level (the longest path from an input) and number. With `fast`, the sum of a neuron may be taken in any order; without it, `order` must keep the order of
    the connections into each neuron, so that results are equal bit for bit.

    `batch` is the number of inputs of a call; without it the caller chooses.

    ```mlir
    sparse.network @xor inputs(2) : f32 {
      sparse.layer 2 relu rows(dense<[0, 2, 4]> : tensor<3xi64>) columns(dense<[0, 1, 0, 1]> : tensor<4xi32>)
        weights(dense<1.0> : tensor<4xf32>) bias(dense<[0.0, -1.0]> : tensor<2xf32>)
      sparse.layer 1 none rows(dense<[0, 2]> : tensor<2xi64>) columns(dense<[2, 3]> : tensor<2xi32>)
        weights(dense<[1.0, -2.0]> : tensor<2xf32>) bias(dense<0.0> : tensor<1xf32>)
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, ConfinedAttr<I64Attr, [IntNonNegative]>:$inputs, TypeAttr:$valueType,
    OptionalAttr<DenseI32ArrayAttr>:$outputs, OptionalAttr<ElementsAttr>:$order, UnitAttr:$fast,
    OptionalAttr<ConfinedAttr<I64Attr, [IntPositive]>>:$batch);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $sym_name `inputs` `(` $inputs `)` (`outputs` `(` $outputs^ `)`)? (`order` `(` $order^ `)`)? (`fast` $fast^)?
    (`batch` `(` $batch^ `)`)? `:` $valueType $body attr-dict
  }];
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    /// Inputs and the neurons of all layers.
    uint64_t countNeurons();
    uint64_t countConnections();
    /// The numbers of the output neurons.
    std::vector<uint32_t> getOutputNeurons();
    auto getLayers() { return getBody().getOps<LayerOp>(); }
  }];
}

def Sparse_LayerOp : Op<Sparse_Dialect, "layer", [HasParent<"NetworkOp">]> {
  let summary = "neurons with the connections into them";
  let description = [{
    Compressed rows: connections `rows[i] ... rows[i + 1] - 1` lead into neuron `i` of the layer. `columns` holds the number, in the network, of each
    connection's source: any neuron, so that connections may skip layers and one layer can hold any directed acyclic graph.
    A neuron without connections has the constant value `activation(bias)`.

    * `rows`: `tensor<(neurons + 1) x i64>`, from 0, not decreasing;
    * `columns`: `tensor<W x i32>`; `weights`: `tensor<W x T>` with T one of bf16, f16, f32, f64, widened to the network's value type before use;
    * `bias`: `tensor<neurons x T>` with T the network's value type;
    * `cap`: the largest value that `relu` gives.

    `gelu` is `x / 2 * (1 + erf(x / sqrt 2))`, `sigmoid` is `1 / (1 + exp(-x))`.
  }];
  let arguments = (ins ConfinedAttr<I64Attr, [IntPositive]>:$neurons, Sparse_ActivationAttr:$activation, OptionalAttr<F64Attr>:$cap,
    ElementsAttr:$rows, ElementsAttr:$columns, ElementsAttr:$weights, ElementsAttr:$bias);
  let assemblyFormat = [{
    $neurons $activation (`cap` `(` $cap^ `)`)? `rows` `(` $rows `)` `columns` `(` $columns `)` `weights` `(` $weights `)`
    `bias` `(` $bias `)` attr-dict
  }];
  let hasVerifier = 1;
}

#endif
