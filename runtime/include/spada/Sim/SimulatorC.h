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
#define SPADA_SIM_ABI_VERSION 1
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

#ifdef __cplusplus
}
#endif

#endif
