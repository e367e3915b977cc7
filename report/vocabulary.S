/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vocabulary.S - words that may be shared, sorted, one a line; made by vocabulary.awk. */
	.section .rodata
	.globl report_vocabulary
	.type report_vocabulary, %object
report_vocabulary:
	.incbin "vocabulary.list"
	.globl report_vocabulary_end
report_vocabulary_end:
	.byte 0
	.size report_vocabulary, . - report_vocabulary
	.section .note.GNU-stack, "", %progbits
