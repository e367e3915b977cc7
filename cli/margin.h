/* SPDX-License-Identifier: GPL-2.0-or-later */
/* margin.h - --margin PERCENT, shared by the verbs that compare. */
#ifndef CLI_MARGIN_H
#define CLI_MARGIN_H

#include "cli/verb.h"

/* "15", "12.5", "15%": in permille, 0.1 to 1000 %; a usage error otherwise. */
uint32_t margin_parse(struct argp_state *state, const char *percent);

#endif
