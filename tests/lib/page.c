/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/page.h"

#include <string.h>

#include "core/program.h"
#include "core/text.h"
#include "report/report.h"
#include "tests/lib/check.h"

enum { PAGE_MAX = 1 << 20 };

char *page_of(struct host *h, const struct findings *f)
{
	char *page = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&page, &size);

	assert_non_null(out);
	assert_int_equal(report_html(out, h, f), 0);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(strlen(page), size);
	return page;
}

char *page_judged(struct host *h)
{
	struct findings f;

	assert_int_equal(engine_run(h, &f), 0);
	return page_of(h, &f);
}

char *page_sample(const struct sample *s)
{
	struct host *h = sample_host(s);
	char *page = page_judged(h);

	host_free(h);
	return page;
}

/* Into the folder VFIOBENCH_PAGES, to be looked at. */
void page_keep(const char *page, const char *name)
{
	const char *folder = getenv("VFIOBENCH_PAGES");
	auto_free char *path = NULL;
	FILE *file;

	if (!folder)
		return;
	assert_true(asprintf(&path, "%s/%s.html", folder, name) > 0);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(page, file);
	fclose(file);
}

void page_has(const char *page, const char *piece)
{
	if (!strstr(page, piece))
		fail_msg("the page does not hold: %s", piece);
}

void page_has_not(const char *page, const char *piece)
{
	const char *at = strstr(page, piece);

	if (at)
		fail_msg("the page holds: %.80s", at);
}

size_t page_count(const char *page, const char *piece)
{
	size_t n = 0;

	for (const char *at = page; (at = strstr(at, piece)); at += strlen(piece))
		n++;
	return n;
}

static void check_headings(const char *page)
{
	char last = '0';

	for (const char *at = page; (at = strstr(at, "<h")); at++) {
		if (at[2] < '1' || at[2] > '6')
			continue;
		if (at[2] > last + 1)
			fail_msg("heading after h%c: %.60s", last, at);
		last = at[2];
	}
	assert_int_equal(page_count(page, "<h1"), 1);
}

static void check_ids(const char *page)
{
	static const char mark[] = " id=\"";

	for (const char *at = page; (at = strstr(at, mark)); at++) {
		auto_free char *id =
			strndup(at, strcspn(at + strlen(mark), "\"") + strlen(mark) + 1);

		assert_non_null(id);
		if (strstr(at + 1, id))
			fail_msg("twice:%s", id);
	}
	/* What is pointed at is there. */
	for (const char *at = page; (at = strstr(at, "href=\"#")); at++) {
		auto_free char *id = NULL;
		const char *name = at + strlen("href=\"#");

		assert_true(asprintf(&id, " id=\"%.*s\"", (int)strcspn(name, "\""), name) > 0);
		page_has(page, id);
	}
}

/* One tag, from after its '<': its names, without the values in quotes. */
static char *bare_tag(const char *tag)
{
	char *bare = malloc(strlen(tag) + 1);
	size_t n = 0;
	char quote = 0;

	assert_non_null(bare);
	for (; *tag && (quote || *tag != '>'); tag++) {
		if (quote)
			quote = *tag == quote ? 0 : quote;
		else if (*tag == '"' || *tag == '\'')
			quote = *tag;
		else
			bare[n++] = *tag;
	}
	assert_int_equal(*tag, '>');
	bare[n] = '\0';
	return bare;
}

static void check_tags(const char *page)
{
	static const char *const elements[] = { "script", "link",  "iframe",  "object",
						"embed",  "img",   "base",    "form",
						"image",  "input", "foreign", "!--" };
	static const char *const attributes[] = { " on", " src", " style=", " xlink", " action" };

	for (const char *at = page; (at = strchr(at, '<')); at++) {
		auto_free char *bare = bare_tag(at + 1);

		for (size_t i = 0; i < ARRAY_SIZE(elements); i++) {
			if (!strncmp(bare, elements[i], strlen(elements[i])))
				fail_msg("an element: %s", bare);
		}
		for (size_t i = 0; i < ARRAY_SIZE(attributes); i++) {
			if (strstr(bare, attributes[i]))
				fail_msg("an attribute: %s", bare);
		}
	}
}

/* Nothing that runs, nothing that is fetched. */
static void check_safe(const char *page)
{
	check_tags(page);
	page_has_not(page, "@import");
	assert_int_equal(page_count(page,
				    "http-equiv=\"Content-Security-Policy\" content=\"default-src "
				    "'none'; style-src 'unsafe-inline'; img-src data:; base-uri "
				    "'none'; form-action 'none'\""),
			 1);
	for (const char *at = page; (at = strstr(at, "url(")); at++)
		assert_int_equal(at[4], '#');
	for (const char *at = page; (at = strstr(at, "href=\"")); at++) {
		if (at[6] != '#' && strncmp(at + 6, "https://", 8))
			fail_msg("an address: %.60s", at);
	}
}

static void check_text(const char *page)
{
	auto_free char *clean = NULL;
	struct text rest = text_of(page), line;

	clean = malloc(strlen(page) + 1);
	assert_non_null(clean);
	while (text_next_line(&rest, &line)) {
		struct text pieces = line, piece;

		while (text_next_piece(&pieces, '\t', &piece)) {
			text_clean(piece, clean, piece.len + 1);
			if (!text_equal(piece, clean))
				fail_msg("control bytes or no UTF-8: %s", clean);
		}
	}
}

/*
 * libxml2 knows HTML 4: of its complaints only those about newer elements are to be expected. As
 * one piece (--memory): reading by pieces it loses its place in long attributes.
 */
static void check_parses(const char *page)
{
	const char *const argv[] = {
		"/usr/bin/xmllint", "--html", "--memory", "--noout", NULL, NULL
	};
	const char *args[ARRAY_SIZE(argv)];
	struct program p = { .argv = args, .limit_ns = 20 * NS_PER_S };
	char path[] = "/tmp/test-html.XXXXXX";
	const int fd = mkstemp(path);
	struct text rest, line;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, page, strlen(page)), strlen(page));
	close(fd);
	memcpy(args, argv, sizeof(args));
	args[4] = path;
	if (access(argv[0], X_OK) < 0) {
		print_message("no xmllint: not parsed\n");
		unlink(path);
		return;
	}
	assert_int_equal(program_start(&p, timebase_monotonic()), 0);
	assert_int_equal(programs_wait(&p, 1, timebase_monotonic(), -1), 0);
	unlink(path);
	assert_int_equal(p.end, PROGRAM_EXITED);
	rest = text_make(p.err, p.n_err);
	while (text_next_line(&rest, &line)) {
		/* What it says is kept up to a limit, which may cut the last line. */
		if (rest.len == 0 && p.err[p.n_err - 1] != '\n')
			break;
		if (text_find(line, " error : ") &&
		    !(text_find(line, "Tag ") && text_ends(line, " invalid")))
			fail_msg("%.*s", (int)line.len, line.at);
	}
	program_release(&p);
}

void page_check(const char *page)
{
	assert_true(text_starts(text_of(page), "<!doctype html>\n<html lang=\"en\">"));
	assert_true(text_ends(text_of(page), "</html>\n"));
	if (strlen(page) >= PAGE_MAX)
		fail_msg("%zu bytes", strlen(page));
	check_headings(page);
	check_ids(page);
	check_safe(page);
	check_text(page);
	check_parses(page);
}
