/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guide_map.h - the catalogue as tables of a Markdown page, on standard output. */
#ifndef DOCS_GUIDE_MAP_H
#define DOCS_GUIDE_MAP_H

/* One table for each heading of the guide, in its order. */
void guide_map_print(void);
/* The rows that the guide does not have. */
void guide_map_print_beyond(void);
/* The rows that no rule judges, and why. */
void guide_map_print_unseen(void);

#endif
