/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a schema says of XML, with a small schema of our own. */
/* TEST_SOURCES: probes/domain_schema.c tests/lib/tree.c */
#include <string.h>

#include "probes/domain_schema.h"
#include "tests/lib/check.h"
#include "tests/lib/tree.h"

static const char schema[] =
	"<grammar xmlns='http://relaxng.org/ns/structure/1.0'><start><element name='domain'>"
	"<interleave><element name='name'><text/></element>"
	"<optional><element name='cpu'><optional><element name='cache'><attribute name='mode'>"
	"<choice><value>emulate</value><value>passthrough</value></choice></attribute></element>"
	"</optional></element></optional></interleave></element></start></grammar>";

struct asked {
	struct arena arena;
	struct domain_facts facts;
};

static void ask(struct asked *asked, const struct tree *tree, const char *xml)
{
	auto_free char *path = NULL;

	memset(asked, 0, sizeof(*asked));
	assert_true(asprintf(&path, "%s/tree/domain.rng", tree->top) > 0);
	assert_int_equal(domain_schema_check(text_of(xml), path, &asked->arena, &asked->facts), 0);
}

static void test_verdicts(void **state)
{
	static const struct {
		const char *xml, *error; /* NULL: valid */
		uint64_t line;
	} cases[] = {
		{ "<domain><name>x</name></domain>", NULL, 0 },
		{ "\n\n<domain><name>x</name><cpu><cache mode='emulate'/></cpu></domain>", NULL,
		  0 },
		{ "<domain>\n<name>x</name>\n<new/></domain>", "new", 3 },
		{ "<domain>\n<cpu>\n<cache mode='odd'/></cpu><name/></domain>", "cpu", 2 },
		{ "\n\n<domain>\n<cpu>\n<cache mode='odd'/></cpu><name/></domain>", "cpu", 4 },
		{ "<domain/>", "name", 1 },
	};
	const struct tree *tree = *state;

	tree_file(tree, "domain.rng", schema);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct asked asked;
		const struct domain_facts *f = &asked.facts;

		ask(&asked, tree, cases[i].xml);
		assert_true(f->is_schema_valid.known);
		assert_int_equal(f->is_schema_valid.v, !cases[i].error);
		assert_int_equal(f->schema_error.known, cases[i].error != NULL);
		if (cases[i].error && (!strstr(f->schema_error.v, cases[i].error) ||
				       f->schema_error_line.v != cases[i].line))
			fail_msg("%s: line %llu: %s", cases[i].xml,
				 (unsigned long long)f->schema_error_line.v, f->schema_error.v);
		arena_release(&asked.arena);
	}
}

static void check_not_asked(const struct tree *tree, const char *xml)
{
	struct asked asked;

	ask(&asked, tree, xml);
	assert_false(asked.facts.is_schema_valid.known || asked.facts.schema_error.known ||
		     asked.facts.schema_error_line.known);
	arena_release(&asked.arena);
}

static void test_not_asked(void **state)
{
	const struct tree *tree = *state;
	auto_free char *big = malloc(DOMAIN_SCHEMA_TEXT_MAX + 20);

	assert_non_null(big);
	tree_dir(tree, "x");
	check_not_asked(tree, "<domain><name/></domain>"); /* there is no schema */
	tree_file(tree, "domain.rng", "<grammar>");
	check_not_asked(tree, "<domain><name/></domain>"); /* a broken one */
	tree_file(tree, "domain.rng", schema);
	check_not_asked(tree, "<domstatus><domain><name/></domain></domstatus>");
	check_not_asked(tree, "<domain><name></domain>");
	check_not_asked(tree, "");
	memset(big, ' ', DOMAIN_SCHEMA_TEXT_MAX + 20);
	memcpy(big, "<domain><name>", 14);
	memcpy(big + DOMAIN_SCHEMA_TEXT_MAX + 2, "</name></domain>", 17);
	check_not_asked(tree, big);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_verdicts, tree_setup, tree_teardown),
		cmocka_unit_test_setup_teardown(test_not_asked, tree_setup, tree_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
