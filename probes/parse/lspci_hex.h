/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lspci_hex.h - configuration spaces out of the text that `lspci -xxxx` prints.
 *
 *	01:00.0 VGA compatible controller: …		also "0000:01:00.0 …"
 *		what -v says: passed over
 *	00: de 10 81 1b 07 01 10 00 a1 00 00 03 10 00 80 00
 *	10: …						up to 30: (no root), f0: or ff0:
 *							an empty line ends the function
 *
 * People paste such texts, cut and reflowed. Only bytes that follow one another from 0 count: what
 * comes after a hole or a broken line is not known. Source: lspci(8), -x -xxx -xxxx and -F.
 */
#ifndef PROBES_PARSE_LSPCI_HEX_H
#define PROBES_PARSE_LSPCI_HEX_H

#include "core/text.h"
#include "probes/parse/pci_address.h"

#define LSPCI_BYTES_MAX 4096u
/* Domains of five digits at most, as Linux has them behind a VMD. */
#define LSPCI_DOMAIN_MAX 0xfffffu

struct lspci_function {
	struct pci_address address;
	size_t n; /* bytes that were read, 0 to LSPCI_BYTES_MAX */
	uint8_t bytes[LSPCI_BYTES_MAX];
};

/* Cuts the next function off the front of *rest; false: there is none left. */
bool lspci_hex_next(struct text *rest, struct lspci_function *ret_function);

#endif
