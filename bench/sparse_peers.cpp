//===- sparse_peers.cpp - other ways to run a sparse network --------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// One shared library for each -DPEER_NAME; bench/sparse.py compiles and calls
// them. All compute y = activation(W x + bias) layer after layer on values of
// shape neurons x batch, the layout that suits them; their conversions are not
// timed. PEER_CSR is our own compressed-row kernel, tiled or not, and probes.
//
//===----------------------------------------------------------------------===//

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#include <omp.h>

#if defined(PEER_EIGEN)
#include <Eigen/Sparse>
#elif defined(PEER_GRAPHBLAS)
extern "C" {
#include <GraphBLAS.h>
}
#elif defined(PEER_RSB)
#include <rsb.h>
#elif defined(PEER_XSMM)
#include <libxsmm.h>
#elif defined(PEER_BLAS)
#include <cblas.h>
extern "C" void openblas_set_num_threads(int);
#endif

struct Layer {
  int64_t rows, columns;
  const int64_t *first; ///< rows + 1
  const int32_t *column;
  const float *weight, *bias;
  int32_t isRelu;
  float cap;
};

static int64_t connectionsOf(const Layer &layer) {
  return layer.first[layer.rows];
}

static void activate(const Layer &layer, float *values, int64_t batch,
                     int threads) {
#pragma omp parallel for num_threads(threads)
  for (int64_t row = 0; row < layer.rows; ++row)
    for (int64_t n = 0; n < batch; ++n) {
      float sum = values[row * batch + n] + layer.bias[row];
      if (layer.isRelu)
        sum = std::min(std::max(sum, 0.0f), layer.cap);
      values[row * batch + n] = sum;
    }
}

/// A layer of a library: `run` gives y = W x without bias.
class Operator {
public:
  Operator(const Layer &layer, int64_t batch, int threads);
  ~Operator();
  void run(const float *x, float *y);
  bool isRight = true;

private:
  Layer layer;
  int64_t batch;
  int threads;
#if defined(PEER_EIGEN)
  using Dense =
      Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  Eigen::SparseMatrix<float, Eigen::RowMajor> matrix;
#elif defined(PEER_GRAPHBLAS)
  GrB_Matrix matrix = nullptr;
#elif defined(PEER_RSB)
  rsb_mtx_t *matrix = nullptr;
#elif defined(PEER_XSMM)
  libxsmm_sfsspmdm *kernel = nullptr;
#elif defined(PEER_BLAS)
  std::vector<float> dense;
#endif
};

/// The weights as a dense matrix.
[[maybe_unused]] static std::vector<float> densify(const Layer &layer) {
  std::vector<float> dense(layer.rows * layer.columns, 0);
  for (int64_t row = 0; row < layer.rows; ++row)
    for (int64_t c = layer.first[row]; c < layer.first[row + 1]; ++c)
      dense[row * layer.columns + layer.column[c]] = layer.weight[c];
  return dense;
}

#if defined(PEER_EIGEN)
Operator::Operator(const Layer &layer, int64_t batch, int threads)
    : layer(layer), batch(batch), threads(threads),
      matrix(layer.rows, layer.columns) {
  Eigen::setNbThreads(threads);
  std::vector<Eigen::Triplet<float>> entries;
  for (int64_t row = 0; row < layer.rows; ++row)
    for (int64_t c = layer.first[row]; c < layer.first[row + 1]; ++c)
      entries.emplace_back(row, layer.column[c], layer.weight[c]);
  matrix.setFromTriplets(entries.begin(), entries.end());
}
Operator::~Operator() = default;
void Operator::run(const float *x, float *y) {
  Eigen::Map<const Dense> from(x, layer.columns, batch);
  Eigen::Map<Dense> to(y, layer.rows, batch);
  to.noalias() = matrix * from;
}
#elif defined(PEER_GRAPHBLAS)
Operator::Operator(const Layer &layer, int64_t batch, int threads)
    : layer(layer), batch(batch), threads(threads) {
  static const bool once = GrB_init(GrB_NONBLOCKING) == GrB_SUCCESS;
  GxB_Global_Option_set_INT32(GxB_GLOBAL_NTHREADS, threads);
  std::vector<GrB_Index> rows, columns;
  for (int64_t row = 0; row < layer.rows; ++row)
    for (int64_t c = layer.first[row]; c < layer.first[row + 1]; ++c) {
      rows.push_back(row);
      columns.push_back(layer.column[c]);
    }
  isRight =
      once &&
      GrB_Matrix_new(&matrix, GrB_FP32, layer.rows, layer.columns) ==
          GrB_SUCCESS &&
      GrB_Matrix_build_FP32(matrix, rows.data(), columns.data(), layer.weight,
                            rows.size(), GrB_PLUS_FP32) == GrB_SUCCESS &&
      GrB_Matrix_wait(matrix, GrB_MATERIALIZE) == GrB_SUCCESS;
}
Operator::~Operator() { GrB_Matrix_free(&matrix); }
void Operator::run(const float *x, float *y) {
  // Packed as full matrices: no index of x or y is made.
  GrB_Matrix from = nullptr, to = nullptr;
  uint64_t bytes = layer.columns * batch * sizeof(float);
  void *copy = std::malloc(bytes);
  std::memcpy(copy, x, bytes);
  GrB_Matrix_new(&from, GrB_FP32, layer.columns, batch);
  GxB_Matrix_pack_FullR(from, &copy, bytes, false, nullptr);
  GrB_Matrix_new(&to, GrB_FP32, layer.rows, batch);
  GrB_mxm(to, nullptr, nullptr, GrB_PLUS_TIMES_SEMIRING_FP32, matrix, from,
          nullptr);
  GrB_Matrix_wait(to, GrB_MATERIALIZE);
  // Rows without connections leave gaps; make the result full.
  GrB_Matrix_assign_FP32(to, to, nullptr, 0, GrB_ALL, layer.rows, GrB_ALL,
                         batch, GrB_DESC_SC);
  void *values = nullptr;
  GrB_Index size = 0;
  bool isOne = false;
  if (GxB_Matrix_unpack_FullR(to, &values, &size, &isOne, nullptr) ==
      GrB_SUCCESS) {
    std::memcpy(y, values, layer.rows * batch * sizeof(float));
    std::free(values);
  } else {
    isRight = false;
  }
  GrB_Matrix_free(&from);
  GrB_Matrix_free(&to);
}
#elif defined(PEER_RSB)
Operator::Operator(const Layer &layer, int64_t batch, int threads)
    : layer(layer), batch(batch), threads(threads) {
  static const bool once =
      rsb_lib_init(RSB_NULL_INIT_OPTIONS) == RSB_ERR_NO_ERROR;
  rsb_int_t wanted = threads;
  rsb_lib_set_opt(RSB_IO_WANT_EXECUTING_THREADS, &wanted);
  std::vector<rsb_coo_idx_t> rows, columns;
  for (int64_t row = 0; row < layer.rows; ++row)
    for (int64_t c = layer.first[row]; c < layer.first[row + 1]; ++c) {
      rows.push_back(row);
      columns.push_back(layer.column[c]);
    }
  rsb_err_t problem = RSB_ERR_NO_ERROR;
  matrix = rsb_mtx_alloc_from_coo_const(
      layer.weight, rows.data(), columns.data(), rows.size(),
      RSB_NUMERICAL_TYPE_FLOAT, layer.rows, layer.columns, 0, 0,
      RSB_FLAG_NOFLAGS, &problem);
  isRight = once && matrix && problem == RSB_ERR_NO_ERROR;
}
Operator::~Operator() { rsb_mtx_free(matrix); }
void Operator::run(const float *x, float *y) {
  float one = 1, zero = 0;
  isRight = isRight && rsb_spmm(RSB_TRANSPOSITION_N, &one, matrix, batch,
                                RSB_FLAG_WANT_ROW_MAJOR_ORDER, x, batch, &zero,
                                y, batch) == RSB_ERR_NO_ERROR;
}
#elif defined(PEER_XSMM)
Operator::Operator(const Layer &layer, int64_t batch, int threads)
    : layer(layer), batch(batch), threads(threads) {
  // It writes code for each weight; larger operators take it minutes.
  if (layer.rows * layer.columns > 1 << 20) {
    isRight = false;
    return;
  }
  std::vector<float> dense = densify(layer);
  kernel =
      libxsmm_sfsspmdm_create(layer.rows, batch, layer.columns, layer.columns,
                              batch, batch, 1, 0, 0, dense.data());
  isRight = kernel && threads == 1;
}
Operator::~Operator() {
  if (kernel)
    libxsmm_sfsspmdm_destroy(kernel);
}
void Operator::run(const float *x, float *y) {
  if (kernel)
    libxsmm_sfsspmdm_execute(kernel, x, y);
}
#elif defined(PEER_BLAS)
Operator::Operator(const Layer &layer, int64_t batch, int threads)
    : layer(layer), batch(batch), threads(threads), dense(densify(layer)) {
  openblas_set_num_threads(threads);
}
Operator::~Operator() = default;
void Operator::run(const float *x, float *y) {
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, layer.rows, batch,
              layer.columns, 1, dense.data(), layer.columns, x, batch, 0, y,
              batch);
}
#else
Operator::Operator(const Layer &layer, int64_t batch, int threads)
    : layer(layer), batch(batch), threads(threads) {}
Operator::~Operator() = default;

using Vector = float __attribute__((vector_size(64), aligned(4), may_alias));
constexpr int lanes = 16;

/// A row of a layer for `tile` columns, the sums in registers.
template <int tile>
static void csrRow(const Layer &layer, int64_t row, const float *x, float *y,
                   int64_t stride) {
  constexpr int vectors = tile / lanes;
  Vector sum[vectors];
  for (Vector &part : sum)
    part = Vector{} + layer.bias[row];
  for (int64_t c = layer.first[row]; c < layer.first[row + 1]; ++c) {
    auto *from = reinterpret_cast<const Vector *>(x + layer.column[c] * stride);
    Vector weight = Vector{} + layer.weight[c];
#pragma GCC unroll 8
    for (int v = 0; v < vectors; ++v)
      sum[v] += weight * from[v];
  }
  for (int v = 0; v < vectors; ++v) {
    Vector value = sum[v], zero = {}, cap = zero + layer.cap;
    if (layer.isRelu) {
      value = value > zero ? value : zero;
      value = value < cap ? value : cap;
    }
    reinterpret_cast<Vector *>(y + row * stride)[v] = value;
  }
}

template <int tile>
static void csrLayer(const Layer &layer, const float *x, float *y,
                     int64_t stride) {
  for (int64_t row = 0; row < layer.rows; ++row)
    csrRow<tile>(layer, row, x, y, stride);
}

static void csrTile(const Layer &layer, const float *x, float *y,
                    int64_t stride, int64_t tile) {
  switch (tile) {
  case 16:
    return csrLayer<16>(layer, x, y, stride);
  case 32:
    return csrLayer<32>(layer, x, y, stride);
  case 64:
    return csrLayer<64>(layer, x, y, stride);
  default:
    return csrLayer<128>(layer, x, y, stride);
  }
}
#endif

namespace {
struct Network {
  std::vector<Layer> layers;
  std::vector<std::unique_ptr<Operator>> operators;
  int64_t batch;
  int threads;
  int64_t tile;      ///< columns; 0: the whole batch
  bool isDepthFirst; ///< a tile through all layers, or a layer for all tiles
  std::vector<float> values[2];
};
} // namespace

extern "C" {

/// `x` and `y` of `peer_run` are neurons x batch; with tiles and depth first,
/// tile after tile of neurons x tile.
void *peer_open(int64_t count, const Layer *layers, int64_t batch, int threads,
                int64_t tile, int isDepthFirst) {
  auto network = std::make_unique<Network>();
  network->layers.assign(layers, layers + count);
  network->batch = batch;
  network->threads = threads;
  network->tile = tile;
  network->isDepthFirst = isDepthFirst;
  int64_t widest = 0;
  for (const Layer &layer : network->layers) {
    widest = std::max({widest, layer.rows, layer.columns});
    int64_t columns = tile ? tile : batch;
    network->operators.push_back(
        std::make_unique<Operator>(layer, columns, threads));
    if (!network->operators.back()->isRight)
      return nullptr;
  }
  int64_t columns = isDepthFirst && tile ? tile * std::max(threads, 1) : batch;
  for (auto &values : network->values)
    values.resize(widest * columns + 64);
  return network.release();
}

void peer_close(void *handle) { delete static_cast<Network *>(handle); }

#if defined(PEER_CSR)
static void runLayers(Network &network, const float *x, float *y) {
  const float *from = x;
  int64_t tile = network.tile ? network.tile : 128;
  for (size_t l = 0; l < network.layers.size(); ++l) {
    const Layer &layer = network.layers[l];
    bool isLast = l + 1 == network.layers.size();
    float *to = isLast ? y : network.values[l % 2].data();
#pragma omp parallel for num_threads(network.threads)
    for (int64_t at = 0; at < network.batch; at += tile)
      csrTile(layer, from + at, to + at, network.batch, tile);
    from = to;
  }
}

static void runTiles(Network &network, const float *x, float *y) {
  int64_t inputs = network.layers.front().columns;
  int64_t outputs = network.layers.back().rows, tile = network.tile;
#pragma omp parallel for num_threads(network.threads)
  for (int64_t at = 0; at < network.batch; at += tile) {
    const float *from = x + at * inputs;
    size_t own = network.values[0].size() / network.threads *
                 omp_get_thread_num() / 16 * 16;
    for (size_t l = 0; l < network.layers.size(); ++l) {
      bool isLast = l + 1 == network.layers.size();
      float *to =
          isLast ? y + at * outputs : network.values[l % 2].data() + own;
      csrTile(network.layers[l], from, to, tile, tile);
      from = to;
    }
  }
}

int peer_run(void *handle, const float *x, float *y) {
  Network &network = *static_cast<Network *>(handle);
  if (network.isDepthFirst)
    runTiles(network, x, y);
  else
    runLayers(network, x, y);
  return 0;
}

/// Billions of multiply-adds a second: of registers where `bytes` is 0, else
/// of rows of 256 bytes at random places of a buffer.
double peer_probe(int64_t bytes, int64_t repetitions) {
  constexpr int sums = 12, rowVectors = 4;
  constexpr int64_t rowFloats = rowVectors * lanes;
  Vector sum[sums], factor = Vector{} + 0.999f, term = Vector{} + 0.001f;
  for (Vector &vector : sum)
    vector = term;
  int64_t rows = std::max<int64_t>(bytes / (rowFloats * sizeof(float)), 1);
  std::vector<float> memory((rows + 1) * rowFloats, 0.5f);
  auto *base = reinterpret_cast<const float *>(
      (reinterpret_cast<uintptr_t>(memory.data()) + 63) / 64 * 64);
  std::vector<uint32_t> order(1 << 16);
  uint64_t state = 1;
  for (uint32_t &which : order) {
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    which = (state >> 33) % rows;
  }
  double start = omp_get_wtime();
  for (int64_t n = 0; n < repetitions; ++n)
    for (uint32_t which : order) {
      auto *row = reinterpret_cast<const Vector *>(base + which * rowFloats);
      if (bytes == 0) {
#pragma GCC unroll 16
        for (int v = 0; v < sums; ++v)
          sum[v] = sum[v] * factor + term;
      } else {
#pragma GCC unroll 4
        for (int v = 0; v < rowVectors; ++v)
          sum[v] += factor * row[v];
      }
    }
  double seconds = omp_get_wtime() - start;
  volatile float sink = 0;
  for (Vector &vector : sum)
    sink = sink + vector[0];
  double each = bytes == 0 ? sums * lanes : rowFloats;
  return repetitions * order.size() * each / seconds * 1e-9;
}
#else
int peer_run(void *handle, const float *x, float *y) {
  Network &network = *static_cast<Network *>(handle);
  int64_t columns = network.tile ? network.tile : network.batch;
  bool isRight = true;
  for (int64_t at = 0; at < network.batch; at += columns) {
    const float *from = x + at * network.layers.front().columns;
    for (size_t l = 0; l < network.layers.size(); ++l) {
      const Layer &layer = network.layers[l];
      bool isLast = l + 1 == network.layers.size();
      float *to = isLast ? y + at * layer.rows : network.values[l % 2].data();
      network.operators[l]->run(from, to);
      activate(layer, to, columns, network.threads);
      isRight = isRight && network.operators[l]->isRight;
      from = to;
    }
  }
  return isRight ? 0 : 1;
}
#endif

} // extern "C"
