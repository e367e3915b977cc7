/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * verb.h - what a verb of the program is, and the options all verbs share.
 *
 * Adding a verb: one file cli/NAME.c with verb_NAME(), one prototype here, one row in main.c.
 * A verb reads its own options with argp; verb_parse() adds the common ones. Manual page and
 * completions are made from its --help (docs/options.awk): the words that an option takes stand in
 * it as "quick (23 s), standard or soak", alone or beside a colon; "FILE", "DIR" and "RESULT" are
 * completed as what they are; "save|list|rm" as argument are actions with an own --help. What the
 * page says beyond --help is docs/man/vfiobench-NAME.1.in.
 */
#ifndef CLI_VERB_H
#define CLI_VERB_H

#include <argp.h>

#include "core/base.h"
#include "core/doc.h"

enum { /* exit status; 128 + n after signal n */
       EXIT_DONE = 0,
       EXIT_FINDINGS = 1,
       EXIT_CANNOT = 2,
       EXIT_INCONCLUSIVE = 3
};

struct common { /* options of every verb */
	bool is_json, is_quiet;
	bool has_colour; /* decided from --color, NO_COLOR, TERM and whether stdout is a tty */
};

struct verb {
	const char *name;
	const char *synopsis; /* "RESULT [--json]" */
	const char *about;    /* one line, for `vfiobench --help` */
	int (*run)(int argc,
		   char **argv); /* argv[0] is the name of the verb; returns the exit status */
};

int verb_run(int argc, char **argv);
int verb_audit(int argc, char **argv);
int verb_analyze(int argc, char **argv);
int verb_report(int argc, char **argv);
int verb_probes(int argc, char **argv);
int verb_tweaks(int argc, char **argv);
int verb_watch(int argc, char **argv);
int verb_plan(int argc, char **argv);
int verb_ab(int argc, char **argv);
int verb_calibrate(int argc, char **argv);
int verb_blame(int argc, char **argv);
int verb_compare(int argc, char **argv);
int verb_baseline(int argc, char **argv);
int verb_check(int argc, char **argv);
int verb_capture(int argc, char **argv);

struct verb_spec { /* what verb_parse() needs to know of a verb */
	const char *name, *args_doc, *doc;
	const struct argp_option *options; /* ends with { 0 }; may be NULL */
	/* Own options and arguments, as an argp parser; state->input is own. */
	error_t (*parse)(int key, char *arg, struct argp_state *state);
	void *own;
};

/* Parses, or prints help or a usage error and leaves: 0 after --help, EXIT_CANNOT on an error. */
void verb_parse(const struct verb_spec *spec, int argc, char **argv, struct common *ret_common);

/*
 * RESULT as the user named it: a file, a directory with result.json in it, or "-". 0, or a negative
 * errno after one line on stderr.
 */
struct host;
int verb_load(const char *name, struct doc **ret_result, struct host **ret_host) MUST_CHECK;
/* The same before it is known what document it is. Caller frees the path, for messages. */
int verb_read(const char *name, struct doc **ret_doc, char **ret_path) MUST_CHECK;
/* The same of what the user called a baseline: what is damaged is told as such, with what to do. */
int verb_read_baseline(const char *name, struct doc **ret_doc, char **ret_path) MUST_CHECK;
/* argp_error(3), broken at blanks to 80 columns. */
void verb_usage(const struct argp_state *state, const char *fmt, ...) FORMAT_PRINTF(2, 3);
/*
 * The one RESULT argument of a verb: true when the key was one of an argument's and is dealt with
 * (a second or a missing one is a usage error).
 */
bool verb_parse_result(int key, char *arg, struct argp_state *state, const char **ret_name);
/* A document on stdout: 0 or EXIT_CANNOT after one line on stderr. */
int verb_print_json(const struct doc *d);

#endif
