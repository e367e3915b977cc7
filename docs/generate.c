/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vfiobench-docs: what is made from the tables of the source. Not installed.
 *
 *	vfiobench-docs result-format <docs/result-format.in.md >docs/result-format.md
 *	vfiobench-docs guide-map <docs/guide-map.in.md >docs/guide-map.md
 *	vfiobench-docs unseen <docs/what-it-cannot-see.in.md >docs/what-it-cannot-see.md
 *	vfiobench-docs schema NAME >NAME.schema.json
 *	vfiobench-docs ids
 *
 * In the text on stdin a line "@members@" stands for the members of a result, "@probes@" for the
 * data of all probes, "@comparison@", "@baseline@", "@calibration@" and "@fleet@" for these
 * documents, "@guide@" for the catalogue by the headings of the guide, "@beyond@" for the rows that
 * the guide does not have, "@unseen@" for those that no rule judges. Schemas: docs/schemas.h. "ids"
 * are the rows of the catalogue, for completions.
 */
#include <string.h>

#include "analyze/catalogue.h"
#include "analyze/host.h"
#include "docs/guide_map.h"
#include "docs/schemas.h"
#include "facts/calibration.h"
#include "facts/comparison.h"
#include "facts/describe.h"
#include "facts/fleet.h"
#include "facts/record.h"
#include "probes/probe.h"

static void print_members(void)
{
	const struct schema *s;

	for (size_t i = 0; (s = host_member_schema(i)); i++)
		describe_markdown(stdout, s, s->name, 3);
}

static void print_probes(void)
{
	for (size_t i = 0; i < n_probes; i++)
		describe_markdown(stdout, probe_table[i].schema, probe_table[i].name, 3);
}

static void print_comparison(void)
{
	describe_markdown(stdout, &comparison_schema, "comparison", 3);
}

static void print_baseline(void)
{
	describe_markdown(stdout, &baseline_schema, "baseline", 3);
}

static void print_calibration(void)
{
	describe_markdown(stdout, &calibration_schema, "calibration", 3);
}

static void print_fleet(void)
{
	describe_markdown(stdout, &fleet_schema, "fleet", 3);
}

static int print_page(void)
{
	static const struct {
		const char *line;
		void (*print)(void);
	} parts[] = {
		{ "@members@\n", print_members },         { "@probes@\n", print_probes },
		{ "@comparison@\n", print_comparison },   { "@baseline@\n", print_baseline },
		{ "@calibration@\n", print_calibration }, { "@fleet@\n", print_fleet },
		{ "@guide@\n", guide_map_print },         { "@beyond@\n", guide_map_print_beyond },
		{ "@unseen@\n", guide_map_print_unseen },
	};
	auto_free char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, stdin) >= 0) {
		size_t i = 0;

		while (i < ARRAY_SIZE(parts) && strcmp(line, parts[i].line) != 0)
			i++;
		if (i < ARRAY_SIZE(parts))
			parts[i].print();
		else
			fputs(line, stdout);
	}
	return ferror(stdin) ? -EIO : 0;
}

static const char usage[] =
	"usage: vfiobench-docs PAGE <TEMPLATE, PAGE one of result-format guide-map unseen\n"
	"       vfiobench-docs schema NAME\n"
	"       vfiobench-docs ids\n";

static int print_id(void *arg, const struct tweak *t)
{
	(void)arg;
	puts(t->id);
	return 0;
}

static int print(int argc, char **argv)
{
	static const char *const templates[] = { "result-format", "guide-map", "unseen" };

	if (argc == 3 && !strcmp(argv[1], "schema"))
		return schema_page_print(stdout, argv[2]);
	if (argc == 2 && !strcmp(argv[1], "ids"))
		return tweak_each(print_id, NULL);
	if (argc == 2 && !strcmp(argv[1], "--help"))
		return fputs(usage, stdout) == EOF ? -EIO : 0;
	for (size_t i = 0; argc == 2 && i < ARRAY_SIZE(templates); i++) {
		if (!strcmp(argv[1], templates[i]))
			return print_page();
	}
	return -ENOENT;
}

int main(int argc, char **argv)
{
	const int r = print(argc, argv);

	if (r == -ENOENT) {
		fputs(usage, stderr);
		return 2;
	}
	if (r < 0 || fflush(stdout) == EOF || ferror(stdout)) {
		fputs("vfiobench-docs: the page cannot be written\n", stderr);
		return 2;
	}
	return 0;
}
