/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/measuring.h"

#include <string.h>

#include "cli/state.h"

static const struct profile {
	const char *name;
	uint64_t n_reps, rep_duration_ns;
} profiles[] = {
	{ "quick", 6, 2 * NS_PER_S },
	{ "standard", 10, 20 * NS_PER_S },
	{ "soak", 30, 60 * NS_PER_S },
};

enum { DEFAULT_PROFILE = 1 };

static const struct profile *profile_find(const char *name)
{
	for (size_t i = 0; name && i < ARRAY_SIZE(profiles); i++) {
		if (!strcmp(profiles[i].name, name))
			return &profiles[i];
	}
	return NULL;
}

static void parse_cpus(struct session_wish *w, struct argp_state *state, const char *arg)
{
	if (cpus_parse_list(text_of(arg), &w->cpus) < 0)
		argp_error(state, "--cpus=%s: expected a list such as 1-4,7-10", arg);
	w->has_cpus = true;
}

static void parse_reps(struct session_wish *w, struct argp_state *state, const char *arg)
{
	if (text_u64(text_of(arg), &w->n_reps) < 0 || !w->n_reps || w->n_reps > 1000)
		argp_error(state, "--reps=%s: expected a number from 1 to 1000", arg);
}

static void parse_rep_duration(struct session_wish *w, struct argp_state *state, const char *arg)
{
	if (text_duration(text_of(arg), &w->rep_duration_ns) < 0 ||
	    w->rep_duration_ns < 100 * NS_PER_MS || w->rep_duration_ns > 3600 * NS_PER_S)
		argp_error(state,
			   "--rep-duration=%s: expected a time such as 20s, from 100ms to 1h", arg);
}

error_t measuring_parse(int key, char *arg, struct argp_state *state, struct session_wish *w)
{
	switch (key) {
	case OPT_GUEST:
		w->guest = arg;
		return 0;
	case OPT_CPUS:
		parse_cpus(w, state, arg);
		return 0;
	case OPT_PROFILE:
		if (!profile_find(arg))
			argp_error(state, "--profile=%s: expected quick, standard or soak", arg);
		w->profile = arg;
		return 0;
	case OPT_REPS:
		parse_reps(w, state, arg);
		return 0;
	case OPT_REP_DURATION:
		parse_rep_duration(w, state, arg);
		return 0;
	case OPT_DOMAIN_XML:
		w->domain_xml = arg;
		return 0;
	case OPT_LABEL:
		w->label = arg;
		return 0;
	case OPT_NO_CSTATES:
		w->no_cstates = true;
		return 0;
	case OPT_PASSIVE:
		w->is_passive = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int measuring_complete(struct session_wish *w)
{
	const struct profile *p = profile_find(w->profile);

	if (!p)
		p = &profiles[DEFAULT_PROFILE];
	w->profile = w->n_reps || w->rep_duration_ns ? "custom" : p->name;
	if (!w->n_reps)
		w->n_reps = p->n_reps;
	if (!w->rep_duration_ns)
		w->rep_duration_ns = p->rep_duration_ns;
	return state_check_files(&(struct state_wish){ .domain_xml = w->domain_xml });
}
