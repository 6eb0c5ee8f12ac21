# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Array orders, 16-bit data, scalar arguments, time stamps."""
import unittest

import numpy as np

from cerebras.sdk.sdk_utils import calculate_cycles, input_array_to_u32, memcpy_view
from spada.words import MemcpyOrder, check_array, check_size, from_words, to_packed_slot, to_slot, to_words

SHAPE = (2, 3, 4)  # height, width, elements


def hwl():
    return np.arange(24, dtype=np.uint32).reshape(SHAPE)


class Orders(unittest.TestCase):
    def test_row_major_is_hwl(self):
        np.testing.assert_array_equal(to_words(hwl(), SHAPE, MemcpyOrder.ROW_MAJOR), np.arange(24))

    def test_col_major_is_lwh(self):
        array = np.zeros((4, 3, 2), np.uint32)
        for l, w, h in np.ndindex(4, 3, 2):
            array[l, w, h] = hwl()[h, w, l]
        np.testing.assert_array_equal(to_words(array, SHAPE, MemcpyOrder.COL_MAJOR), np.arange(24))

    def test_float_bits_are_kept(self):
        words = to_words(np.array([1.0, -0.0], np.float32), (1, 1, 2), MemcpyOrder.ROW_MAJOR)
        self.assertEqual(list(words), [0x3f800000, 0x80000000])

    def test_index_order_counts_not_memory_order(self):
        transposed = np.asfortranarray(hwl().reshape(6, 4))
        np.testing.assert_array_equal(to_words(transposed, SHAPE, MemcpyOrder.ROW_MAJOR), np.arange(24))

    def test_there_and_back(self):
        for order in MemcpyOrder:
            for array in (np.zeros(24, np.float32), np.zeros((24, 1), np.int32), np.zeros((6, 8), np.uint32)[:, ::2]):
                words = np.arange(24, dtype=np.uint32) << 20
                from_words(words, array, SHAPE, order)
                np.testing.assert_array_equal(to_words(array, SHAPE, order), words)

    def test_col_major_result(self):
        array = np.zeros(24, np.uint32)
        from_words(np.arange(24, dtype=np.uint32), array, SHAPE, MemcpyOrder.COL_MAJOR)
        np.testing.assert_array_equal(array.reshape(SHAPE, order="F"), hwl())

    def test_errors_name_both_values(self):
        with self.assertRaisesRegex(ValueError, "'src' has 23 elements; 3 x 2 PEs with 4 elements each need 24"):
            check_size(np.zeros(23, np.uint32), "src", SHAPE)
        with self.assertRaisesRegex(TypeError, "'src' has elements of type 'float64'; expected 32 bits"):
            check_array(np.zeros(3), "src")
        with self.assertRaisesRegex(TypeError, "'dest' is of type 'list'; expected a NumPy array"):
            check_array([1, 2], "dest")


class Slots(unittest.TestCase):
    def test_integers(self):
        self.assertEqual(to_slot(np.int16(-2), "i16", "x"), 0xfffffffe)
        self.assertEqual(to_slot(65535, "u16", "x"), 65535)
        self.assertEqual(to_slot(True, "bool", "x"), 1)
        self.assertEqual(to_slot(np.uint32(0xffffffff), "u32", "x"), 0xffffffff)

    def test_floats(self):
        self.assertEqual(to_slot(1, "f32", "x"), 0x3f800000)
        self.assertEqual(to_slot(np.float64(-2.0), "f16", "x"), 0xc000)
        self.assertEqual(to_slot(0.1, "f32", "x"), 0x3dcccccd)

    def test_what_does_not_fit(self):
        with self.assertRaisesRegex(ValueError, "x is 32768; CSL type 'i16' holds -32768 to 32767"):
            to_slot(32768, "i16", "x")
        with self.assertRaisesRegex(TypeError, "x is 1.5 of type 'float'; CSL type 'i32' takes integers only"):
            to_slot(1.5, "i32", "x")
        with self.assertRaisesRegex(TypeError, "x is of type 'str'; expected a number for CSL type 'u8'"):
            to_slot("1", "u8", "x")
        with self.assertRaisesRegex(TypeError, r"x has CSL type '\[\*\]f32', which the host cannot pass"):
            to_slot(1, "[*]f32", "x")

    def test_packed(self):
        self.assertEqual(to_packed_slot(np.float32(1), "x"), 0x3f800000)
        self.assertEqual(to_packed_slot(np.float16(1), "x"), 0x3c00)
        self.assertEqual(to_packed_slot(-1, "x"), 0xffffffff)
        self.assertEqual(to_packed_slot(np.uint32(7), "x"), 7)
        with self.assertRaisesRegex(ValueError, "x is 4294967296; a slot has 32 bits"):
            to_packed_slot(1 << 32, "x")


class Utils(unittest.TestCase):
    def test_zero_extension(self):
        words = input_array_to_u32(np.array([-1, 2], np.int16), None, 1)
        self.assertEqual((words.dtype, list(words)), (np.uint32, [0xffff, 2]))

    def test_index_in_the_high_half(self):
        words = input_array_to_u32(np_arr=np.array([1, -1, 0.5, 2], np.float16), sentinel=0, fast_dim_sz=2)
        self.assertEqual(list(words), [0x3c00, 0x1bc00, 0x3800, 0x14000])

    def test_32_bit_input_is_reinterpreted(self):
        self.assertEqual(list(input_array_to_u32(np.array([1.0], np.float32), 1, 1)), [0x3f800000])

    def test_input_errors(self):
        with self.assertRaisesRegex(TypeError, "type 'int64'; expected 16 or 32 bits"):
            input_array_to_u32(np.array([1]), 1, 1)
        with self.assertRaisesRegex(ValueError, "'fast_dim_sz' is 0; it must be at least 1"):
            input_array_to_u32(np.array([1], np.int16), 1, 0)

    def test_view_of_low_halves(self):
        words = np.array([[0x00013c00, 0xffffc000]], np.uint32)
        view = memcpy_view(words, np.dtype(np.float16))
        np.testing.assert_array_equal(view, [[1.0, -2.0]])
        view[0, 0] = 2.0
        self.assertEqual(words[0, 0], 0x00014000)

    def test_view_of_32_bits_and_slices(self):
        words = np.arange(8, dtype=np.uint32)
        self.assertEqual(memcpy_view(words, np.int32).dtype, np.int32)
        np.testing.assert_array_equal(memcpy_view(words[::2], np.uint16), [0, 2, 4, 6])
        with self.assertRaisesRegex(TypeError, "'datatype' is 'float64'"):
            memcpy_view(words, np.float64)

    def test_cycles(self):
        start, end = 0x1234_5678_9abc, 0x1234_6000_0001
        stamps = [start & 0xffffffff, start >> 32 | (end & 0xffff) << 16, end >> 16]
        words = np.array(stamps, np.uint32)
        self.assertEqual(calculate_cycles(words), end - start)
        self.assertEqual(calculate_cycles(words.view(np.float32)), end - start)
        with self.assertRaisesRegex(ValueError, "has 2 elements of type 'uint32'; expected 3 of 32 bits"):
            calculate_cycles(words[:2])


if __name__ == "__main__":
    unittest.main()
