/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * clock_cost.h - what clock_gettime(CLOCK_MONOTONIC) costs on the CPU this runs on.
 *
 * With clocksources the vDSO can read (tsc, kvm-clock, hyperv) it is some 20 to 40 ns and no system
 * call; with hpet and acpi_pm it is a system call and a slow register, 0.5 to 5 us.
 */
#ifndef PROBES_CLOCK_COST_H
#define PROBES_CLOCK_COST_H

#include "core/hist.h"

/*
 * Spins for some milliseconds, at most for 100. One value of *ret_hist is the mean of
 * *ret_n_per_value calls in a row, rounded to whole nanoseconds: timed together, for a clock cannot
 * time one call of itself. 64 calls, 8 where the clock is slow.
 */
void clock_cost_measure(struct hist *ret_hist, uint64_t *ret_n_per_value);

#endif
