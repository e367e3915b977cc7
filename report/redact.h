/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * redact.h - a document that may be shown to others.
 *
 * Each text is treated by the class that its field has in the tables (enum fact_privacy): what is
 * open stays, a name is replaced by a pseudonym, and of free text only words stay that are known to
 * name nobody. Keys that no table has are left out. It is done on the document, before anything
 * reads it: every format, figure and sentence is made of what is left.
 *
 * Rules judge a redacted result as they judge the one it was made of.
 */
#ifndef REPORT_REDACT_H
#define REPORT_REDACT_H

#include <stdio.h>

#include "core/doc.h"
#include "report/redact_aliases.h"

struct redaction; /* one per report: documents redacted with the same one share their pseudonyms */

/* salt: ALIASES_SALT_SIZE random bytes that nobody gets to see. 0 or -ENOMEM. */
int redaction_new(const uint8_t *salt, struct redaction **ret_redaction) MUST_CHECK;
void redaction_free(struct redaction *r); /* NULL is fine */
static inline void cleanup_redaction(struct redaction **r)
{
	redaction_free(*r);
}
#define auto_redaction auto_cleanup(cleanup_redaction)

/*
 * A copy of a result, comparison, baseline, calibration, fleet or findings document. What is
 * damaged stays refused by whoever decodes it: a value of another type is one in the copy too.
 * 0, -EBADMSG (no document of ours), -ENOMEM.
 */
int redact_document(struct redaction *r, const struct doc *d, struct doc **ret_doc) MUST_CHECK;

/*
 * Free text that is in no document, a line of a file or a whole one: what words_redact() leaves of
 * it (redact_words.h). option: of a command line the argument before this one ("-name"), or NULL.
 * Caller frees; NULL: no memory.
 */
char *redact_text(struct redaction *r, const char *option, const char *text) MUST_CHECK;
/*
 * What is known to be a name: from now on it is KIND-digits wherever it is a word of a text.
 * kind: "guest", "disk" … 0 or -ENOMEM.
 */
int redact_learn(struct redaction *r, const char *kind, const char *name) MUST_CHECK;

/*
 * What the pseudonyms stand for, for the owner of the names alone: "guest-3f2a<tab>name", sorted,
 * a line each, control bytes replaced. 0; -ENOMEM; why it was not taken (save_error()).
 */
int redaction_print(const struct redaction *r, FILE *out) MUST_CHECK;

#endif
