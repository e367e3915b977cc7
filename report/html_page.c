/* SPDX-License-Identifier: GPL-2.0-or-later */
/* html_page.c - what all pages share: one file, no script, nothing fetched. */
#include "report/html.h"

extern const char report_style[]; /* style.css, from style.S */

void html_head(FILE *out, const char *title)
{
	html_put(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
		      "'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
		      "form-action 'none'\">\n"
		      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		      "<meta name=\"color-scheme\" content=\"light dark\">\n"
		      "<meta name=\"referrer\" content=\"no-referrer\">\n");
	html_put(out, "<title>%s</title>\n<style>\n", title);
	fputs(report_style, out);
	html_put(out, "</style>\n</head>\n<body>\n");
}

void html_contents_begin(FILE *out)
{
	html_put(out, "<nav aria-label=\"Contents\"><ul>\n");
}

void html_contents_item(FILE *out, const char *id, const char *title)
{
	html_put(out, "<li><a href=\"#%s\">%s</a>\n", id, title);
}

void html_contents_end(FILE *out)
{
	html_put(out, "</ul></nav>\n");
}
