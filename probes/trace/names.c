/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/names.h"

#include <inttypes.h>
#include <string.h>

#include "probes/trace/places.h"
#include "probes/trace/rows.h"

#define N_SLOTS  (2 * NAMES_MAX)
#define TEXT_MAX 64

const char *const culprit_class_names[N_CULPRIT_CLASSES] = {
	[CULPRIT_TASK] = "task",       [CULPRIT_IRQ] = "irq",     [CULPRIT_VECTOR] = "vector",
	[CULPRIT_SOFTIRQ] = "softirq", [CULPRIT_NMI] = "nmi",     [CULPRIT_EXIT] = "exit",
	[CULPRIT_IO] = "io",           [CULPRIT_STEAL] = "steal", [CULPRIT_THROTTLE] = "throttle",
	[CULPRIT_RESIDUE] = "residue",
};

/* FNV-1a, of Fowler, Noll and Vo. */
#define HASH_START 2166136261u
#define HASH_PRIME 16777619u

static uint32_t hash_text(uint32_t h, const char *text)
{
	for (size_t i = 0; text && text[i] && i < TEXT_MAX; i++)
		h = (h ^ (unsigned char)text[i]) * HASH_PRIME;
	return h;
}

static uint32_t hash_key(const struct name_key *k)
{
	uint32_t h = hash_text(HASH_START, k->text);

	h = hash_text(h ^ 0xff, k->function);
	h = (h ^ (uint32_t)k->number ^ (uint32_t)(k->number >> 32)) * HASH_PRIME;
	h = (h ^ (uint32_t)k->class ^ (uint32_t)k->via << 8) * HASH_PRIME;
	return h ^ h >> 15;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && !strncmp(a, b, TEXT_MAX));
}

static bool same_key(const struct name_key *a, const struct name_key *b)
{
	return a->class == b->class && a->number == b->number && a->via == b->via &&
	       same_text(a->text, b->text) && same_text(a->function, b->function);
}

/*
 * Workers of a workqueue (kernel/workqueue.c: format_worker_id) are "kworker/CPU:ID",
 * "kworker/CPU:IDH" and "kworker/uPOOL:ID": the id says nothing. Returns comm or buf.
 */
static const char *pool_text(const char *comm, char buf[TEXT_MAX])
{
	const char *colon = strncmp(comm, "kworker/", 8) ? NULL : strchr(comm, ':');
	const size_t n_digits = colon ? strspn(colon + 1, "0123456789") : 0;
	const size_t n = colon ? (size_t)(colon + 1 - comm) : 0;

	if (!n_digits || n > TEXT_MAX - 3)
		return comm;
	memcpy(buf, comm, n);
	buf[n] = '*';
	buf[n + 1] = colon[1 + n_digits] == 'H' ? 'H' : '\0';
	buf[n + 2] = '\0';
	return buf;
}

/* A program of ours that measures; not the built-in guest, "vfiobench-micro…". */
static bool is_own(const struct name_key *k)
{
	return k->class == CULPRIT_TASK && !k->number && k->text &&
	       (!strcmp(k->text, "vfiobench") ||
		(!strncmp(k->text, "vfiobench-", 10) && strncmp(k->text, "vfiobench-m", 11) != 0));
}

static const char *plain_name(struct arena *a, const struct name_key *k)
{
	if (is_own(k))
		return arena_printf(a, "%s (this measurement)", k->text);
	if (k->class == CULPRIT_IO && !k->text)
		return place_name(a, k->number);
	if (k->text && *k->text)
		return k->text;
	return k->number == UINT64_MAX ? "unnamed" : arena_printf(a, "%" PRIu64, k->number);
}

static bool make_name(struct names *names, const struct name_key *key, struct culprit_name *c)
{
	struct arena *a = &names->arena;
	struct name_key k = *key;

	if (k.text)
		k.text = arena_strndup(a, k.text, TEXT_MAX);
	if (k.function)
		k.function = arena_strndup(a, k.function, TEXT_MAX);
	if ((key->text && !k.text) || (key->function && !k.function))
		return false;
	c->key = k;
	c->name = plain_name(a, &k);
	if (c->name && k.function)
		c->name = arena_printf(a, "%s (%s)", c->name, k.function);
	rows_find(&k, c->rows);
	return c->name != NULL;
}

static uint16_t *find_slot(struct names *names, const struct name_key *key, uint32_t hash)
{
	uint32_t i = hash % N_SLOTS;

	while (names->slot[i]) {
		const struct culprit_name *c = &names->v[names->slot[i] - 1];

		if (c->hash == hash && same_key(&c->key, key))
			break;
		i = (i + 1) % N_SLOTS;
	}
	return &names->slot[i];
}

static enum culprit_side side_of(const struct culprit_name *c)
{
	if (c->key.class == CULPRIT_EXIT || c->key.class == CULPRIT_VECTOR)
		return SIDE_WAY;
	return c->key.class == CULPRIT_TASK && !c->key.via && !strncmp(c->name, "vfiobench", 9)
		       ? SIDE_OWN
		       : SIDE_OTHER;
}

static uint16_t add_name(struct names *names, uint16_t *slot, const struct culprit_name *c)
{
	const uint16_t id = (uint16_t)names->n;

	names->v[names->n] = *c;
	names->v[names->n++].side = side_of(c);
	*slot = (uint16_t)(id + 1);
	return id;
}

uint16_t names_find(struct names *names, const struct name_key *key)
{
	struct name_key k = *key;
	struct culprit_name c;
	char buf[TEXT_MAX];
	uint16_t *slot;

	if (k.class == CULPRIT_TASK && k.text)
		k.text = pool_text(k.text, buf);
	c = (struct culprit_name){ .hash = hash_key(&k) };
	slot = find_slot(names, &k, c.hash);
	if (*slot)
		return (uint16_t)(*slot - 1);
	if (names->n == NAMES_MAX || !make_name(names, &k, &c))
		return (uint16_t)k.class;
	return add_name(names, slot, &c);
}

uint16_t names_via(struct names *names, uint16_t id, uint16_t via)
{
	const struct name_key key = { names->v[id].key.class, id, NULL, NULL, via };
	struct culprit_name c = { .key = key, .hash = hash_key(&key) };
	uint16_t *slot = find_slot(names, &key, c.hash);

	if (*slot)
		return (uint16_t)(*slot - 1);
	if (names->n == NAMES_MAX)
		return (uint16_t)key.class;
	c.name = names->v[id].name;
	memcpy(c.rows, names->v[id].rows, sizeof(c.rows));
	rows_add_via(&names->v[via].key, c.rows);
	return add_name(names, slot, &c);
}

static const struct {
	enum culprit_class class;
	const char *text;
} fixed[] = {
	[NAME_IDLE - N_CULPRIT_CLASSES] = { CULPRIT_RESIDUE, "idle CPU wakes" },
	[NAME_THROTTLED - N_CULPRIT_CLASSES] = { CULPRIT_THROTTLE, "throttled" },
	[NAME_STOPPED - N_CULPRIT_CLASSES] = { CULPRIT_THROTTLE, "stopped" },
	[NAME_BLOCKED - N_CULPRIT_CLASSES] = { CULPRIT_EXIT, "blocked in the kernel" },
	[NAME_UNSEEN - N_CULPRIT_CLASSES] = { CULPRIT_RESIDUE, "not recorded" },
};

int names_init(struct names *names)
{
	*names = (struct names){ .v = calloc(NAMES_MAX, sizeof(*names->v)),
				 .slot = calloc(N_SLOTS, sizeof(*names->slot)) };
	if (!names->v || !names->slot) {
		names_release(names);
		return -ENOMEM;
	}
	for (unsigned i = 0; i < N_CULPRIT_CLASSES + ARRAY_SIZE(fixed); i++) {
		const bool is_other = i < N_CULPRIT_CLASSES;
		const struct name_key key = {
			is_other ? i : fixed[i - N_CULPRIT_CLASSES].class,
			UINT64_MAX,
			is_other ? "other" : fixed[i - N_CULPRIT_CLASSES].text,
			NULL,
			0,
		};

		if (names_find(names, &key) != i || names->n != i + 1) {
			names_release(names);
			return -ENOMEM;
		}
	}
	return 0;
}

void names_release(struct names *names)
{
	arena_release(&names->arena);
	free(names->v);
	free(names->slot);
	*names = (struct names){ 0 };
}
