/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loading segment registers (I386 6.3.1 "Type checking", 6.3.3 "Privilege levels", and the pages of MOV, POP, LDS):
 * for data segment registers
 *   null: loaded; beyond the table, not data nor readable code, or (data and nonconforming code) DPL below CPL or RPL:
 *   #GP(selector); not present: #NP(selector)
 * for SS
 *   null: #GP(0); beyond the table, RPL or DPL other than CPL, not writable data: #GP(selector); not present:
 *   #SS(selector)
 * An error code is the selector with its RPL cleared (I386 9.7).
 */
#include "cpu.h"

SNIPPET(load_ds, "movw %ax, %ds");
SNIPPET(load_es, "movw %ax, %es");
SNIPPET(load_fs, "movw %ax, %fs");
SNIPPET(load_gs, "movw %ax, %gs");
SNIPPET(load_ss, "movw %ax, %ss\nnop");
SNIPPET(pop_es, "popl %es");
SNIPPET(load_les, "lesl (%edx), %ecx");
SNIPPET(load_lss, "lssl (%edx), %ecx");
SNIPPET_AT(push_then_pop_ds, "pushl %eax\npush_then_pop_ds_at: popl %ds");

struct load {
	const char *text;
	unsigned ring, access, selector;
	unsigned vector;   /* 0: it is loaded */
	uint32_t error;
};

#define P PRESENT
static const struct load data_loads[] = {
	{ "null is loaded", 0, 0, 0, 0, 0 },
	{ "null with RPL 3 is loaded", 0, 0, 3, 0, 0 },
	{ "ring 3: null is loaded", 3, 0, 0, 0, 0 },
	{ "beyond the limit of the GDT: #GP", 0, 0, GDT_END, GP, GDT_END },
	{ "beyond the limit of the GDT, RPL is not in the error code", 0, 0, GDT_END | 3, GP, GDT_END },
	{ "read-only data", 0, P | DATA_R, SCRATCH, 0, 0 },
	{ "writable data", 0, P | DATA_W, SCRATCH, 0, 0 },
	{ "expand-down data", 0, P | DATA_DOWN, SCRATCH, 0, 0 },
	{ "readable code", 0, P | CODE_R, SCRATCH, 0, 0 },
	{ "readable conforming code", 0, P | CODE_CR, SCRATCH, 0, 0 },
	{ "execute-only code: #GP", 0, P | CODE_X, SCRATCH, GP, SCRATCH },
	{ "execute-only conforming code: #GP", 0, P | CODE_C, SCRATCH, GP, SCRATCH },
	{ "a descriptor of all zeros: #GP", 0, 0, SCRATCH, GP, SCRATCH },
	{ "a TSS: #GP", 0, P | SYS_TSS, SCRATCH, GP, SCRATCH },
	{ "an LDT: #GP", 0, P | SYS_LDT, SCRATCH, GP, SCRATCH },
	{ "a call gate: #GP", 0, P | SYS_CALL_GATE, SCRATCH, GP, SCRATCH },
	{ "not present: #NP", 0, DATA_W, SCRATCH, NP, SCRATCH },
	{ "not present readable code: #NP", 0, CODE_R, SCRATCH, NP, SCRATCH },
	{ "not present execute-only code: #GP comes first", 0, CODE_X, SCRATCH, GP, SCRATCH },
	{ "RPL 3 of a segment of DPL 0: #GP", 0, P | DATA_W, SCRATCH | 3, GP, SCRATCH },
	{ "RPL 1 of a segment of DPL 1", 0, P | DATA_W | DPL1, SCRATCH | 1, 0, 0 },
	{ "RPL 2 of a segment of DPL 1: #GP", 0, P | DATA_W | DPL1, SCRATCH | 2, GP, SCRATCH },
	{ "ring 0 loads DPL 3", 0, P | DATA_W | DPL3, SCRATCH, 0, 0 },
	{ "ring 1 loads DPL 0: #GP", 1, P | DATA_W, SCRATCH, GP, SCRATCH },
	{ "ring 1 loads DPL 1", 1, P | DATA_W | DPL1, SCRATCH | 1, 0, 0 },
	{ "ring 1 loads DPL 1 with RPL 0", 1, P | DATA_W | DPL1, SCRATCH, 0, 0 },
	{ "ring 1 loads DPL 1 with RPL 3: #GP", 1, P | DATA_W | DPL1, SCRATCH | 3, GP, SCRATCH },
	{ "ring 3 loads DPL 3", 3, P | DATA_W | DPL3, SCRATCH | 3, 0, 0 },
	{ "ring 3 loads DPL 0: #GP", 3, P | DATA_W, SCRATCH, GP, SCRATCH },
	{ "ring 3 loads DPL 2: #GP", 3, P | DATA_W | DPL2, SCRATCH | 3, GP, SCRATCH },
	{ "ring 3 loads nonconforming readable code of DPL 0: #GP", 3, P | CODE_R, SCRATCH | 3, GP, SCRATCH },
	{ "ring 3 loads conforming readable code of DPL 0", 3, P | CODE_CR, SCRATCH | 3, 0, 0 },
	{ "ring 3, not present and DPL 0: #GP comes first", 3, DATA_W, SCRATCH | 3, GP, SCRATCH },
	{ "ring 3, not present and DPL 3: #NP", 3, DATA_W | DPL3, SCRATCH | 3, NP, SCRATCH },
};

static const struct load stack_loads[] = {
	{ "SS: null: #GP(0)", 0, 0, 0, GP, 0 },
	{ "SS: ring 1, null with RPL 1: #GP(0)", 1, 0, 1, GP, 0 },
	{ "SS: beyond the limit: #GP", 0, 0, GDT_END, GP, GDT_END },
	{ "SS: writable data of ring 0", 0, P | DATA_W, SCRATCH, 0, 0 },
	{ "SS: expand-down data of ring 0", 0, P | DATA_DOWN, SCRATCH, 0, 0 },
	{ "SS: read-only data: #GP", 0, P | DATA_R, SCRATCH, GP, SCRATCH },
	{ "SS: readable code: #GP", 0, P | CODE_R, SCRATCH, GP, SCRATCH },
	{ "SS: RPL 3 in ring 0: #GP", 0, P | DATA_W, SCRATCH | 3, GP, SCRATCH },
	{ "SS: DPL 3 in ring 0: #GP", 0, P | DATA_W | DPL3, SCRATCH, GP, SCRATCH },
	{ "SS: DPL 3 and RPL 3 in ring 0: #GP", 0, P | DATA_W | DPL3, SCRATCH | 3, GP, SCRATCH },
	{ "SS: not present: #SS", 0, DATA_W, SCRATCH, SS, SCRATCH },
	{ "SS: ring 3, writable data of DPL 3", 3, P | DATA_W | DPL3, SCRATCH | 3, 0, 0 },
	{ "SS: ring 3, RPL 0: #GP", 3, P | DATA_W | DPL3, SCRATCH, GP, SCRATCH },
	{ "SS: ring 3, DPL 0: #GP", 3, P | DATA_W, SCRATCH | 3, GP, SCRATCH },
	{ "SS: ring 3, not present: #SS", 3, DATA_W | DPL3, SCRATCH | 3, SS, SCRATCH },
	{ "SS: ring 1, writable data of DPL 1", 1, P | DATA_W | DPL1, SCRATCH | 1, 0, 0 },
	{ "SS: a system descriptor: #GP", 0, P | SYS_TSS, SCRATCH, GP, SCRATCH },
};
#undef P

static void try_load(const struct load *load, const char *code)
{
	struct frame frame = in_ring(load->ring, code);
	bool down = (load->access & 0x1c) == 0x14; /* expand-down: a limit of 0 leaves all but one page */
	frame.eax = load->selector;
	set_descriptor(SCRATCH, 0, down ? 0 : 0xfffff, load->access, BIG | GRANULAR);
	run(&frame);
	if (load->vector)
		claim_trap(load->text, load->vector, load->error, code);
	else
		claim_done(load->text);
}

static void loads(void)
{
	for (unsigned i = 0; i < sizeof(data_loads) / sizeof(*data_loads); i++)
		try_load(&data_loads[i], load_ds);
	for (unsigned i = 0; i < sizeof(stack_loads) / sizeof(*stack_loads); i++)
		try_load(&stack_loads[i], load_ss);
}

/* All data segment registers, and what a refused load leaves behind. */
static void each_register(void)
{
	struct frame frame = in_ring(3, load_es);
	set_descriptor(SCRATCH, 0, 0xfffff, PRESENT | DATA_W | DPL3, BIG | GRANULAR);
	frame.eax = SCRATCH | 3;
	run(&frame);
	claim_equal("mov es loads es", outcome.es, SCRATCH | 3);
	frame.eip = (uint32_t)load_fs;
	run(&frame);
	claim_equal("mov fs loads fs", outcome.fs, SCRATCH | 3);
	frame.eip = (uint32_t)load_gs;
	run(&frame);
	claim_equal("mov gs loads gs", outcome.gs, SCRATCH | 3);
	frame.eip = (uint32_t)load_ds;
	run(&frame);
	claim_equal("mov ds loads ds", outcome.ds, SCRATCH | 3);
	frame.eax = GDT_END;
	run(&frame);
	claim_equal("a refused load leaves the register as it was", outcome.ds, DATA3);
}

static void accessed_bit(void)
{
	struct frame frame = in_ring(0, load_ds);
	set_descriptor(SCRATCH, 0, 0xfffff, PRESENT | DATA_W, BIG | GRANULAR);
	claim_equal("the accessed bit is clear before a load", access_of(SCRATCH) & ACCESSED, 0);
	frame.eax = SCRATCH;
	run(&frame);
	claim_equal("a load sets the accessed bit (I386 5.1.3)", access_of(SCRATCH) & ACCESSED, ACCESSED);
	set_descriptor(SCRATCH, 0, 0xfffff, DATA_W, BIG | GRANULAR);
	run(&frame);
	claim_equal("a refused load does not set it", access_of(SCRATCH) & ACCESSED, 0);
}

static void from_memory(void)
{
	struct { uint32_t offset; uint16_t selector; } pointer = { 0x12345678, SCRATCH | 3 };
	struct frame frame = in_ring(3, load_les);
	set_descriptor(SCRATCH, 0, 0xfffff, PRESENT | DATA_W | DPL3, BIG | GRANULAR);
	frame.edx = (uint32_t)&pointer;
	run(&frame);
	claim("les loads register and es", outcome.ecx == 0x12345678 && outcome.es == (SCRATCH | 3));
	pointer.selector = DATA0;
	run(&frame);
	claim_trap("les of DPL 0 in ring 3: #GP", GP, DATA0, load_les);
	claim("a refused les leaves register and es", outcome.ecx == 0 && outcome.es == DATA3);
	frame.eip = (uint32_t)load_lss;
	pointer.selector = 0;
	run(&frame);
	claim_trap("lss of null: #GP(0)", GP, 0, load_lss);
	claim("a refused lss leaves register and ss", outcome.ecx == 0 && outcome.ss == DATA3);
}

static void popped(void)
{
	struct frame frame = in_ring(3, push_then_pop_ds);
	frame.eax = DATA0;
	run(&frame);
	claim_trap("pop ds of DPL 0 in ring 3: #GP", GP, DATA0, push_then_pop_ds_at);
	claim_equal("a refused pop leaves the stack pointer: it can be done again", outcome.esp, frame.esp - 4);
	frame.eax = 0;
	run(&frame);
	claim("pop ds of null", outcome.vector == DONE && outcome.ds == 0 && outcome.esp == frame.esp);
}

static void local_table(void)
{
	struct frame frame = in_ring(0, load_ds);
	__asm__ volatile("lldt %w0" : : "r"(0));
	frame.eax = 4;
	run(&frame);
	claim_trap("a selector of the LDT where LDTR is null: #GP with TI", GP, 4, load_ds);
	__asm__ volatile("lldt %w0" : : "r"(LDT));
	set_descriptor(4, 0, 0xfffff, PRESENT | DATA_W, BIG | GRANULAR);
	run(&frame);
	claim_done("entry 0 of the LDT is a segment like any other");
	set_descriptor(0xc, 0, 0xfffff, DATA_W, BIG | GRANULAR);
	frame.eax = 0xc;
	run(&frame);
	claim_trap("not present in the LDT: #NP with TI", NP, 0xc, load_ds);
	frame.eax = sizeof(ldt) | 4;
	run(&frame);
	claim_trap("beyond the limit of the LDT: #GP with TI", GP, sizeof(ldt) | 4, load_ds);
	__asm__ volatile("lldt %w0" : : "r"(0));
}

void chapter_segments(void)
{
	chapter("segment loads");
	loads();
	each_register();
	accessed_bit();
	from_memory();
	popped();
	local_table();
	struct frame frame = in_ring(0, pop_es);
	frame.esp -= 4;
	*(uint32_t *)frame.esp = 0xffff0000 | DATA0;
	run(&frame);
	claim("pop es takes 16 of the 32 bits popped", outcome.vector == DONE && outcome.es == DATA0);
	reset_tables();
}
