//===- Images.h - input data of the Graph Challenge -------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_NET_IMAGES_H
#define SPADA_FRONTENDS_NET_IMAGES_H

#include "frontends/Net/Model.h"

namespace spada::net {

struct Images {
  std::vector<float> values; ///< row after row
  uint64_t rows = 0, columns = 0;
};

/// Hexadecimal lines or triples, by the contents of the first line. At most
/// `limit` images, or all of them for 0.
bool readImages(std::string_view bytes, const std::string &file,
                uint64_t columns, uint64_t limit, Images &images, Error &error);
bool readCategories(std::string_view bytes, const std::string &file,
                    std::vector<uint64_t> &categories, Error &error);

} // namespace spada::net

#endif
