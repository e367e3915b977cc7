/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fix.h - fix texts: {names} filled in, values of strangers quoted for the shell. */
#ifndef ANALYZE_FIX_H
#define ANALYZE_FIX_H

#include "core/arena.h"

/* Value of a name, or NULL when it has none. */
typedef const char *fix_lookup_fn(void *arg, const char *name);

/*
 * Copies text with each {name} replaced; "{{" is "{". A brace that does not start a name of
 * [A-Za-z0-9_-]+ stays as it is (shell and XML have braces of their own). *ret_missing, when not
 * NULL, is set to the first name that has no value; the name then stays in the text.
 * NULL: no memory.
 */
char *fix_fill(struct arena *a, const char *text, fix_lookup_fn *lookup, void *arg,
	       const char **ret_missing);
/* 'value' with single quotes around it where the shell needs them. NULL: no memory, or no value. */
char *fix_quote(struct arena *a, const char *value);

#endif
