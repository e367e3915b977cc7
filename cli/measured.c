/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/measured.h"

#include <string.h>

#include "cli/assemble.h"
#include "cli/judge.h"
#include "cli/output.h"
#include "cli/share.h"
#include "core/say.h"
#include "report/report.h"
#include "report/words.h"

struct page {
	struct host *h;
	const struct findings *f;
};

static int write_html(FILE *out, void *arg)
{
	const struct page *p = arg;

	return report_html(out, p->h, p->f);
}

static int save_as(const char *folder, const char *name, int (*write)(FILE *out, void *arg),
		   void *arg)
{
	auto_free char *path = NULL;
	int r;

	if (asprintf(&path, "%s/%s", folder, name) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	r = output_file(path, write, arg);
	if (r < 0)
		say_error("%s: %s", path, strerror(-r));
	return r;
}

/* What was measured is not thrown away because a disk is full. */
static void save_elsewhere(struct doc *result)
{
	auto_free char *folder = NULL;
	int r = output_spare_folder(&folder);

	if (r < 0)
		say_error("a folder for the result elsewhere: %s", strerror(-r));
	else if (save_as(folder, "result.json", output_write_document, result) == 0)
		say_error("the result was saved as %s/result.json instead", folder);
}

/* Whoever measures twice into one folder may want the first result back, as with perf record. */
static int keep_earlier(const char *folder)
{
	auto_free char *path = NULL, *old = NULL;
	int r;

	if (asprintf(&path, "%s/result.json", folder) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	if (asprintf(&old, "%s.old", path) < 0) {
		old = NULL;
		return -ENOMEM;
	}
	if (rename(path, old) == 0) {
		say_note("the earlier result is kept as %s", old);
		return 0;
	}
	r = neg_errno();
	if (r == -ENOENT)
		return 0;
	say_error("%s: not kept as %s: %s", path, old, strerror(-r));
	return r;
}

static int take_folder(struct measured *m, const char *folder)
{
	int r;

	m->is_folder_new = !folder || access(folder, F_OK) < 0;
	r = output_folder(folder, "vfiobench", m->session.started_unix_ns, &m->folder);

	if (r < 0) {
		say_error("%s: %s", folder ? folder : "a folder for the result here", strerror(-r));
		return r;
	}
	r = output_lock(m->folder, &m->lock_fd);
	if (r < 0)
		say_error("%s: %s", m->folder,
			  r == -EBUSY ? "another run writes its result there" : strerror(-r));
	return r;
}

static int measure(struct measured *m, struct session_wish *wish, bool keeps_trace)
{
	char words[32];
	int r;

	if (keeps_trace && asprintf(&m->trace, "%s/trace.dat", m->folder) < 0) {
		m->trace = NULL;
		return -ENOMEM;
	}
	wish->keep_trace = m->trace;
	words_of_ns(session_duration_ns(wish), words, sizeof(words));
	say_note("this takes about %s; the result goes to %s", words, m->folder);
	r = session_run(&m->session);
	/* One that was there before is the user's; ours stays where something is in it. */
	if (r < 0 && m->is_folder_new)
		rmdir(m->folder);
	return r;
}

/* The page is what people attach to a question: their names are not in it. */
static int save_page(struct measured *m)
{
	auto_share struct share share = { 0 };
	auto_host struct host *shared = NULL;
	struct findings findings;
	struct page page;
	int r = share_host(&share, m->session.result, &shared, &findings);

	if (r < 0)
		return r;
	page = (struct page){ shared, &findings };
	return save_as(m->folder, "report.html", write_html, &page);
}

static int keep(struct measured *m)
{
	int r, saved;

	/* First of all: what comes after it can fail, the measurement is not had again. */
	saved = keep_earlier(m->folder);
	if (saved == 0)
		saved = save_as(m->folder, "result.json", output_write_document, m->session.result);
	if (saved < 0)
		save_elsewhere(m->session.result);
	r = result_decode(m->session.result, &m->host);
	if (r == 0)
		r = judge_host(m->host, &m->findings);
	if (r < 0)
		return r;
	m->has_report = saved == 0 && save_page(m) == 0;
	return 0;
}

int measured_make(struct measured *m, struct session_wish *wish, const char *folder,
		  bool keeps_trace)
{
	int r;

	*m = (struct measured){ .lock_fd = -1 };
	r = session_init(&m->session, wish);
	if (r < 0) {
		say_error("%s", strerror(-r));
		return r;
	}
	r = take_folder(m, folder);
	if (r == 0)
		r = measure(m, wish, keeps_trace);
	return r < 0 ? r : keep(m);
}

void measured_release(struct measured *m)
{
	host_free(m->host);
	session_release(&m->session);
	free(m->folder);
	free(m->trace);
	if (m->lock_fd >= 0)
		close(m->lock_fd);
}

static bool has_measured(const struct host *h)
{
	return h->wake.units.n || h->tsc.costs.n || h->activity.window_ns.known;
}

int measured_status(const struct measured *m)
{
	if (!m->has_report)
		return EXIT_CANNOT;
	if (m->session.signal)
		return 128 + m->session.signal;
	if (m->session.error)
		return EXIT_CANNOT;
	if (has_measured(m->host))
		return EXIT_DONE;
	say_error("no probe worked: see 'vfiobench probes' for what to grant");
	return EXIT_CANNOT;
}
