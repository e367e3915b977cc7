/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vocabulary.h - words that name nobody: of kernels, QEMU, libvirt and well-known programs
 * (vocabulary.txt), and of the texts of this program itself.
 */
#ifndef REPORT_VOCABULARY_H
#define REPORT_VOCABULARY_H

#include "core/text.h"

/* Letters and digits, in either case; nothing else is in it. */
bool vocabulary_has(struct text word);

#endif
