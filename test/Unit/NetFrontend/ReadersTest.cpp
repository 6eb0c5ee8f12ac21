//===- ReadersTest.cpp - input data of the Graph Challenge ----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontends/Net/Images.h"
#include "frontends/Net/Text.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace spada::net;

namespace {
/// Reads images of eight pixels, or gives the error and its place.
std::string read(std::string_view bytes, uint64_t limit, Images &images) {
  Error error;
  if (readImages(bytes, "f", 8, limit, images, error))
    return "";
  return std::to_string(error.line) + ":" + std::to_string(error.column) +
         ": " + error.message;
}

std::vector<float> row(const Images &images, uint64_t row) {
  auto begin = images.values.begin() + row * images.columns;
  return {begin, begin + images.columns};
}
} // namespace

TEST(ImagesTest, HighestBitIsTheFirstPixel) {
  Images images;
  EXPECT_EQ(read("80\n1F\n0a", 0, images), "");
  ASSERT_EQ(images.rows, 3u);
  EXPECT_EQ(row(images, 0), (std::vector<float>{1, 0, 0, 0, 0, 0, 0, 0}));
  EXPECT_EQ(row(images, 1), (std::vector<float>{0, 0, 0, 1, 1, 1, 1, 1}));
  EXPECT_EQ(row(images, 2), (std::vector<float>{0, 0, 0, 0, 1, 0, 1, 0}));
}

TEST(ImagesTest, TriplesCountFromOne) {
  Images images;
  EXPECT_EQ(read("1\t1\t1\n3\t8\t0.5\n", 0, images), "");
  ASSERT_EQ(images.rows, 3u);
  EXPECT_EQ(row(images, 0)[0], 1);
  EXPECT_EQ(row(images, 1), std::vector<float>(8, 0));
  EXPECT_EQ(row(images, 2)[7], 0.5f);
}

TEST(ImagesTest, LimitsTheirNumber) {
  Images hex, triples;
  EXPECT_EQ(read("80\n40\n20\n", 2, hex), "");
  EXPECT_EQ(hex.rows, 2u);
  EXPECT_EQ(read("1 1 1\n9 1 1\n2 2 1\n", 2, triples), "");
  EXPECT_EQ(triples.rows, 2u);
  EXPECT_EQ(row(triples, 1)[1], 1);
}

TEST(ImagesTest, RefusesWhatDoesNotFit) {
  Images images;
  EXPECT_EQ(read("", 0, images), "0:0: the file holds no images");
  EXPECT_EQ(read("800\n", 0, images),
            "1:1: the image has 12 pixels, but the network has 8 inputs");
  EXPECT_EQ(read("80\n8g\n", 0, images), "2:2: 'g' is no hexadecimal digit");
  EXPECT_EQ(read("1 9 1\n", 0, images),
            "1:6: pixel 9 of image 1 is out of range");
  EXPECT_EQ(read("0 1 1\n", 0, images),
            "1:6: pixel 1 of image 0 is out of range");
  EXPECT_EQ(read("99999999999 1 1\n", 0, images),
            "1:16: image 99999999999 of 8 pixels does not fit into memory");
}

TEST(CategoriesTest, AreNumbersFromOne) {
  std::vector<uint64_t> categories;
  Error error;
  EXPECT_TRUE(readCategories("3\n17 20\n", "f", categories, error));
  EXPECT_EQ(categories, (std::vector<uint64_t>{3, 17, 20}));
  EXPECT_FALSE(readCategories("3\n0\n", "f", categories, error));
  EXPECT_EQ(error.message, "image 0 is out of range");
  EXPECT_EQ(error.line, 2u);
  EXPECT_FALSE(readCategories("x\n", "f", categories, error));
}

TEST(ScannerTest, ReadsNumbersWithTheirPlaces) {
  Scanner scanner("  12 -2.5e1\n\n% x\n+3 nan\n", "f");
  uint64_t whole = 0;
  double real = 0;
  Error error;
  EXPECT_TRUE(scanner.integer(whole, "a number", error));
  EXPECT_TRUE(scanner.real(real, "a number", error));
  EXPECT_EQ(whole, 12u);
  EXPECT_EQ(real, -25);
  EXPECT_TRUE(scanner.lineEnd(error));
  EXPECT_TRUE(scanner.nextFullLine('%'));
  EXPECT_EQ(scanner.line(), 4u);
  EXPECT_TRUE(scanner.real(real, "a number", error));
  EXPECT_EQ(real, 3);
  EXPECT_TRUE(scanner.real(real, "a number", error));
  EXPECT_TRUE(std::isnan(real));
  EXPECT_FALSE(scanner.real(real, "a number", error));
  EXPECT_EQ(error.message, "the line ends before a number");
  EXPECT_FALSE(scanner.nextFullLine('%'));
}

TEST(ScannerTest, RefusesNumbersThatDoNotFit) {
  Error error;
  uint64_t whole;
  double real;
  EXPECT_FALSE(Scanner("99999999999999999999", "f").integer(whole, "x", error));
  EXPECT_FALSE(Scanner("-1", "f").integer(whole, "x", error));
  EXPECT_FALSE(Scanner("1e999", "f").real(real, "x", error));
  EXPECT_EQ(error.hint, "its magnitude does not fit a double");
}
