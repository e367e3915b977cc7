/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mutations of a document that leave it one: members go, items repeat, values become others. What
 * a fuzzer changes byte by byte is mostly no document any more and never comes to the rules.
 * https://llvm.org/docs/LibFuzzer.html, https://jansson.readthedocs.io/en/2.14/apiref.html
 */
#include <jansson.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base.h"

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);

#define MUTATIONS_MAX 24
#define COPIES_MAX    200

struct picker {
	uint64_t seed;
	size_t n_seen;
	json_t *container,
		*text; /* one of all containers, of all texts, each as likely as others */
	size_t n_texts;
};

/* Multiplicative congruence of Lehmer. */
static size_t random_below(struct picker *p, size_t limit)
{
	p->seed = p->seed * 48271 % 2147483647;
	return limit ? (size_t)(p->seed % limit) : 0;
}

static void see(struct picker *p, json_t *value)
{
	const char *key;
	json_t *child;
	size_t i;

	if (json_is_string(value) && random_below(p, ++p->n_texts) == 0)
		p->text = value;
	if (json_object_size(value) + json_array_size(value) && random_below(p, ++p->n_seen) == 0)
		p->container = value;
	json_object_foreach(value, key, child)
	{
		see(p, child);
	}
	json_array_foreach(value, i, child)
	{
		see(p, child);
	}
}

static json_t *other_number(struct picker *p, json_int_t v)
{
	const uint64_t near = (uint64_t)v, far = INT64_MAX;
	const uint64_t numbers[] = { 0,        1,        2,        3,       16,         1 << 20,
				     near - 1, near + 1, near * 2, far + 1, UINT32_MAX, far };

	return json_integer((json_int_t)numbers[random_below(p, ARRAY_SIZE(numbers))]);
}

static json_t *other_text(struct picker *p)
{
	static const char *const texts[] = {
		"",    "0", "1", "Y",       "N",     "on",      "off",
		"0-3", ",", "=", "windows", "linux", "a b'c\"", "9.0.0"
	};
	const size_t n = random_below(p, 2 * ARRAY_SIZE(texts));

	return n < ARRAY_SIZE(texts) ? json_string(texts[n]) : json_copy(p->text);
}

/* NULL, which puts nothing, where there is no other. */
static json_t *other_value(struct picker *p, const json_t *value)
{
	if (json_is_boolean(value))
		return json_boolean(!json_is_true(value));
	if (json_is_integer(value) && json_integer_value(value) < INT32_MAX)
		return other_number(p, json_integer_value(value));
	if (json_is_integer(value))
		return other_number(p, 0);
	return json_is_string(value) ? other_text(p) : NULL;
}

static void mutate_object(struct picker *p, json_t *object)
{
	size_t n = random_below(p, json_object_size(object));
	void *at = json_object_iter(object);
	json_t *other;

	while (n-- && at)
		at = json_object_iter_next(object, at);
	if (!at)
		return;
	other = random_below(p, 2) ? other_value(p, json_object_iter_value(at)) : NULL;
	if (other)
		json_object_iter_set_new(object, at, other);
	else
		json_object_del(object, json_object_iter_key(at));
}

static void mutate_array(struct picker *p, json_t *array)
{
	const size_t i = random_below(p, json_array_size(array));
	json_t *item = json_array_get(array, i);

	switch (random_below(p, 5)) {
	case 0:
		json_array_clear(array);
		break;
	case 1:
		json_array_remove(array, i);
		break;
	case 2:
		for (size_t n = random_below(p, COPIES_MAX); n; n--)
			json_array_append_new(array, json_deep_copy(item));
		break;
	case 3:
		json_array_insert_new(array, 0, json_deep_copy(item));
		break;
	default:
		if (!json_is_object(item) && !json_is_array(item))
			json_array_set_new(array, i, other_value(p, item));
	}
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
	struct picker p = { .seed = seed % 2147483646 + 1 };
	json_t *root = json_loadb((const char *)data, size, 0, NULL);
	size_t len;

	if (!root)
		return 0;
	for (size_t n = 1 + random_below(&p, MUTATIONS_MAX); n; n--) {
		p.n_seen = p.n_texts = 0;
		p.container = NULL;
		see(&p, root);
		if (json_is_object(p.container))
			mutate_object(&p, p.container);
		else if (p.container)
			mutate_array(&p, p.container);
	}
	len = json_dumpb(root, (char *)data, max_size, JSON_COMPACT);
	json_decref(root);
	return len <= max_size ? len : 0;
}
