/* SPDX-License-Identifier: GPL-2.0-or-later */
/* schemas.h - every schema there is, and facts that fill one. Test sources name
 * tests/lib/schemas.c. */
#ifndef TESTS_LIB_SCHEMAS_H
#define TESTS_LIB_SCHEMAS_H

#include "facts/schema.h"

typedef void schema_fn(const struct schema *s, void *arg);

/* Those of the probes, of the members of a result, and of the items of all their lists. */
void each_schema(schema_fn *fn, void *arg);

/* Each fact gets a value that no other has, from n on; flags are true, lists have two items. */
struct filler {
	struct arena *arena;
	uint64_t n;
};
void schema_fill(const struct schema *s, void *facts, struct filler *with);

#endif
