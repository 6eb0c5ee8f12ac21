//===- Zip.h - files inside a zip archive -----------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// As much of the format as `numpy.savez` and `savez_compressed` write: stored
// and deflated files, 64-bit sizes. No encryption, no archives in parts.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_NET_ZIP_H
#define SPADA_FRONTENDS_NET_ZIP_H

#include "frontends/Net/Model.h"

namespace spada::net {

struct ZipEntry {
  std::string name;
  uint64_t compressed = 0, size = 0, offset = 0;
  uint32_t checksum = 0;
  bool isDeflated = false;
};

/// Reads the directory of the archive `bytes`.
bool readZip(std::string_view bytes, std::string_view file,
             std::vector<ZipEntry> &entries, Error &error);

/// The contents of a file, checked against its size and checksum.
bool unzip(std::string_view bytes, std::string_view file, const ZipEntry &entry,
           std::string &contents, Error &error);

} // namespace spada::net

#endif
