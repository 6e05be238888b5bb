/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Privileged instructions (I386 6.3.5): outside ring 0 they are #GP(0), and nothing is done. */
#include "cpu.h"

SNIPPET(p_hlt, "hlt");
SNIPPET(p_lgdt, "lgdt (%esi)");
SNIPPET(p_lidt, "lidt (%esi)");
SNIPPET(p_lldt, "lldt %ax");
SNIPPET(p_ltr, "ltr %ax");
SNIPPET(p_lmsw, "lmsw %ax");
SNIPPET(p_clts, "clts");
SNIPPET(p_to_cr0, "movl %eax, %cr0");
SNIPPET(p_to_cr3, "movl %eax, %cr3");
SNIPPET(p_from_cr0, "movl %cr0, %eax");
SNIPPET(p_from_cr2, "movl %cr2, %eax");
SNIPPET(p_from_cr3, "movl %cr3, %eax");
SNIPPET(p_to_dr0, "movl %eax, %dr0");
SNIPPET(p_from_dr7, "movl %dr7, %eax");
SNIPPET(p_invlpg, ".byte 0x0f, 0x01, 0x3e");
SNIPPET(p_invd, ".byte 0x0f, 0x08");
SNIPPET(p_wbinvd, ".byte 0x0f, 0x09");
SNIPPET(p_rdmsr, ".byte 0x0f, 0x32");
SNIPPET(p_wrmsr, ".byte 0x0f, 0x30");
SNIPPET(u_smsw, "smsw %ax");
SNIPPET(u_sgdt, "sgdt (%esi)");
SNIPPET(u_sidt, "sidt (%esi)");
SNIPPET(u_sldt, "sldt %ax");
SNIPPET(u_str, "str %ax");
SNIPPET(u_rdtsc, ".byte 0x0f, 0x31");

static const struct { const char *text, *code; unsigned family; } privileged[] = {
	{ "hlt", p_hlt, 3 }, { "lgdt", p_lgdt, 3 }, { "lidt", p_lidt, 3 }, { "lldt", p_lldt, 3 }, { "ltr", p_ltr, 3 },
	{ "lmsw", p_lmsw, 3 }, { "clts", p_clts, 3 }, { "mov to cr0", p_to_cr0, 3 }, { "mov to cr3", p_to_cr3, 3 },
	{ "mov from cr0", p_from_cr0, 3 }, { "mov from cr2", p_from_cr2, 3 }, { "mov from cr3", p_from_cr3, 3 },
	{ "mov to dr0", p_to_dr0, 3 }, { "mov from dr7", p_from_dr7, 3 }, { "invlpg", p_invlpg, 4 },
	{ "invd", p_invd, 4 }, { "wbinvd", p_wbinvd, 4 }, { "rdmsr", p_rdmsr, 5 }, { "wrmsr", p_wrmsr, 5 },
};
static const struct { const char *text, *code; unsigned family; } allowed[] = {
	{ "smsw is allowed", u_smsw, 3 }, { "sgdt is allowed", u_sgdt, 3 }, { "sidt is allowed", u_sidt, 3 },
	{ "sldt is allowed", u_sldt, 3 }, { "str is allowed", u_str, 3 }, { "rdtsc is allowed", u_rdtsc, 5 },
};

static void in_outer_ring(unsigned ring)
{
	static uint8_t memory[8];
	for (unsigned i = 0; i < sizeof(privileged) / sizeof(*privileged); i++) {
		struct frame frame = in_ring(ring, privileged[i].code);
		frame.esi = (uint32_t)memory;
		run(&frame);
		if (family < privileged[i].family && privileged[i].family == 5)
			not_in_qemu("QEMU's 486 knows it");
		if (privileged[i].code == p_invd || privileged[i].code == p_wbinvd)
			not_in_qemu("newer QEMUs do it in every ring");
		if (family < privileged[i].family)
			claim_trap(privileged[i].text, UD, 0, privileged[i].code);
		else
			claim_trap(privileged[i].text, GP, 0, privileged[i].code);
	}
	for (unsigned i = 0; i < sizeof(allowed) / sizeof(*allowed); i++) {
		struct frame frame = in_ring(ring, allowed[i].code);
		frame.esi = (uint32_t)memory;
		if (family < allowed[i].family)
			continue;
		run(&frame);
		claim_done(allowed[i].text);
	}
}

static void what_they_show(void)
{
	static struct __attribute__((packed)) { uint16_t limit; uint32_t base; } table;
	struct frame frame = in_ring(3, u_sgdt);
	frame.esi = (uint32_t)&table;
	run(&frame);
	claim("sgdt stores limit and base", table.limit == sizeof(gdt) - 1 && table.base == (uint32_t)gdt);
	frame.eip = (uint32_t)u_sidt;
	run(&frame);
	claim("sidt stores limit and base", table.limit == 0x60 * 8 - 1 && table.base == (uint32_t)idt);
	frame.eip = (uint32_t)u_str;
	run(&frame);
	claim_equal("str gives the task's selector", outcome.eax & 0xffff, TSS_MAIN);
	frame.eip = (uint32_t)u_smsw;
	run(&frame);
	claim_equal("smsw shows protected mode", outcome.eax & 1, 1);
}

static void machine_status_word(void)
{
	struct frame frame = in_ring(0, p_lmsw);
	uint32_t cr0 = read_cr0();
	frame.eax = (cr0 & 0xf) | 8;
	run(&frame);
	claim_equal("lmsw sets TS", read_cr0() & 8, 8);
	frame.eip = (uint32_t)p_clts;
	run(&frame);
	claim_equal("clts clears TS", read_cr0() & 8, 0);
	frame.eip = (uint32_t)p_lmsw;
	frame.eax = 0;
	run(&frame);
	claim_equal("lmsw cannot leave protected mode", read_cr0() & 1, 1);
	write_cr0(cr0);
	if (under_qemu)
		return; /* it would leave protected mode */
	frame.eip = (uint32_t)p_to_cr0;
	frame.eax = (cr0 & ~1u) | 0x80000000;
	run(&frame);
	claim_trap("paging without protected mode: #GP(0)", GP, 0, p_to_cr0);
}

void chapter_privilege(void)
{
	chapter("privileged instructions in ring 3");
	in_outer_ring(3);
	chapter("privileged instructions in ring 1");
	in_outer_ring(1);
	chapter("system registers");
	what_they_show();
	machine_status_word();
}
