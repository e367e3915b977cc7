/* SPDX-License-Identifier: GPL-2.0-or-later */
/* setup_files.h - configuration files that most hosts do not have: their absence is no gap. */
#ifndef PROBES_SETUP_FILES_H
#define PROBES_SETUP_FILES_H

#include "probes/probe.h"

bool setup_exists(const struct probe_env *env, const char *path);
/*
 * Does it tell anything that there is no such file? On this machine it does; a captured tree holds
 * only some of the files, so there it does when the directory it would be in was captured.
 */
bool setup_is_absent(struct probe_env *env, const char *path);
/* A file into the arena; no gap when there is none: ret_text->at is NULL then. */
int setup_read_text(struct probe_env *env, struct text *ret_text, const char *field,
		    const char *path) MUST_CHECK;
/* The same of a file that people write; one of more than 256 KiB is a gap. */
int setup_read_config(struct probe_env *env, struct text *ret_text, const char *field,
		      const char *path) MUST_CHECK;
/*
 * Files with that ending of directories of which an earlier one hides files of the same name in
 * later ones (modprobe.d(5), dracut.conf(5)). Adds paths, at most 256; a directory that is not
 * there has none.
 */
int setup_drop_ins(struct probe_env *env, const char *const *dirs, size_t n_dirs,
		   const char *ending, struct fact_strs *paths) MUST_CHECK;

struct setup_file {
	bool is_executable; /* by anyone */
	int64_t mtime_s;
};

/* 0 or -errno. */
int setup_stat(const struct probe_env *env, const char *path,
	       struct setup_file *ret_file) MUST_CHECK;
/* Adds the words of a text. */
int setup_add_words(struct probe_env *env, struct fact_strs *f, struct text words) MUST_CHECK;

#endif
