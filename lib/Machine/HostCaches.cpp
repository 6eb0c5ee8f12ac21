//===- HostCaches.cpp - the caches of the processor we run on -------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Linux describes each cache of a core in a folder of text files. The C library
// asks the processor itself, which may count a last cache that the system gives
// to others, so it is asked for the sizes that have no folder.
//
//===----------------------------------------------------------------------===//

#include "spada/Machine/Host.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <unistd.h>

using namespace spada;

/// The only word of a file; empty if there is none.
static std::string readWord(const std::string &path) {
  std::string word;
  std::ifstream(path) >> word;
  return word;
}

/// The number of bytes that `text` means, such as 32K; 0 for anything else.
static int64_t parseSize(const std::string &text) {
  char *end = nullptr;
  long long number = std::strtoll(text.c_str(), &end, 10);
  std::string unit = end;
  int64_t scale = unit == "K" ? 1 << 10 : unit == "M" ? 1 << 20 : unit.empty();
  return number > 0 && number <= 1 << 30 ? number * scale : 0;
}

void spada::readCacheSizes(Host &host, const std::string &folder) {
  int64_t sizes[3] = {0, 0, 0};
  for (char index = '0'; index <= '9'; ++index) {
    std::string cache = folder + "/index" + index;
    std::string level = readWord(cache + "/level");
    if (level.size() == 1 && level >= "1" && level <= "3" &&
        readWord(cache + "/type") != "Instruction")
      sizes[level[0] - '1'] = parseSize(readWord(cache + "/size"));
  }
#ifdef _SC_LEVEL1_DCACHE_SIZE
  const int names[] = {_SC_LEVEL1_DCACHE_SIZE, _SC_LEVEL2_CACHE_SIZE,
                       _SC_LEVEL3_CACHE_SIZE};
  for (int n = 0; n < 3; ++n)
    if (sizes[n] == 0)
      sizes[n] = std::max(0L, sysconf(names[n]));
#endif
  Host found = host;
  int64_t *fields[] = {&found.levelOneBytes, &found.levelTwoBytes,
                       &found.levelThreeBytes};
  for (int n = 0; n < 3; ++n)
    if (sizes[n] > 0)
      *fields[n] = sizes[n];
  std::string error;
  if (found.validate(error))
    host = found;
}

Host spada::localHost() {
  Host host = builtinHost();
  readCacheSizes(host);
  return host;
}
