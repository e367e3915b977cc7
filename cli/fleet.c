/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/fleet.h"

#include <string.h>

#include "analyze/fleet.h"
#include "cli/fleet_files.h"
#include "cli/fleet_read.h"
#include "cli/judge.h"
#include "core/say.h"
#include "report/text_fleet.h"

/* What is read before the fleet takes it in; a file of 10 MiB leaves at most 64 MiB. */
enum { BATCH = 32, MESSAGES_MAX = 20 };

static int take(struct fleet *f, const struct fleet_file *file, struct fleet_read *read)
{
	auto_free char *why = NULL;
	const char *twin = NULL;
	int r = read->result;

	if (r < 0)
		return fleet_leave_out(f, file->name, read->why ? read->why : strerror(-r));
	r = fleet_add(f, file->host, file->name, &read->session, &twin);
	if (r == -EEXIST && asprintf(&why, "the same result as %s", twin) < 0)
		why = NULL;
	return r < 0 ? fleet_leave_out(f, file->name, why ? why : strerror(-r)) : 0;
}

static int read_batch(struct fleet *f, const struct fleet_file *files, size_t n)
{
	struct fleet_read reads[BATCH] = { 0 };
	int r = 0;

	for (size_t i = 0; i < n; i++)
		reads[i].path = files[i].path;
	fleet_read_all(reads, n);
	for (size_t i = 0; i < n; i++) {
		if (r == 0)
			r = take(f, &files[i], &reads[i]);
		fleet_read_release(&reads[i]);
	}
	return r;
}

static int read_files(struct fleet *f, const struct fleet_files *files)
{
	auto_free char *note = NULL;
	int r = 0;

	for (size_t i = 0; r == 0 && i < files->n; i += BATCH)
		r = read_batch(f, &files->v[i], u64_min(BATCH, files->n - i));
	for (size_t i = 0; r == 0 && i < files->n_empty; i++)
		r = fleet_leave_out(f, files->empty[i], "a folder without a result (*.json)");
	if (r < 0 || !files->n_more)
		return r;
	if (asprintf(&note, "%zu files are not in it: the first %d by name are, more are not read",
		     files->n_more, FLEET_FILES_MAX) < 0) {
		note = NULL;
		return -ENOMEM;
	}
	return fleet_note(f, note);
}

static int say_nothing_read(const char *folder, const struct fleet_facts *facts)
{
	const struct fleet_left_out *l = facts->left_out.v;
	const size_t n = u64_min(facts->left_out.n, MESSAGES_MAX);

	for (size_t i = 0; i < n; i++)
		say_error("%s/%s: %s", folder, l[i].name.v, l[i].reason.v);
	if (facts->left_out.n == 0)
		say_error("%s: no result in it: expected HOST.json or HOST/result.json", folder);
	else
		say_error("%s: none of %zu results can be used", folder, facts->left_out.n);
	return EXIT_CANNOT;
}

static int print_json(const struct fleet_facts *facts)
{
	auto_doc struct doc *d = NULL;
	int r = fleet_encode(facts, &d);

	if (r == 0)
		return verb_print_json(d);
	say_error("%s", strerror(-r));
	return EXIT_CANNOT;
}

int fleet_run(const char *folder, const struct common *common, bool is_full)
{
	auto_fleet_files struct fleet_files files = { 0 };
	auto_fleet struct fleet *f = fleet_new();
	const struct text_style style = { .has_colour = common->has_colour,
					  .width = terminal_width(),
					  .is_full = is_full };
	struct fleet_facts facts;
	int r = f ? fleet_files_list(folder, &files) : -ENOMEM;

	if (r < 0) {
		say_error("%s: %s", folder,
			  r == -E2BIG ? "more than 100000 entries: not a folder of results"
				      : strerror(-r));
		return EXIT_CANNOT;
	}
	r = read_files(f, &files);
	if (r == 0)
		r = fleet_judge(f, &facts);
	if (r == 0 && facts.n_results.v == 0)
		return say_nothing_read(folder, &facts);
	if (r == 0 && common->is_json)
		return print_json(&facts);
	if (r == 0)
		r = report_fleet_text(stdout, &facts, &style);
	if (r < 0)
		say_error("%s: %s", folder, strerror(-r));
	return r < 0 ? EXIT_CANNOT : EXIT_DONE;
}
