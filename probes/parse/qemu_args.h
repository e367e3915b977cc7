/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qemu_args.h - QEMU's arguments as facts of the guest they configure, in the words of libvirt's
 * domain XML, so that one rule serves both.
 *
 * Reads what QEMU reads and does not ask whether QEMU would accept it: other options are passed
 * over, a value that makes no sense ("-smp $CORES") leaves its fact unknown and is noted.
 * Source: QEMU documentation, "Invocation"; qapi/block-core.json for -blockdev.
 */
#ifndef PROBES_PARSE_QEMU_ARGS_H
#define PROBES_PARSE_QEMU_ARGS_H

#include "core/arena.h"
#include "core/text.h"
#include "facts/domain.h"

/* The longest command lines of libvirt have some 50 KiB. */
#define QEMU_ARGS_MAX (1u << 20)

/*
 * A file's text as arguments, in the arena: each with a NUL behind it (/proc/PID/cmdline), or one
 * in a line, or a command as it is typed into a shell, with quotes, backslashes and what stands
 * around it (variables, a prompt, other lines of a script): qemu_shell.h.
 * A list that is known, maybe empty. 0, -EFBIG: over QEMU_ARGS_MAX, -ENOMEM.
 */
int qemu_args_split(struct text t, struct arena *a, struct fact_strs *ret_args) MUST_CHECK;

/* Is the first one QEMU's program, or any of them an option that is read? Else it is another text.
 */
bool qemu_args_are_any(const struct fact_strs *args);

struct qemu_args_note {    /* a value that could not be used */
	const char *field; /* of struct domain_facts */
	const char *words;
	struct qemu_args_note *next;
};

/*
 * Fills *facts (zeroed by the caller, except for source, which is left alone) from arguments, the
 * first of which is the program. Pins stay unknown but for what QEMU itself is told: it is others
 * who pin its threads. Everything is in the arena. *ret_notes: in the order of their discovery, at
 * most some dozens. 0 or -ENOMEM.
 */
int qemu_args_parse(const struct fact_strs *args, struct arena *a, struct domain_facts *facts,
		    struct qemu_args_note **ret_notes) MUST_CHECK;

#endif
