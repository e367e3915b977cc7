/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * store.h - baselines on disk: where they lie, and that none is ever lost.
 *
 * A baseline is named by a FILE, which is anything with a "/" in it or ".json" at its end, or by a
 * NAME: then it is NAME.json in the folder of this user,
 *
 *	$XDG_STATE_HOME/vfiobench/baselines      where that is set to an absolute path
 *	/var/lib/vfiobench/baselines             of root, so that sudo and a service have the same
 *	~/.local/state/vfiobench/baselines       of anybody else ("XDG Base Directory
 *Specification")
 *
 * One that is only read is looked for in /var/lib/vfiobench/baselines too.
 *
 * Files are written whole or not at all, and only over baselines that could be read: what is half
 * written, of a newer version or something else altogether stays as it is.
 */
#ifndef CLI_STORE_H
#define CLI_STORE_H

#include "analyze/record.h"
#include "core/arena.h"

enum store_use { STORE_READ, STORE_WRITE };

/*
 * The path of a baseline, whether it is there or not. Caller frees. To write, the folder of names
 * is made. 0, or -errno after one line on stderr.
 */
int store_path(const char *name, enum store_use use, char **ret_path) MUST_CHECK;
/* Where NAME is taken for a name although something is called so here: how to name that. */
void store_hint(const char *name);
/* One line: there is no baseline of that name at that path, and how to make one. */
void store_say_missing(const char *name, const char *path);
/* 0; -ENOENT without a word: there is no such file; else -errno after one line on stderr. */
int store_load(const char *path, struct arena *a, struct baseline_facts *ret_baseline) MUST_CHECK;
/* What a user may call a baseline: letters, digits, ".", "_", "-"; at most 64, no "." in front. */
bool store_is_name(const char *name);
/* The name in a path: "main" of "ci/main.json". In a; NULL: no memory. */
const char *store_name_of(const char *path, struct arena *a);

struct store_update {
	/*
	 * Changes *b, of which nothing is known if there was no file. 0: to be saved; -EALREADY:
	 * nothing to do; else -errno. It says why itself.
	 */
	int (*change)(void *arg, struct baseline_facts *b, struct arena *a);
	void *arg;
};
/*
 * Reads, changes and writes it while nobody else does: waits at most STORE_WAIT_S for another. What
 * is no baseline of ours is neither changed nor overwritten. 0; -EALREADY; else -errno after one
 * line on stderr, and the file is as it was.
 */
enum { STORE_WAIT_S = 10 };
int store_update(const char *path, const struct store_update *update, struct arena *a) MUST_CHECK;
/*
 * Whether a file can be made or replaced there, to be known before minutes are spent on measuring.
 * 0, or -errno after one line on stderr.
 */
int store_may_write(const char *path) MUST_CHECK;
/* Takes away a file that is a baseline of ours. 0, or -errno after one line on stderr. */
int store_remove(const char *path, struct arena *a) MUST_CHECK;

/*
 * Calls fn with the path of each *.json of the folders above, by name, until it returns non-zero.
 * Folders that are not there hold none. 0, what fn returned, or -errno after one line on stderr.
 */
int store_each(int (*fn)(void *arg, const char *path), void *arg) MUST_CHECK;

#endif
