/* SPDX-License-Identifier: GPL-2.0-or-later */
/* schemas.h - JSON Schema 2020-12 of each document, from the tables of facts. */
#ifndef DOCS_SCHEMAS_H
#define DOCS_SCHEMAS_H

#include <stdio.h>

#include "core/base.h"

/*
 * On out, as JSON. Unknown keys are allowed, as the readers allow them; another version is not.
 * 0, -ENOENT (no such name), -ENOMEM, -EIO.
 */
int schema_page_print(FILE *out, const char *name) MUST_CHECK;

#endif
