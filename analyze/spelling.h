/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * spelling.h - words of the kernel command line that the kernel ignores in silence: a parameter
 * spelt almost right, or with a value it does not take.
 */
#ifndef ANALYZE_SPELLING_H
#define ANALYZE_SPELLING_H

#include "core/text.h"

/*
 * What was meant, as it is to be written ("nosoftlockup", "iommu=pt"); NULL: the word is right, or
 * is none that this knows. Words of other programs (systemd, dracut, the desktop) are never judged:
 * only parameters of isolation, IOMMU, memory, power and KVM are known here, and what is one or two
 * letters away from them without being a parameter itself.
 */
const char *spelling_meant(struct text word);

#endif
