/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * screen.h - a page on the terminal that is written over again and again, and keys that are read as
 * they are typed. What stood on the terminal before is there again afterwards.
 *
 * Source: XTerm control sequences (alternate screen, cursor), termios(3).
 */
#ifndef CLI_SCREEN_H
#define CLI_SCREEN_H

#include <termios.h>

#include "core/base.h"
#include "core/outlet.h"

struct screen {
	bool is_open, reads_keys;
	int signal_fd; /* readable: screen_heed(); -1: cannot be */
	int stop_fd;   /* readable: no waiting for a terminal that takes nothing */
	struct outlet *out;
	struct termios before;
};

/*
 * Takes over the terminal of stdout, and stdin's keys where that is one too. All that is written
 * goes through out (stdout's), which is not owned.
 */
void screen_open(struct screen *s, struct outlet *out, int stop_fd);
/* The user stops us, or lets us go on: gives the terminal back meanwhile, and takes it again. */
void screen_heed(struct screen *s);
/*
 * Gives it back; also when it was not taken. One that Ctrl-S stopped goes on; one that takes
 * nothing then either stays as it is: in a second we are through.
 */
void screen_close(struct screen *s);
/* Size now; 80 by 24 where the terminal does not tell. */
void screen_size(unsigned *ret_columns, unsigned *ret_lines);
/*
 * Shows a page: lines end with "\r\n" and clear what stood behind them. While the one before is on
 * its way it is dropped. 0 or -ENOMEM.
 */
int screen_show(struct screen *s, const char *page, size_t len) MUST_CHECK;

#endif
