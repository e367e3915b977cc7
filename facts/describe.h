/* SPDX-License-Identifier: GPL-2.0-or-later */
/* describe.h - the tables of facts for readers: a page in Markdown, and JSON Schema. */
#ifndef FACTS_DESCRIBE_H
#define FACTS_DESCRIBE_H

#include <stdio.h>

#include "facts/schema.h"

/*
 * A table with one row per key, then those of its lists, each below a heading of that level (1 to
 * 6) that names the path, e.g. "cpu.cores[]". The caller looks at ferror(out).
 */
void describe_markdown(FILE *out, const struct schema *s, const char *path, unsigned level);

/*
 * JSON Schema 2020-12 of the object that schema_encode() makes; unknown keys are allowed, as the
 * reader allows them. Histograms refer to "#/$defs/histogram": describe_histogram(). Caller frees;
 * NULL: no memory.
 */
struct doc *describe_json_schema(const struct schema *s);
struct doc *describe_histogram(void);

#endif
