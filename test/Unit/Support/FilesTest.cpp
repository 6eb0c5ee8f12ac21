//===- FilesTest.cpp - tests of atomic writes, arrays and reports ---------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// What is left on disk after a success and after a failure.
//
//===----------------------------------------------------------------------===//

#include "spada/Support/Files.h"
#include "spada/Support/Json.h"
#include "spada/Support/Npy.h"

#include "gtest/gtest.h"
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace spada;
namespace fs = std::filesystem;

namespace {
class FilesTest : public testing::Test {
protected:
  void SetUp() override {
    folder = fs::path(testing::TempDir()) /
             ("spada-files-" + std::to_string(getpid()));
    fs::create_directories(folder);
  }
  void TearDown() override { fs::remove_all(folder); }
  std::string path(const char *name) const { return (folder / name).string(); }
  std::string read(const char *name) const {
    std::stringstream text;
    text << std::ifstream(folder / name).rdbuf();
    return text.str();
  }
  size_t count() const {
    return std::distance(fs::directory_iterator(folder), {});
  }
  fs::path folder;
};
} // namespace

TEST_F(FilesTest, ReplacesAFile) {
  for (const char *text : {"first", "second"}) {
    auto error = writeFileAtomically(
        path("a.txt"), [&](llvm::raw_ostream &os) { os << text; });
    EXPECT_FALSE(bool(error)) << toString(std::move(error));
    EXPECT_EQ(read("a.txt"), text);
  }
  EXPECT_EQ(count(), 1u);
}

TEST_F(FilesTest, ReportsAFullDevice) {
  if (!fs::exists("/dev/full"))
    GTEST_SKIP() << "no /dev/full on this system";
  auto error = writeFileAtomically("/dev/full",
                                   [](llvm::raw_ostream &os) { os << "text"; });
  ASSERT_TRUE(bool(error));
  EXPECT_NE(toString(std::move(error)).find("/dev/full"), std::string::npos);
}

TEST_F(FilesTest, RefusesADirectory) {
  auto error = writeFileAtomically(folder.string(), [](llvm::raw_ostream &) {});
  ASSERT_TRUE(bool(error));
  EXPECT_NE(toString(std::move(error)).find("directory"), std::string::npos);
}

TEST_F(FilesTest, WritesASetOfFiles) {
  auto error =
      writeFilesAtomically(path("new/deep"), {{"a.csl", "A"}, {"b.csl", "B"}});
  EXPECT_FALSE(bool(error)) << toString(std::move(error));
  EXPECT_EQ(read("new/deep/a.csl"), "A");
  EXPECT_EQ(read("new/deep/b.csl"), "B");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder / "new/deep"), {}), 2);
}

TEST_F(FilesTest, LeavesNothingOfAFailedSet) {
  fs::create_directories(folder / "b.csl");
  auto error =
      writeFilesAtomically(folder.string(), {{"a/x.csl", "A"}, {"b.csl", "B"}});
  ASSERT_TRUE(bool(error));
  consumeError(std::move(error));
  EXPECT_EQ(count(), 1u);
}

TEST_F(FilesTest, ArrayRoundTrip) {
  Array array{"f16", {2, 3}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}};
  auto error = writeNpy(path("a.npy"), array);
  EXPECT_FALSE(bool(error)) << toString(std::move(error));
  auto back = readNpy(path("a.npy"));
  ASSERT_TRUE(bool(back)) << toString(back.takeError());
  EXPECT_EQ(back->dtype, array.dtype);
  EXPECT_EQ(back->shape, array.shape);
  EXPECT_EQ(back->bytes, array.bytes);
  // The elements start at a multiple of 64.
  EXPECT_EQ((fs::file_size(path("a.npy")) - 12) % 64, 0u);
}

TEST_F(FilesTest, RefusesAnArrayThatDoesNotFitItsShape) {
  auto error = writeNpy(path("a.npy"), Array{"f32", {2}, {0, 0, 0, 0}});
  ASSERT_TRUE(bool(error));
  EXPECT_NE(toString(std::move(error)).find("8 bytes, there are 4"),
            std::string::npos);
  EXPECT_EQ(count(), 0u);
}

TEST(Json, KeepsOrderAndShortLists) {
  Json json = {{"z", 1}, {"a", {1, 2, 3}}, {"n", {{"y", "ü"}}}};
  EXPECT_EQ(jsonText(json), "{\n  \"z\": 1,\n  \"a\": [1,2,3],\n  \"n\": {\n"
                            "    \"y\": \"ü\"\n  }\n}\n");
}

TEST(Json, ReplacesWhatIsNotUnicode) {
  Json json = {{"a", "\xff"}};
  EXPECT_NE(jsonText(json).find("\xEF\xBF\xBD"), std::string::npos);
}

TEST(Json, RefusesBrokenText) {
  auto json = parseJson("{\"a\": ", "r.json");
  ASSERT_FALSE(bool(json));
  EXPECT_EQ(toString(json.takeError()), "'r.json' is not a JSON file");
}
