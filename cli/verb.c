/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/verb.h"

#include <string.h>
#include <sys/stat.h>

#include "analyze/budget.h"
#include "analyze/host.h"
#include "cli/input.h"
#include "core/say.h"
#include "core/text.h"
#include "report/words.h"

/* A result of a week's soak on a large host is some MB; more is not a result. */
#define RESULT_MAX (128u << 20)

enum { OPT_JSON = 0x1000, OPT_COLOR };

enum colour_choice { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER };

struct parse_state {
	const struct verb_spec *spec;
	struct common *common;
	enum colour_choice colour;
};

/* clang-format off */
static const struct argp_option common_options[] = {
	{ "json", OPT_JSON, NULL, 0, "Print the document instead of text", 100 },
	{ "quiet", 'q', NULL, 0, "No progress, no notes", 100 },
	{ "color", OPT_COLOR, "WHEN", 0, "auto, always or never", 100 },
	{ 0 }
};
/* clang-format on */

static void choose_colour(struct parse_state *p, struct argp_state *state, const char *arg)
{
	static const char *const names[] = { "auto", "always", "never" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (!strcmp(arg, names[i])) {
			p->colour = (enum colour_choice)i;
			return;
		}
	}
	verb_usage(state, "--color=%s: expected auto, always or never", arg);
}

static error_t parse_common(int key, char *arg, struct argp_state *state)
{
	struct parse_state *p = state->input;

	switch (key) {
	case OPT_JSON:
		p->common->is_json = true;
		return 0;
	case 'q':
		p->common->is_quiet = true;
		return 0;
	case OPT_COLOR:
		choose_colour(p, state, arg);
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = p->spec->own;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* https://no-color.org: NO_COLOR counts when it is not empty. */
static bool wants_colour(enum colour_choice choice)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	if (choice != COLOUR_AUTO)
		return choice == COLOUR_ALWAYS;
	return isatty(STDOUT_FILENO) && !(no_color && *no_color) && term && strcmp(term, "dumb");
}

void verb_parse(const struct verb_spec *spec, int argc, char **argv, struct common *ret_common)
{
	const struct argp own = { .options = spec->options,
				  .parser = spec->parse,
				  .args_doc = spec->args_doc,
				  .doc = spec->doc };
	const struct argp_child children[] = { { &own, 0, NULL, 0 }, { 0 } };
	const struct argp all = { .options = common_options,
				  .parser = parse_common,
				  .children = children };
	struct parse_state p = { spec, ret_common, COLOUR_AUTO };
	auto_free char *program = NULL;
	char *first = argv[0];

	*ret_common = (struct common){ 0 };
	argp_err_exit_status = EXIT_CANNOT;
	/* argp names the program by argv[0] in usage lines. */
	if (asprintf(&program, "vfiobench %s", spec->name) >= 0)
		argv[0] = program;
	argp_parse(&all, argc, argv, 0, NULL, &p);
	argv[0] = first;
	ret_common->has_colour = wants_colour(p.colour);
	say_setup("vfiobench", ret_common->is_quiet);
}

void verb_usage(const struct argp_state *state, const char *fmt, ...)
{
	enum { WIDTH = 80 };
	auto_free char *message = NULL, *line = NULL, *wrapped = NULL;
	size_t size = 0;
	FILE *out;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&message, fmt, ap) < 0)
		message = NULL;
	va_end(ap);
	/* argp puts its name in front of the first line. */
	if (!message || asprintf(&line, "%s: %s", state->name, message) < 0)
		line = NULL;
	out = line ? open_memstream(&wrapped, &size) : NULL;
	if (out) {
		print_wrapped(out, "", WIDTH, line);
		if (fclose(out) == EOF || size <= strlen(state->name) + 2)
			wrapped = NULL;
	}
	if (wrapped)
		wrapped[size - 1] = '\0';
	argp_error(state, "%s",
		   wrapped   ? wrapped + strlen(state->name) + 2
		   : message ? message
			     : fmt);
}

bool verb_parse_result(int key, char *arg, struct argp_state *state, const char **ret_name)
{
	if (key == ARGP_KEY_NO_ARGS)
		verb_usage(state, "a RESULT is expected: a result.json, its directory, or -");
	if (key != ARGP_KEY_ARG)
		return key == ARGP_KEY_NO_ARGS;
	if (*ret_name)
		verb_usage(state, "one RESULT is expected, '%s' is a second", arg);
	*ret_name = arg;
	return true;
}

static int read_stream(FILE *f, char **ret_text, size_t *ret_len)
{
	auto_free char *text = NULL;
	size_t size = 0, len = 0;

	for (;;) {
		size_t n;

		if (len == size) {
			char *bigger;

			size = size ? 2 * size : 65536;
			if (size > RESULT_MAX)
				return -EFBIG;
			bigger = realloc(text, size);
			if (!bigger)
				return -ENOMEM;
			text = bigger;
		}
		n = fread(text + len, 1, size - len, f);
		len += n;
		if (n == 0)
			break;
	}
	if (ferror(f))
		return neg_errno();
	*ret_text = text;
	*ret_len = len;
	text = NULL;
	return 0;
}

static int read_named(const char *name, char **ret_text, size_t *ret_len, char **ret_path)
{
	struct stat st;
	FILE *f;
	int r;

	if (!strcmp(name, "-")) {
		*ret_path = strdup("standard input");
		return *ret_path ? read_stream(stdin, ret_text, ret_len) : -ENOMEM;
	}
	if (stat(name, &st) == 0 && S_ISDIR(st.st_mode)) {
		if (asprintf(ret_path, "%s/result.json", name) < 0)
			*ret_path = NULL;
	} else {
		*ret_path = strdup(name);
	}
	if (!*ret_path)
		return -ENOMEM;
	r = input_file(*ret_path, &f);
	if (r < 0)
		return r;
	r = read_stream(f, ret_text, ret_len);
	fclose(f);
	return r;
}

struct document_file {
	char *path, *text;
	size_t len;
};

static void document_file_release(struct document_file *f)
{
	free(f->path);
	free(f->text);
}

static int read_document(const char *name, struct document_file *ret_file)
{
	int r = read_named(name, &ret_file->text, &ret_file->len, &ret_file->path);

	if (r < 0)
		say_error("%s: %s", ret_file->path ? ret_file->path : name,
			  r == -EINVAL  ? "not a file: expected a result.json or its directory"
			  : r == -EFBIG ? "larger than any result (128 MiB)"
					: strerror(-r));
	return r;
}

/* Budgets stand in a file that is easily given for a baseline. */
static bool is_budgets(const struct document_file *f)
{
	auto_arena struct arena a = { .max = MIB };
	struct budgets budgets;
	const char *why;

	return text_ends(text_of(f->path), ".budget") ||
	       (f->len && budgets_parse(text_make(f->text, f->len), "", &a, &budgets, &why) == 0);
}

/* The parser tells so in several ways. */
static bool is_cut(const struct doc_error *e)
{
	return strstr(e->message, "end of input") || strstr(e->message, "end of file");
}

static void say_no_document(const struct document_file *f, const char *what,
			    const struct doc_error *e)
{
	const char *next = strcmp(what, "baseline") ? ""
						    : ": restore it, from version control say, or "
						      "remove it";

	if (is_budgets(f))
		say_error("%s: not a %s: it holds budgets: --budget=%s", f->path, what, f->path);
	else if (!f->len)
		say_error("%s: not a %s: it is empty%s", f->path, what, next);
	else if (is_cut(e))
		say_error("%s: not a %s: cut short (line %u)%s", f->path, what, e->line, next);
	else
		say_error("%s:%u:%u: not a %s: %s%s", f->path, e->line, e->column, what, e->message,
			  next);
}

static int parse_document(struct document_file *f, const char *what, struct doc **ret_doc,
			  char **ret_path)
{
	struct doc_error error;
	int r = doc_parse(f->text, f->len, ret_doc, &error);

	if (r < 0) {
		say_no_document(f, what, &error);
		return r;
	}
	*ret_path = f->path;
	f->path = NULL;
	return 0;
}

int verb_read(const char *name, struct doc **ret_doc, char **ret_path)
{
	auto_cleanup(document_file_release) struct document_file f = { 0 };
	int r = read_document(name, &f);

	return r < 0 ? r : parse_document(&f, "result", ret_doc, ret_path);
}

int verb_read_baseline(const char *name, struct doc **ret_doc, char **ret_path)
{
	auto_cleanup(document_file_release) struct document_file f = { 0 };
	int r = read_document(name, &f);

	return r < 0 ? r : parse_document(&f, "baseline", ret_doc, ret_path);
}

int verb_load(const char *name, struct doc **ret_result, struct host **ret_host)
{
	auto_free char *path = NULL;
	auto_free char *why = NULL;
	auto_doc struct doc *d = NULL;
	int r = verb_read(name, &d, &path);

	if (r < 0)
		return r;
	r = host_new(d, ret_host, &why);
	if (r < 0) {
		say_error("%s: %s", path, why ? why : strerror(-r));
		return r;
	}
	*ret_result = doc_ref(d);
	return 0;
}

int verb_print_json(const struct doc *d)
{
	auto_free char *text = doc_print(d, true);

	if (!text || fputs(text, stdout) == EOF) {
		say_error("standard output: %s", strerror(text ? errno : ENOMEM));
		return EXIT_CANNOT;
	}
	return EXIT_DONE;
}
