//===- HostTest.cpp - the caches of the processor we run on ---------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Sizes come from folders as Linux writes them; what makes no sense is left.
//
//===----------------------------------------------------------------------===//

#include "spada/Machine/Host.h"

#include "gtest/gtest.h"

#include <filesystem>
#include <fstream>

using namespace spada;
namespace fs = std::filesystem;

namespace {
class CacheSizes : public testing::Test {
protected:
  fs::path folder =
      fs::path(testing::TempDir()) /
      testing::UnitTest::GetInstance()->current_test_info()->name();
  Host host = builtinHost();

  void SetUp() override { fs::remove_all(folder); }
  void TearDown() override { fs::remove_all(folder); }

  void describe(int index, const std::string &level, const std::string &type,
                const std::string &size) {
    fs::path cache = folder / ("index" + std::to_string(index));
    fs::create_directories(cache);
    std::ofstream(cache / "level") << level << "\n";
    std::ofstream(cache / "type") << type << "\n";
    std::ofstream(cache / "size") << size << "\n";
  }

  void expectSizes(int64_t one, int64_t two, int64_t three) const {
    EXPECT_EQ(host.levelOneBytes, one);
    EXPECT_EQ(host.levelTwoBytes, two);
    EXPECT_EQ(host.levelThreeBytes, three);
  }
};
} // namespace

TEST_F(CacheSizes, AreReadFromFolders) {
  describe(0, "1", "Data", "48K");
  describe(1, "1", "Instruction", "64K");
  describe(2, "2", "Unified", "3M");
  describe(3, "3", "Unified", "16384K");
  readCacheSizes(host, folder);
  expectSizes(48 << 10, 3 << 20, 16 << 20);
}

TEST_F(CacheSizes, ThatMakeNoSenseAreLeft) {
  Host before = host;
  describe(0, "1", "Data", "4M");
  describe(1, "2", "Unified", "1M");
  describe(2, "3", "Unified", "2M");
  readCacheSizes(host, folder);
  expectSizes(before.levelOneBytes, before.levelTwoBytes,
              before.levelThreeBytes);
}

TEST_F(CacheSizes, ThatCannotBeReadAreAskedFor) {
  Host other = host;
  readCacheSizes(host, folder);
  describe(0, "1", "Data", "many");
  describe(1, "9", "Unified", "7K");
  describe(2, "2", "Unified", "-5K");
  describe(3, "3", "Unified", "99999999999999999999K");
  readCacheSizes(other, folder);
  expectSizes(other.levelOneBytes, other.levelTwoBytes, other.levelThreeBytes);
}
