//===- cslc.cpp - the `cslc` program --------------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Calls the driver. No logic here.
//
//===----------------------------------------------------------------------===//

#include "spada/Driver/Driver.h"

int main(int argc, char **argv) { return spada::cslcMain(argc, argv); }
