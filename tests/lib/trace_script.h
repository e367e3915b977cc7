/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace_script.h - a recording as a few lines of text, for tests of the state machine. Test sources
 * name tests/lib/trace_script.c.
 *
 * A line is "TIME_US CPU PID WHAT …", and WHAT one of
 *	sw STATE NEXT_PID	R + S D T X or ?: why PID gives up its CPU, and to whom
 *	wake PID CPU, mig PID CPU
 *	irq+ LINE NAME, irq- LINE, vec+ NAME, vec- NAME, soft+ VEC, soft- VEC, nmi NS NAME
 *	work+ FUNCTION, work-, timer FUNCTION, idle STATE
 *	exit vmx|svm|text REASON [INFO1 [VECTOR]], entry, user REASON, pio ADDRESS r|w,
 *	mmio ADDRESS r|w, lost N, other
 * Numbers are decimal or 0x….
 */
#ifndef TESTS_LIB_TRACE_SCRIPT_H
#define TESTS_LIB_TRACE_SCRIPT_H

#include "probes/trace/machine.h"

/* Names of the threads: 0 swapper, 100-149 "CPU N/KVM", and those of the table in the source. */
const char *script_comm(int pid);
/* Every kind of event is recorded, from 0 on, a second of time 0 being 1000 s after the epoch. */
struct trace_setup script_setup(uint64_t end_us);
/* Adds vCPU n as thread 100 + n; the test fails where that fails. */
void script_add_vcpu(struct trace_machine *m, unsigned n);
void script_add(struct trace_machine *m, int tid, enum trace_role role);
/* Calls fn for each event: time 0 is 1 ns. The test fails at a line that is none. */
typedef void script_event_fn(void *arg, const struct trace_event *e);
void script_each(const char *text, script_event_fn *fn, void *arg);
/* Gives the events to the machine; the test fails at a line that is none. */
void script_run(struct trace_machine *m, const char *text);
/* "guest 80, exit 5": in us, those that are not 0, in the order of the document. */
const char *script_states(struct arena *a, const struct fact_object *states);
/* "task burner 2x30, irq eth0 via vhost-90 1x4": how often, us all together, most first. */
const char *script_culprits(struct arena *a, const struct fact_list *culprits);

/* vCPU 0 gets CPU 1 and enters the guest. */
#define SCRIPT_ENTERS "0 1 0 sw R 100\n 0 1 100 entry\n"

/* A recording, and what of vCPU 0 and of the whole must come of it. */
struct script_stream {
	const char *name, *script;
	const char *states, *culprits;
	uint64_t n_unpaired, n_strayed, n_incomplete, n_clamped, lost_events, n_migrations;
};

/* vCPUs 0 and 1 (threads 100, 101), the emulator 90, an iothread 91, a vhost thread 92. */
struct trace_machine *script_machine(const struct trace_setup *setup);
const struct trace_vcpu *script_vcpu(const struct trace_facts *f, size_t i);
/* The states of every vCPU, and what every CPU did, add up to the window. */
void script_check_sums(const struct trace_facts *f);
/* As it is, and by repetitions of 7 us. */
void script_check(const struct trace_setup *setup, const struct script_stream *s);

#endif
