# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Decoding of the records that the debug library leaves in memory."""
import unittest

import numpy as np

from spada.debug import decode_trace


def buffer(*words):
    return np.array([len(words), *words, 0xdead, 0xdead], np.uint16)


class Trace(unittest.TestCase):
    def test_empty(self):
        self.assertEqual(decode_trace(buffer()), [])
        self.assertEqual(decode_trace(np.array([], np.uint16)), [])

    def test_each_kind(self):
        words = buffer(1, 1, 2, 200, 3, 0xfe, 4, 65535, 5, 0xffff, 6, 0x3c00, 7, 0x5678, 0x1234, 8, 0xfffe, 0xffff,
                       9, 0, 0xc000)
        self.assertEqual(decode_trace(words), [True, 200, -2, 65535, -1, 1.0, 0x12345678, -2, -2.0])

    def test_strings(self):
        self.assertEqual(decode_trace(buffer(10, 3, 0x6261, 0x0063, 10, 0, 4, 7)), ["abc", "", 7])

    def test_timestamps(self):
        self.assertEqual(decode_trace(buffer(11, 1, 2, 3)), [3 << 32 | 2 << 16 | 1])

    def test_damaged_buffers(self):
        with self.assertRaisesRegex(ValueError, "record of unknown kind 99 at word 1"):
            decode_trace(buffer(99))
        with self.assertRaisesRegex(ValueError, "needs 2 words, 1 are left"):
            decode_trace(buffer(7, 1))
        with self.assertRaisesRegex(ValueError, "it has 9 words, its buffer has 1"):
            decode_trace(np.array([9, 0], np.uint16))


if __name__ == "__main__":
    unittest.main()
