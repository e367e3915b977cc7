/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * names.h - the culprits of a recording by number: what took time of a vCPU, each once.
 *
 * A table of a fixed size, filled as they are met; what comes when it is full is "other" of its
 * class, so that sums by class stay exact.
 */
#ifndef PROBES_TRACE_NAMES_H
#define PROBES_TRACE_NAMES_H

#include "core/arena.h"
#include "core/base.h"

enum culprit_class {
	CULPRIT_TASK,
	CULPRIT_IRQ,
	CULPRIT_VECTOR,
	CULPRIT_SOFTIRQ,
	CULPRIT_NMI,
	CULPRIT_EXIT,
	CULPRIT_IO,
	CULPRIT_STEAL,
	CULPRIT_THROTTLE,
	CULPRIT_RESIDUE,
	N_CULPRIT_CLASSES
};

extern const char *const culprit_class_names[N_CULPRIT_CLASSES];

enum culprit_side {
	SIDE_OTHER,
	SIDE_OWN, /* threads of vfiobench, as analyze/blame.h leaves them out */
	SIDE_WAY, /* exits and vectors: how whatever it was got the CPU */
	N_CULPRIT_SIDES
};

/*
 * The first numbers are fixed: "other" of each class, then those below. Names have at most 64 bytes
 * of a stranger's text each.
 */
enum {
	NAMES_MAX = 4096,
	NAME_IDLE = N_CULPRIT_CLASSES, /* residue: the CPU was idle and had to wake */
	NAME_THROTTLED,                /* throttle: runnable on an idle CPU */
	NAME_STOPPED,                  /* throttle: by a signal */
	NAME_BLOCKED,                  /* exit: asleep in the kernel, no exit is known */
	NAME_UNSEEN,                   /* residue: the CPU was not recorded */
	N_FIXED_NAMES,
	NAME_NONE = UINT16_MAX
};

enum { ROWS_MAX = 3 };

/* What one culprit is, by which it is found again. */
struct name_key {
	enum culprit_class class;
	uint64_t number;      /* line, vector, port, address; of tasks the role (machine.h) */
	const char *text;     /* comm, handler, vector …; NULL: none */
	const char *function; /* work or timer function; NULL: none */
	uint16_t via;         /* number of a thread's name; 0: none */
};

struct culprit_name {
	struct name_key key; /* texts are copies */
	uint32_t hash;
	enum culprit_side side;
	const char *name;           /* for people */
	const char *rows[ROWS_MAX]; /* catalogue ids, up to the first NULL */
};

struct names {
	struct arena arena;
	struct culprit_name *v;
	uint16_t *slot; /* hash table of numbers + 1 */
	size_t n;
};

int names_init(struct names *names) MUST_CHECK;
void names_release(struct names *names);

/*
 * The number of a culprit, new or known. Workers of one pool are one culprit: "kworker/u8:3" is
 * "kworker/u8:*". Programs of vfiobench itself are called "… (this measurement)" and have no rows.
 * When the table or memory is full: "other" of the class.
 */
uint16_t names_find(struct names *names, const struct name_key *key);
/* The same culprit where it kept the thread of name via from waking a vCPU. */
uint16_t names_via(struct names *names, uint16_t id, uint16_t via);

#endif
