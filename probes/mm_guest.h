/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mm_guest.h - part of the mm probe: memory of the running guests. */
#ifndef PROBES_MM_GUEST_H
#define PROBES_MM_GUEST_H

#include "facts/mm.h"
#include "probes/probe.h"

/* Fills guests. 0 or -ENOMEM; what is missing is a gap. */
int mm_guests_read(struct probe_env *env, struct fact_list *guests) MUST_CHECK;

#endif
