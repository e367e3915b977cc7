/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/tallies.h"

#include <string.h>

#define ROOM_AT_START 32u

int tallies_init(struct tallies *t)
{
	*t = (struct tallies){ .of = calloc(NAMES_MAX, sizeof(*t->of)),
			       .v = calloc(ROOM_AT_START, sizeof(*t->v)),
			       .n_room = ROOM_AT_START };
	if (!t->of || !t->v) {
		tallies_release(t);
		return -ENOMEM;
	}
	tallies_clear(t);
	return 0;
}

void tallies_release(struct tallies *t)
{
	free(t->of);
	free(t->v);
	*t = (struct tallies){ 0 };
}

static void append(struct tallies *t, uint16_t id)
{
	memset(&t->v[t->n], 0, sizeof(t->v[t->n]));
	t->v[t->n].id = id;
	t->of[id] = (uint16_t)++t->n;
}

void tallies_clear(struct tallies *t)
{
	memset(t->of, 0, NAMES_MAX * sizeof(*t->of));
	t->n = 0;
	for (uint16_t class = 0; class < N_CULPRIT_CLASSES; class ++)
		append(t, class);
}

static bool make_room(struct tallies *t)
{
	struct tally *bigger;

	if (t->n == TALLIES_MAX)
		return false;
	if (t->n < t->n_room)
		return true;
	bigger = realloc(t->v, 2 * t->n_room * sizeof(*t->v));
	if (!bigger)
		return false;
	t->v = bigger;
	t->n_room *= 2;
	return true;
}

static struct tally *tally_of(struct tallies *t, const struct names *names, uint16_t id)
{
	if (!t->of[id]) {
		if (make_room(t))
			append(t, id);
		else
			id = (uint16_t)names->v[id].key.class;
	}
	return &t->v[t->of[id] - 1];
}

void tallies_add(struct tallies *t, const struct names *names, uint16_t id, uint64_t ns)
{
	durations_add(&tally_of(t, names, id)->took, ns);
}

void tallies_add_sum(struct tallies *t, const struct names *names, uint16_t id, uint64_t n,
		     uint64_t ns)
{
	struct tally *tally = tally_of(t, names, id);

	tally->n_sum += n;
	tally->sum_ns += ns;
}
