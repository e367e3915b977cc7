/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pseudonyms: the same for the same name, another for another, and nothing to be guessed from. */
#include <string.h>

#include "report/redact_aliases.h"
#include "tests/lib/check.h"

static const uint8_t salt[ALIASES_SALT_SIZE] = "always the same";
static const uint8_t other_salt[ALIASES_SALT_SIZE] = "never the same";

static void test_digits(void **state)
{
	struct aliases a, b;
	const char *first;

	(void)state;
	aliases_init(&a, salt);
	aliases_init(&b, other_salt);
	first = aliases_of(&a, "guest", text_of("win10"));
	/* hmac.new(salt, b"win10", "sha256") of Python */
	assert_string_equal(first, "guest-3f54");
	/* The same one, whatever it is called the second time. */
	assert_ptr_equal(aliases_of(&a, "disk", text_of("win10")), first);
	assert_ptr_equal(aliases_find(&a, text_make("win10.qcow2", 5)), first);
	assert_null(aliases_find(&a, text_of("win1")));
	assert_true(aliases_has_pseudonym(&a, text_of(first)));
	assert_false(aliases_has_pseudonym(&a, text_of("win10")));
	assert_string_not_equal(aliases_of(&b, "guest", text_of("win10")), first);
	aliases_release(&a);
	aliases_release(&b);
}

struct walk {
	size_t n, n_longer;
	char last[80];
};

static void check_alias(const struct alias *alias, void *arg)
{
	struct walk *w = arg;

	assert_true(strcmp(alias->pseudonym, w->last) > 0);
	snprintf(w->last, sizeof(w->last), "%s", alias->pseudonym);
	w->n++;
	w->n_longer += strlen(alias->pseudonym) > strlen("name-0000");
}

/* So many that four digits cannot do: none is given twice. */
static void test_collisions(void **state)
{
	enum { N = 3000 };
	struct walk w = { 0 };
	struct aliases a;

	(void)state;
	aliases_init(&a, salt);
	for (int i = 0; i < N; i++) {
		char name[32];

		snprintf(name, sizeof(name), "host%d", i);
		assert_non_null(aliases_of(&a, "name", text_of(name)));
	}
	aliases_each(&a, check_alias, &w);
	assert_int_equal(w.n, N);
	assert_true(w.n_longer > 0 && w.n_longer < N / 10);
	aliases_release(&a);
}

static void test_no_memory(void **state)
{
	struct aliases a;

	(void)state;
	aliases_init(&a, salt);
	a.arena.max = 1;
	assert_null(aliases_of(&a, "name", text_of("win10")));
	assert_null(aliases_find(&a, text_of("win10")));
	aliases_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_digits),
		cmocka_unit_test(test_collisions),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
