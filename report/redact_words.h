/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * redact_words.h - free text, word by word: what is known to name nobody stays, names become
 * pseudonyms.
 *
 * The name of a setting, before "=", stays; its value does not, unless it is known to name nobody.
 * Of a word, what lies between its first and its last unknown part is replaced: "kvm.halt_poll_ns"
 * stays, "/mnt/hector/win.qcow2" becomes "/mnt/disk-3f2a/win.qcow2". Whatever the words are:
 * addresses and UUIDs (redact_shapes.h), what stands behind a key such as serial= or in <uuid>, a
 * folder below /home, the name of a device in /dev/disk/by-id are replaced; passwords become "***".
 */
#ifndef REPORT_REDACT_WORDS_H
#define REPORT_REDACT_WORDS_H

#include <stdio.h>

#include "report/redact_aliases.h"

/*
 * Writes a text to out; its names become KIND-digits, or what was learned of them before. option:
 * the argument before this one of a command line, or NULL. 0 or -ENOMEM.
 */
int words_redact(struct aliases *n, const char *kind, const char *option, struct text t,
		 FILE *out) MUST_CHECK;
/* Addresses and UUIDs only: for what is shared otherwise. 0 or -ENOMEM. */
int words_redact_shapes(struct aliases *n, struct text t, FILE *out) MUST_CHECK;

#endif
