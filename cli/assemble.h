/* SPDX-License-Identifier: GPL-2.0-or-later */
/* assemble.h - the result document, put together from probe documents and the choices of a run. */
#ifndef CLI_ASSEMBLE_H
#define CLI_ASSEMBLE_H

#include "analyze/target.h"
#include "cli/collect.h"

/* A result without probes, guest or CPUs: format, version and tool. NULL: no memory. */
struct doc *result_new(void);
/* Sets or replaces probes.NAME for each call. */
int result_put_probes(struct doc *result, const struct probe_call *calls, size_t n) MUST_CHECK;
/* Sets or replaces one member made of facts ("run", "guest" …). */
int result_put_facts(struct doc *result, const struct schema *s, const void *facts) MUST_CHECK;
/* "host", from what the state probes said. */
int result_put_identity(struct doc *result, const struct host *h) MUST_CHECK;
/* "guest" and "cpus". */
int result_put_target(struct doc *result, const struct target *t, struct arena *a) MUST_CHECK;

/* The same members in the order of the format: what was added last may belong first. */
int result_put_in_order(struct doc **result) MUST_CHECK;

/* Decodes what there is so far; one line on stderr when that fails. */
int result_decode(const struct doc *result, struct host **ret_host) MUST_CHECK;

#endif
