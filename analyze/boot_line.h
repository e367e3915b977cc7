/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * boot_line.h - a kernel command line with changes merged into it.
 * Format: Documentation/admin-guide/kernel-parameters.rst; words may hold blanks in "quotes",
 * and '-' and '_' are the same in the name of a parameter.
 */
#ifndef ANALYZE_BOOT_LINE_H
#define ANALYZE_BOOT_LINE_H

#include "core/arena.h"
#include "core/text.h"

/*
 * Changes as in CHANGE_BOOT: "iommu=pt" takes the place of each iommu=, else stands at the end;
 * "-nosmt" takes a word away, "-isolcpus" with whatever value, "-pci=nomsi" only with that one.
 * "hugepagesz=1G hugepages=12" replaces the pair of that size. NULL: no memory.
 */
char *boot_line_merge(struct arena *a, const char *line, const char *changes);
/* What has to be added to a line and taken away from it to have the other: "b=2 -a=1". */
char *boot_line_difference(struct arena *a, const char *from, const char *to);

/*
 * Value of the last KEY=VALUE on the line, "" for KEY by itself, NULL: it is not there (or there is
 * no memory). In the arena, without quotes around it.
 */
const char *boot_line_value(struct arena *a, const char *line, const char *key);
/* The words of a line one by one, up to "--", behind which they are for init; false: no more. */
bool boot_line_next(struct text *rest, struct text *ret_word);

#endif
