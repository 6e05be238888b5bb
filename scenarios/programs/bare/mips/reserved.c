/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words that are no instruction of this generation (KANE, appendix A; R4000, appendix A: opcode bit encoding). */
#include "trial.h"
#include "reserved.h"

/* The word is written into a page of its own, between no-ops and the trial's end. */
static const uint32_t *place(uint32_t word)
{
	volatile uint32_t *code = (volatile uint32_t *)(data + 3 * PAGE);

	code[0] = 0;
	code[1] = word;
	code[2] = 0;
	code[3] = 0xd0e << 6 | 0x0c;
	code[4] = 0;
	flush_code();
	return (const uint32_t *)code;
}

void chapter_reserved(void)
{
	for (unsigned n = 0; n < reserved_words; n++) {
		const uint32_t *code = place(reserved_word[n].word);
		struct frame frame = in_kernel(code);

		chapter(reserved_word[n].text);
		if (gxemul_cannot("is reserved", "it ends there"))
			continue;
		if (reserved_word[n].later)
			not_in_qemu("its processor knows it");
		run(&frame);
		claim_trap("is reserved in kernel mode", RI, (uint32_t)(code + 1), false);
		if (reserved_word[n].later)
			not_in_qemu("its processor knows it");
		frame = in_user(code);
		run(&frame);
		claim_trap("is reserved in user mode", RI, USER(code + 1), false);
	}
}
