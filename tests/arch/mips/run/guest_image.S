/* SPDX-License-Identifier: GPL-2.0-or-later */
	.section .rodata
	.globl guest_begin, guest_end
guest_begin:
	.incbin GUEST
guest_end:
	.section .note.GNU-stack,"",@progbits
