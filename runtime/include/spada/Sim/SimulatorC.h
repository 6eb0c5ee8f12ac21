/*===- SimulatorC.h - C interface of the simulator ----------------*- C -*-===*\
|*                                                                            *|
|* Part of the spada project. SPDX-License-Identifier: Apache-2.0             *|
|*                                                                            *|
|* A thin layer over Simulator.h for other languages. Strings given back      *|
|* belong to the simulator and live until its next call.                      *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef SPADA_SIM_SIMULATORC_H
#define SPADA_SIM_SIMULATORC_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Grows with every incompatible change of this file. */
#define SPADA_SIM_ABI_VERSION 2
uint32_t spada_sim_abi_version(void);

typedef struct spada_sim spada_sim;

typedef enum spada_sim_status {
  SPADA_SIM_FINISHED = 0,
  SPADA_SIM_DEADLOCKED = 1,
  SPADA_SIM_TRAPPED = 2,
  SPADA_SIM_OUT_OF_BUDGET = 3
} spada_sim_status;

typedef struct spada_sim_report {
  int32_t status; /* spada_sim_status */
  uint64_t cycles, tasks, wavelet_hops, active_pe_cycles, busy_pe_cycles;
  const char *message;
} spada_sim_report;

/* Loads an image. Always gives an object (null only when memory is out); ask
 * spada_sim_error whether it is usable. */
spada_sim *spada_sim_load(const uint8_t *image, size_t size);
void spada_sim_free(spada_sim *sim);
/* Text of the last error; empty when the last call was good. */
const char *spada_sim_error(const spada_sim *sim);

/* These return 1 when they have done their work and 0 after an error. */
int spada_sim_write(spada_sim *sim, const char *argument, const void *bytes,
                    size_t size);
int spada_sim_set_scalar(spada_sim *sim, const char *argument, uint64_t bits);
/* trace_path may be null; max_cycles 0 means the default. */
int spada_sim_run(spada_sim *sim, int threads, uint64_t max_cycles,
                  const char *trace_path, spada_sim_report *report);
/* Copies at most `capacity` bytes of the result; `size` gets the whole size. */
int spada_sim_read(spada_sim *sim, const char *argument, void *bytes,
                   size_t capacity, size_t *size);

/*
 * A session: the host's side of a program that runs step by step. Every PE has
 * a stream of commands (copies that touch it, launches). It takes the next one
 * when it is not inside a launched function and, after a launch, when the
 * program has called unblock_cmd_stream. Streaming transfers are apart: they
 * are ordered for each color only. Commands are only noted down by the calls
 * below; `spada_sim_wait` runs the machine.
 */
typedef struct spada_sim_session_options {
  int32_t threads;        /* 0: one */
  uint64_t max_cycles;    /* for the whole session; 0: the default */
  const char *trace_path; /* null: no trace */
  const char *log_path;   /* where printed lines go; null: nowhere */
} spada_sim_session_options;

/* Builds the fabric. At most one session at a time. */
int spada_sim_start(spada_sim *sim, const spada_sim_session_options *options);

/* Number of the exported data symbol or function; -1 when there is none. */
int32_t spada_sim_symbol(const spada_sim *sim, const char *name);
int32_t spada_sim_num_symbols(const spada_sim *sim);
const char *spada_sim_symbol_name(const spada_sim *sim, int32_t symbol);

/* PEs of the rectangle, in rectangle coordinates. */
typedef struct spada_sim_region {
  int32_t x, y, width, height;
} spada_sim_region;

/* Words are 32 bits, ordered [y][x][element]; `elements` of them for each PE.
 * With `bits16` an element is the low half of its word and 2 bytes on the PE.
 * The source is copied; the destination must live until the command is done.
 * These return the number of the command, which is positive, or 0. */
uint64_t spada_sim_copy_in(spada_sim *sim, int32_t symbol,
                           spada_sim_region region, uint32_t elements,
                           int bits16, const uint32_t *words);
uint64_t spada_sim_copy_out(spada_sim *sim, int32_t symbol,
                            spada_sim_region region, uint32_t elements,
                            int bits16, uint32_t *words);
/* Streaming: words to, or from, the ramp of each PE on `color`. */
uint64_t spada_sim_stream_in(spada_sim *sim, uint32_t color,
                             spada_sim_region region, uint32_t elements,
                             const uint32_t *words);
uint64_t spada_sim_stream_out(spada_sim *sim, uint32_t color,
                              spada_sim_region region, uint32_t elements,
                              uint32_t *words);
/* Calls an exported function on every PE; arguments are 32-bit slots. */
uint64_t spada_sim_launch(spada_sim *sim, int32_t symbol,
                          const uint32_t *arguments, uint32_t num_arguments);

/* Runs until command `command` is done on all its PEs (a launch: its function
 * has returned); 0: until all are done and nothing moves. The report's status
 * is SPADA_SIM_FINISHED when that was reached; when the machine stands still
 * or traps before, its message says who waits for what and the result is 0.
 * `report->cycles` is then the current cycle. */
int spada_sim_wait(spada_sim *sim, uint64_t command, spada_sim_report *report);
/* Whether the command is done, without running. */
int spada_sim_done(const spada_sim *sim, uint64_t command);

/* Copies the bytes of a variable (exported or not) of one PE, as they are;
 * possible until the next start. `size` gets the variable's size. */
int spada_sim_read_variable(spada_sim *sim, int32_t x, int32_t y,
                            const char *name, void *bytes, size_t capacity,
                            size_t *size);
int spada_sim_write_variable(spada_sim *sim, int32_t x, int32_t y,
                             const char *name, const void *bytes, size_t size);
/* Ends the session; memory stays readable. */
int spada_sim_stop(spada_sim *sim);

#ifdef __cplusplus
}
#endif

#endif
