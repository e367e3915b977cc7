/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/redact_aliases.h"

#include <nettle/hmac.h>
#include <search.h>
#include <string.h>

enum { DIGITS_MIN = 4, DIGITS_MAX = 2 * SHA256_DIGEST_SIZE };

void aliases_init(struct aliases *n, const uint8_t *salt)
{
	*n = (struct aliases){ { 0 } };
	memcpy(n->salt, salt, sizeof(n->salt));
}

static void keep(void *name)
{
	(void)name; /* in the arena */
}

void aliases_release(struct aliases *n)
{
	tdestroy(n->by_value, keep);
	tdestroy(n->by_pseudonym, keep);
	arena_release(&n->arena);
	*n = (struct aliases){ { 0 } };
}

static int compare_values(const void *a, const void *b)
{
	return strcmp(((const struct alias *)a)->value, ((const struct alias *)b)->value);
}

static int compare_pseudonyms(const void *a, const void *b)
{
	return strcmp(((const struct alias *)a)->pseudonym, ((const struct alias *)b)->pseudonym);
}

static const struct alias *find(const struct alias *key, void *const *tree,
				int (*compare)(const void *a, const void *b))
{
	void *const *node = tfind(key, tree, compare);

	return node ? *node : NULL;
}

const char *aliases_find(struct aliases *n, struct text value)
{
	auto_free char *copy = strndup(value.at, value.len);
	const struct alias key = { copy, NULL };
	const struct alias *name = copy ? find(&key, &n->by_value, compare_values) : NULL;

	return name ? name->pseudonym : NULL;
}

bool aliases_has_pseudonym(struct aliases *n, struct text t)
{
	auto_free char *copy = strndup(t.at, t.len);
	const struct alias key = { NULL, copy };

	return copy && find(&key, &n->by_pseudonym, compare_pseudonyms);
}

static void digest(const struct aliases *n, const char *value, char *ret_digits)
{
	static const char hex[] = "0123456789abcdef";
	uint8_t bytes[SHA256_DIGEST_SIZE];
	struct hmac_sha256_ctx hmac;

	hmac_sha256_set_key(&hmac, sizeof(n->salt), n->salt);
	hmac_sha256_update(&hmac, strlen(value), (const uint8_t *)value);
	hmac_sha256_digest(&hmac, sizeof(bytes), bytes);
	for (size_t i = 0; i < sizeof(bytes); i++) {
		ret_digits[2 * i] = hex[bytes[i] >> 4];
		ret_digits[2 * i + 1] = hex[bytes[i] & 15];
	}
}

/* The shortest that no other name has. */
static const char *new_pseudonym(struct aliases *n, const char *kind, const char *value)
{
	char digits[DIGITS_MAX];

	digest(n, value, digits);
	for (int k = DIGITS_MIN; k <= DIGITS_MAX; k++) {
		const char *pseudonym = arena_printf(&n->arena, "%s-%.*s", kind, k, digits);
		const struct alias key = { NULL, pseudonym };

		if (!pseudonym || !find(&key, &n->by_pseudonym, compare_pseudonyms))
			return pseudonym;
	}
	return NULL;
}

const char *aliases_of(struct aliases *n, const char *kind, struct text value)
{
	const char *known = aliases_find(n, value);
	struct alias *name;

	if (known)
		return known;
	name = arena_alloc(&n->arena, sizeof(*name));
	if (!name)
		return NULL;
	name->value = arena_strndup(&n->arena, value.at, value.len);
	if (!name->value)
		return NULL;
	name->pseudonym = new_pseudonym(n, kind, name->value);
	if (!name->pseudonym || !tsearch(name, &n->by_pseudonym, compare_pseudonyms) ||
	    !tsearch(name, &n->by_value, compare_values))
		return NULL;
	return name->pseudonym;
}

struct visit {
	void (*fn)(const struct alias *name, void *arg);
	void *arg;
};

static void visit_node(const void *node, VISIT which, void *closure)
{
	const struct visit *v = closure;

	if (which == postorder || which == leaf)
		v->fn(*(const struct alias *const *)node, v->arg);
}

void aliases_each(const struct aliases *n, void (*fn)(const struct alias *name, void *arg),
		  void *arg)
{
	struct visit v = { fn, arg };

	twalk_r(n->by_pseudonym, visit_node, &v);
}
