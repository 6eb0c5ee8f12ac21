//===- Library.h - the bundled CSL libraries --------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_CSL_LIBRARY_H
#define SPADA_FRONTENDS_CSL_LIBRARY_H

#include <optional>
#include <string_view>

namespace spada::cslfront {

/// Text of the library `name` ("memcpy/memcpy"); none when there is no such.
std::optional<std::string_view> libraryText(std::string_view name);

} // namespace spada::cslfront

#endif
