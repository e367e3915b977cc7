/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guestcpu.h - what the rules about the guest's CPU share. */
#ifndef ANALYZE_GUESTCPU_H
#define ANALYZE_GUESTCPU_H

#include "analyze/rule.h"

enum guestcpu_vendor { GUESTCPU_UNKNOWN, GUESTCPU_AMD, GUESTCPU_INTEL, GUESTCPU_OTHER };

/* Of the host's CPU: as the host tells, else from a model or feature that only one of them has. */
enum guestcpu_vendor guestcpu_vendor(const struct host *h);
/* Mode host-passthrough or maximum, "-cpu host" or "max". */
bool guestcpu_is_passed_through(const struct host *h);

/* .applies and judges; what they judge stands in the catalogue. */
bool guestcpu_has_several(const struct host *h, struct finding *out);
enum verdict guestcpu_judge_topology(const struct host *h, struct finding *out);
bool guestcpu_has_cores_only(const struct host *h, struct finding *out);
enum verdict guestcpu_judge_no_smt(const struct host *h, struct finding *out);
bool guestcpu_may_show_cache(const struct host *h, struct finding *out);
enum verdict guestcpu_judge_cache(const struct host *h, struct finding *out);

#endif
