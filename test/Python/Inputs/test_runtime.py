# Part of the spada project. SPDX-License-Identifier: Apache-2.0
"""Copies, broadcasts, streams, launches, waiting and errors, on a grid of 3 x 2 PEs."""
import os
import tempfile
import unittest
from unittest import mock

import images
import numpy as np

from cerebras.sdk.debug.debug_util import debug_util
from cerebras.sdk.runtime.sdkruntimepybind import MemcpyDataType, MemcpyOrder, SdkRuntime

WORDS = {"streaming": False, "data_type": MemcpyDataType.MEMCPY_32BIT, "order": MemcpyOrder.ROW_MAJOR}
HALVES = dict(WORDS, data_type=MemcpyDataType.MEMCPY_16BIT)
COLUMNS = dict(WORDS, order=MemcpyOrder.COL_MAJOR)
STREAM = dict(WORDS, streaming=True)
STREAMS = {"in": {"direction": "in", "color": 2, "region": [1, 0, 1, 2]},
           "out": {"direction": "out", "color": 3, "region": [1, 0, 1, 2]}}
FOLDER = "out"


class Runs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        images.write_folder(FOLDER, images.standard_program(), 3, 2, streams=STREAMS)

    def setUp(self):
        self.runner = SdkRuntime(FOLDER, cmaddr="")
        self.data = self.runner.get_id("data")
        self.runner.load()
        self.runner.run()

    def tearDown(self):
        if self.runner._state != "stopped":
            self.runner._state = "failed"
            self.runner.stop()

    def read(self, symbol="data", elements=4, **how):
        result = np.zeros((2, 3, elements), np.uint32)
        self.runner.memcpy_d2h(result, self.runner.get_id(symbol), 0, 0, 3, 2, elements, nonblock=False,
                               **(how or WORDS))
        return result


class Copies(Runs):
    def test_there_and_back_in_both_orders(self):
        values = np.arange(24, dtype=np.uint32).reshape(2, 3, 4)
        self.runner.memcpy_h2d(self.data, values, 0, 0, 3, 2, 4, nonblock=True, **WORDS)
        np.testing.assert_array_equal(self.read(), values)
        columns = np.zeros(24, np.float32)
        self.runner.memcpy_d2h(columns, self.data, 0, 0, 3, 2, 4, nonblock=False, **COLUMNS)
        np.testing.assert_array_equal(columns.view(np.uint32).reshape((2, 3, 4), order="F"), values)
        self.runner.memcpy_h2d(self.data, columns + 0, 0, 0, 3, 2, 4, nonblock=False, **COLUMNS)
        np.testing.assert_array_equal(self.read(), values)

    def test_part_of_the_grid_into_a_view(self):
        self.runner.memcpy_h2d(self.data, np.arange(8, dtype=np.int32), 1, 0, 1, 2, 4, nonblock=False, **WORDS)
        result = np.full((3, 8), 99, np.int32)
        self.runner.memcpy_d2h(result[1:2].ravel(), self.data, 1, 0, 1, 2, 4, nonblock=False, **WORDS)
        np.testing.assert_array_equal(result, [[99] * 8, range(8), [99] * 8])

    def test_nonblock_result_is_there_after_stop(self):
        result = np.zeros(24, np.uint32)
        self.runner.memcpy_h2d(self.data, np.full(24, 5, np.uint32), 0, 0, 3, 2, 4, nonblock=True, **WORDS)
        task = self.runner.memcpy_d2h(result, self.data, 0, 0, 3, 2, 4, nonblock=True, **WORDS)
        self.assertFalse(self.runner.is_task_done(task))
        self.assertEqual(result.sum(), 0)
        self.runner.stop()
        self.assertEqual(result.sum(), 24 * 5)
        self.runner.stop()

    def test_task_wait_gives_the_result(self):
        result = np.ones(24, np.uint32)
        self.runner.task_wait(self.runner.memcpy_d2h(result, self.data, 0, 0, 3, 2, 4, nonblock=True, **WORDS))
        self.assertEqual(result.sum(), 0)

    def test_16_bits(self):
        half = self.runner.get_id("half")
        self.runner.memcpy_h2d(half, np.arange(18, dtype=np.uint32) | 0xabcd0000, 0, 0, 3, 2, 3, nonblock=False,
                               **HALVES)
        np.testing.assert_array_equal(self.read("half", 3, **HALVES).ravel(), range(18))

    def test_broadcasts(self):
        self.runner.memcpy_h2d_rowbcast(self.data, np.arange(8, dtype=np.uint32), 0, 0, 3, 2, 4, nonblock=True, **WORDS)
        rows = self.read()
        column = np.arange(8, dtype=np.uint32).reshape(4, 1, 2)
        self.runner.memcpy_h2d_rowbcast(self.data, column, 0, 0, 3, 2, 4, nonblock=True, **COLUMNS)
        self.assertEqual(self.read()[1, 2].tolist(), [1, 3, 5, 7])
        self.runner.memcpy_h2d_colbcast(self.data, np.arange(12, dtype=np.uint32), 0, 0, 3, 2, 4, nonblock=True,
                                        **WORDS)
        columns = self.read()
        for x in range(3):
            np.testing.assert_array_equal(rows[:, x].ravel(), range(8))
        for y in range(2):
            np.testing.assert_array_equal(columns[y].ravel(), range(12))


class Functions(Runs):
    def test_launch_converts_arguments(self):
        self.runner.launch("add", np.int16(-2), nonblock=True)
        self.runner.launch("add", 5, nonblock=False)
        self.assertTrue((self.read() == 3).all())
        self.runner.launch("both", 1, np.uint32(0xffffffff), nonblock=False)
        self.assertTrue((self.read("seen", 2) == [0x3f800000, 0xffffffff]).all())

    def test_call_takes_packed_arguments(self):
        self.runner.call("both", [np.float32(-1), 9], nonblock=False)
        self.assertTrue((self.read("seen", 2) == [0xbf800000, 9]).all())

    def test_wrong_arguments(self):
        with self.assertRaisesRegex(ValueError, "function 'add' takes 1 arguments, 2 were given"):
            self.runner.launch("add", 1, 2, nonblock=False)
        with self.assertRaisesRegex(ValueError, r"argument 1 \('x0'\) of function 'add' is 40000; CSL type 'i16'"):
            self.runner.launch("add", 40000, nonblock=False)
        with self.assertRaisesRegex(ValueError, "no function 'nix'; its functions: 'add', 'both', 'hang'"):
            self.runner.launch("nix", nonblock=False)

    def test_printed_lines(self):
        self.runner.launch("say", nonblock=False)
        self.runner.stop()
        with open("sim.log", encoding="utf-8") as text:
            lines = text.read().splitlines()
        self.assertEqual(len(lines), 6)
        self.assertRegex(lines[0], r"^@\d+ .*seven is 7$")


class Streams(Runs):
    def test_in_and_out_overlap(self):
        result = np.zeros(1200, np.uint32)
        self.runner.memcpy_h2d(2, np.arange(1200, dtype=np.uint32), 0, 1, 3, 1, 400, nonblock=True, **STREAM)
        self.runner.memcpy_d2h(result, 3, 0, 1, 3, 1, 400, nonblock=False, **STREAM)
        np.testing.assert_array_equal(result, np.arange(1, 1201))

    def test_streams_of_layouts(self):
        result = np.zeros(8, np.uint32)
        self.runner.receive("out", result, 6, nonblock=True)
        self.runner.send("in", np.arange(6, dtype=np.uint32), nonblock=True)
        self.runner.stop()
        self.assertEqual(result.tolist(), [1, 2, 3, 4, 5, 6, 0, 0])

    def test_wrong_streams(self):
        with self.assertRaisesRegex(ValueError, "no input stream 'out'; its input streams: 'in'"):
            self.runner.send("out", np.zeros(2, np.uint32))
        with self.assertRaisesRegex(ValueError, "3 elements cannot be divided among the 2 PEs of stream 'in'"):
            self.runner.send("in", np.zeros(3, np.uint32))


class Endings(Runs):
    def test_deadlock(self):
        self.runner.launch("hang", nonblock=False)
        with self.assertRaisesRegex(RuntimeError, r"the simulated program deadlocked at cycle \d+: \S"):
            self.read()
        with self.assertRaisesRegex(RuntimeError, "the program has failed before"):
            self.runner.launch("hang", nonblock=False)
        self.runner.stop()

    def test_stream_that_never_ends(self):
        self.runner.memcpy_d2h(np.zeros(1, np.uint32), 3, 0, 0, 1, 1, 1, nonblock=True, **STREAM)
        with self.assertRaisesRegex(RuntimeError, "deadlocked"):
            self.runner.stop()

    def test_trap(self):
        with self.assertRaisesRegex(RuntimeError, r"trapped at cycle \d+: .*zero"):
            self.runner.launch("fail", nonblock=False)

    def test_memory_after_stop(self):
        self.runner.launch("add", 5, nonblock=True)
        self.runner.stop()
        np.testing.assert_array_equal(self.runner.read_symbol(4 + 2, 1 + 1, "data", dtype="uint32"), [5] * 4)
        self.assertEqual(self.runner.read_symbol(4, 1, "half").dtype, np.uint8)
        memory = debug_util(FOLDER, cmaddr=None)
        np.testing.assert_array_equal(memory.get_symbol(4, 1, "data", np.float32).view(np.uint32), [5] * 4)
        self.assertEqual(memory.read_trace(5, 2, "key"), [5])
        with self.assertRaisesRegex(ValueError, "nothing"):
            memory.get_symbol(4, 1, "nothing", np.uint16)
        with self.assertRaisesRegex(ValueError, "has 6 bytes, which is no multiple of the 4 bytes of 'float32'"):
            memory.get_symbol(4, 1, "half", np.float32)

    def test_cycles_are_noted(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "cycles")
            with mock.patch.dict(os.environ, {"SPADA_CYCLES_FILE": path}):
                self.runner.launch("add", 5, nonblock=True)
                self.runner.stop()
            with open(path, encoding="utf-8") as text:
                self.assertGreater(int(text.read()), 4)


class Misuse(Runs):
    def test_regions_and_sizes(self):
        values = np.zeros(24, np.uint32)
        for message, region in (("region of 3 x 2 PEs at \\(1, 0\\) leaves the program's rectangle of 3 x 2 PEs",
                                 (1, 0, 3, 2, 4)),
                                ("'py' is -1; it must be at least 0", (0, -1, 3, 2, 4)),
                                ("'src' has 24 elements; 3 x 2 PEs with 5 elements each need 30", (0, 0, 3, 2, 5))):
            with self.assertRaisesRegex(ValueError, message):
                self.runner.memcpy_h2d(self.data, values, *region, nonblock=False, **WORDS)
        with self.assertRaisesRegex(TypeError, "'order' is 1; expected one of MemcpyOrder.ROW_MAJOR"):
            self.runner.memcpy_h2d(self.data, values, 0, 0, 3, 2, 4, nonblock=False, **dict(WORDS, order=1))
        with self.assertRaisesRegex(ValueError, "'dest' cannot be written"):
            values.flags.writeable = False
            self.runner.memcpy_d2h(values, self.data, 0, 0, 3, 2, 4, nonblock=False, **WORDS)

    def test_too_many_elements(self):
        with self.assertRaises(ValueError):
            self.runner.memcpy_h2d(self.data, np.zeros(5, np.uint32), 0, 0, 1, 1, 5, nonblock=False, **WORDS)

    def test_unknown_symbol(self):
        with self.assertRaisesRegex(ValueError, "exports no symbol 'nix'; its symbols: .*'data'"):
            self.runner.get_id("nix")

    def test_order_of_calls(self):
        fresh = SdkRuntime(FOLDER)
        with self.assertRaisesRegex(RuntimeError, r"launch\('add'\) while the program is not running; call load\(\)"):
            fresh.launch("add", 1, nonblock=False)
        self.runner.stop()
        with self.assertRaisesRegex(RuntimeError, r"stop\(\) has ended the run"):
            self.read()
        with self.assertRaisesRegex(RuntimeError, "make a new SdkRuntime"):
            self.runner.run()

    def test_no_such_folder(self):
        with self.assertRaisesRegex(FileNotFoundError, "the compile folder 'nowhere' does not exist"):
            SdkRuntime("nowhere")
        with self.assertRaisesRegex(ValueError, "'cmaddr' is '1.2.3.4:9000'; programs run on the simulator only"):
            SdkRuntime(FOLDER, cmaddr="1.2.3.4:9000")

    def test_damaged_image(self):
        folder = images.write_folder("damaged", images.standard_program(), 1, 1)
        with open(os.path.join(folder, "bin", "program.spimage"), "wb") as data:
            data.write(b"not an image")
        with self.assertRaisesRegex(RuntimeError, "the image cannot be loaded: "):
            SdkRuntime(folder)

    def test_no_run_to_look_at(self):
        with self.assertRaisesRegex(RuntimeError, "no run of 'elsewhere' has ended in this process"):
            debug_util("elsewhere")


if __name__ == "__main__":
    unittest.main()
