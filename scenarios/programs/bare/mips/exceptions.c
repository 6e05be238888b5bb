/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exceptions that instructions ask for, and what user mode may not do (KANE, chapter 5; R4000, chapter 5): syscall,
 * break, coprocessor unusable.
 */
#include "trial.h"

SNIPPET_AT(do_syscall, "nop\ndo_syscall_at: syscall\nnop");
SNIPPET_AT(do_syscall_most, "nop\ndo_syscall_most_at: syscall 0xfffff\nnop");
SNIPPET_AT(do_break, "nop\ndo_break_at: break\nnop");
SNIPPET_AT(do_break_7, "nop\ndo_break_7_at: break 7\nnop");

struct asking {
	const char *text;
	const uint32_t *code, *at;
	unsigned exception;
};

static const struct asking asking[] = {
	{ "syscall", do_syscall, do_syscall_at, SYS }, { "syscall 0xfffff", do_syscall_most, do_syscall_most_at, SYS },
	{ "break", do_break, do_break_at, BP }, { "break 7", do_break_7, do_break_7_at, BP },
};

/* --- coprocessors: unit n is usable if Status.CUn; 0 is, in kernel mode, always --- */

SNIPPET_AT(do_mfc0, "addiu $2, $0, 0\ndo_mfc0_at: mfc0 $2, $12\nnop");
SNIPPET_AT(do_mtc0, "nop\ndo_mtc0_at: mtc0 $4, $14\nnop");
SNIPPET_AT(do_tlbp, "nop\ndo_tlbp_at: tlbp\nnop");
SNIPPET_AT(do_tlbwi, "nop\ndo_tlbwi_at: tlbwi\nnop");
SNIPPET_AT(do_tlbwr, "nop\ndo_tlbwr_at: tlbwr\nnop");
SNIPPET_AT(do_tlbr, "nop\ndo_tlbr_at: tlbr\nnop");
SNIPPET_AT(do_return, "nop\ndo_return_at: " RETURN_CODE "\nnop");
SNIPPET_AT(do_lwc1, "nop\ndo_lwc1_at: .word 0xc4820000\nnop");      /* lwc1 $f2, 0($4) */
SNIPPET_AT(do_swc1, "nop\ndo_swc1_at: .word 0xe4820000\nnop");
SNIPPET_AT(do_mfc1, "nop\ndo_mfc1_at: .word 0x44020000\nnop");      /* mfc1 $2, $f0 */
SNIPPET_AT(do_add_s, "nop\ndo_add_s_at: .word 0x46020080\nnop");    /* add.s */
SNIPPET_AT(do_mfc2, "nop\ndo_mfc2_at: .word 0x48020000\nnop");
SNIPPET_AT(do_lwc2, "nop\ndo_lwc2_at: .word 0xc8820000\nnop");

struct unusable {
	const char *text;
	const uint32_t *code, *at;
	unsigned unit;
	bool kernel; /* in kernel mode too */
};

static const struct unusable unusable[] = {
	{ "mfc0", do_mfc0, do_mfc0_at, 0, false }, { "mtc0", do_mtc0, do_mtc0_at, 0, false },
	{ "tlbp", do_tlbp, do_tlbp_at, 0, false }, { "tlbr", do_tlbr, do_tlbr_at, 0, false },
	{ "tlbwi", do_tlbwi, do_tlbwi_at, 0, false }, { "tlbwr", do_tlbwr, do_tlbwr_at, 0, false },
	{ RETURN_NAME, do_return, do_return_at, 0, false },
	{ "lwc1", do_lwc1, do_lwc1_at, 1, true }, { "swc1", do_swc1, do_swc1_at, 1, true },
	{ "mfc1", do_mfc1, do_mfc1_at, 1, true }, { "add.s", do_add_s, do_add_s_at, 1, true },
	{ "mfc2", do_mfc2, do_mfc2_at, 2, true }, { "lwc2", do_lwc2, do_lwc2_at, 2, true },
};

static unsigned unit_of(uint32_t cause)
{
	return cause >> 28 & 3;
}

/* Unit 2 is none of the manuals': what has none says that the instruction is reserved. */
static void claim_unusable(const char *text, const char *unit_text, const struct unusable *row, uint32_t at)
{
	if (row->unit == 2)
		not_in_qemu("its processor has no coprocessor 2");
	claim_trap(text, CPU, at, false);
	if (row->unit == 2)
		not_in_qemu("its processor has no coprocessor 2");
	claim_equal(unit_text, unit_of(outcome.cause), row->unit);
}

static void try_unusable(const struct unusable *row)
{
	struct frame frame = in_user(row->code);

	chapter(row->text);
	if (row->unit == 2 && gxemul_cannot("is not for user mode", "it knows nothing of coprocessor 2"))
		return;
	unlike_gxemul(row->unit == 0 ? "it lets user mode do it" : NULL);
	frame.reg[A0] = USER(data);
	run(&frame);
	claim_unusable("is not for user mode", "Cause.CE", row, USER(row->at));
	unlike_gxemul(NULL);
	if (!row->kernel)
		return;
	frame = in_kernel(row->code);
	frame.reg[A0] = (uint32_t)data;
	run(&frame);
	claim_unusable("nor for kernel mode while its unit is not usable", "Cause.CE in kernel mode", row,
	               (uint32_t)row->at);
}

static void usable_by_user(void)
{
	struct frame frame = in_user(do_mfc0);

	chapter("CU0");
	frame.status |= STATUS_CU0;
	run(&frame);
	claim_done("with it user mode reads coprocessor 0");
	claim("and sees Status", (outcome.reg[V0] & (STATUS_CU0 | MODE_USER)) == (STATUS_CU0 | MODE_USER));
	frame = in_kernel(do_mfc0);
	run(&frame);
	claim_done("kernel mode does not need it");
}

SNIPPET(load_wrong, "lw $2, 0($4)\nnop");

/* Only address and TLB exceptions say an address. */
static void address_is_kept(void)
{
	struct frame frame = in_kernel(do_syscall);
	uint32_t before;

	chapter("BadVAddr");
	frame.pc = (uint32_t)load_wrong;
	frame.reg[A0] = (uint32_t)data + 1;
	run(&frame);
	before = outcome.address;
	frame.pc = (uint32_t)do_syscall;
	run(&frame);
	claim_equal("a syscall leaves it", outcome.address, before);
	frame.pc = (uint32_t)do_break;
	run(&frame);
	claim_equal("a break leaves it", outcome.address, before);
}

void chapter_exceptions(void)
{
	chapter("calls of the kernel");
	for (unsigned n = 0; n < sizeof asking / sizeof *asking; n++) {
		struct frame frame = in_user(asking[n].code);

		run(&frame);
		claim_trap(asking[n].text, asking[n].exception, USER(asking[n].at), false);
		frame = in_kernel(asking[n].code);
		run(&frame);
		claim_trap("in kernel mode too", asking[n].exception, (uint32_t)asking[n].at, false);
		claim("registers are as they were", only_changed(&frame, 0));
	}
	for (unsigned n = 0; n < sizeof unusable / sizeof *unusable; n++)
		try_unusable(&unusable[n]);
	usable_by_user();
	address_is_kept();
}
