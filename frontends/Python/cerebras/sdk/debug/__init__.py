# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""The names that host scripts import; the implementation is in the package `spada`."""
