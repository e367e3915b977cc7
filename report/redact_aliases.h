/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * redact_aliases.h - names and what stands for them in one report: "guest-3f2a".
 *
 * The digits are the first of HMAC-SHA256 (RFC 2104, FIPS 180-4) over the name, keyed with bytes
 * that nobody knows: the same name is the same pseudonym throughout a report, and a list of likely
 * names tells nothing. Where two names would share a pseudonym, the later one gets more digits.
 */
#ifndef REPORT_REDACT_ALIASES_H
#define REPORT_REDACT_ALIASES_H

#include "core/arena.h"
#include "core/text.h"

enum { ALIASES_SALT_SIZE = 32 };

struct aliases {
	struct arena arena;
	uint8_t salt[ALIASES_SALT_SIZE];
	void *by_value, *by_pseudonym; /* trees of struct alias */
};

struct alias {
	const char *value, *pseudonym;
};

void aliases_init(struct aliases *n, const uint8_t *salt);
void aliases_release(struct aliases *n);
/*
 * The pseudonym of a name. kind is what it begins with when the name is new. NULL: no memory.
 * Lives as long as names.
 */
const char *aliases_of(struct aliases *n, const char *kind, struct text value);
/* NULL: not a name that was seen, or no memory. */
const char *aliases_find(struct aliases *n, struct text value);
/* Whether a text is a pseudonym that was given out here. */
bool aliases_has_pseudonym(struct aliases *n, struct text t);
/* Calls fn for each by its pseudonym, in order. */
void aliases_each(const struct aliases *n, void (*fn)(const struct alias *name, void *arg),
		  void *arg);

#endif
