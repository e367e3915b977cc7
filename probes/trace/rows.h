/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rows.h - which rows of the catalogue may remove a culprit: one table. */
#ifndef PROBES_TRACE_ROWS_H
#define PROBES_TRACE_ROWS_H

#include "probes/trace/names.h"

/* Ids of the first row of the table that fits; what is left over is NULL. */
void rows_find(const struct name_key *key, const char *ret_rows[ROWS_MAX]);
/* Those of the thread that was kept from waking a vCPU, as far as there is room. */
void rows_add_via(const struct name_key *via, const char *rows[ROWS_MAX]);
/* All ids of the table, one after the other; NULL at its end. */
const char *rows_id(size_t i);

#endif
