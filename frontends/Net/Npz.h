//===- Npz.h - named arrays of a file ---------------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_NET_NPZ_H
#define SPADA_FRONTENDS_NET_NPZ_H

#include "frontends/Net/Matrix.h"
#include "frontends/Net/Npy.h"

#include <map>

namespace spada::net {

enum class Type { Integers, Numbers, Texts, Matrix };

/// The arrays of an `.npz` file by name.
struct Archives {
  std::string file;
  std::map<std::string, Array> arrays;

  bool read(std::string_view bytes, Error &error);
  /// Null if there is none.
  const Array *find(const std::string &name) const;
  /// An array of at most one dimension (two for Matrix) and the right type.
  bool require(const std::string &name, Type type, const Array *&array,
               Error &error) const;
  bool check(const std::string &name, const Array &array, Type type,
             Error &error) const;
};

/// Entries of an array of two dimensions; zeros are no connections.
bool fillDense(const Array &array, const std::string &name, Matrix &matrix,
               Error &error);

/// A network of `source`, `destination` and `weight`, one entry a connection.
bool readGraph(const Archives &archives, const Settings &settings,
               Network &network, Error &error);

} // namespace spada::net

#endif
