/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Limits and rights of accesses (I386 6.3.2 "Limit checking", 6.3.1 "Type checking", 9.8.12 and 9.8.13):
 * an access of n bytes at an offset is within an expand-up segment if offset + n - 1 <= limit, within an expand-down
 * segment if offset > limit and offset + n - 1 <= 0xffff or 0xffffffff (B bit).  Beyond: #SS(0) through SS, #GP(0)
 * through the others.  Writing to a read-only or code segment, reading an execute-only one, using a null selector:
 * #GP(0).
 * All trials are in ring 3, so that the trap finds a stack of its own.
 */
#include "cpu.h"

static uint8_t arena[0x3000] __attribute__((aligned(4096)));
static const char no_limits[] = "QEMU checks no limits", no_types[] = "QEMU checks no rights of accesses";

SNIPPET(read_8, "movb (%edx), %cl");
SNIPPET(read_16, "movw (%edx), %cx");
SNIPPET(read_32, "movl (%edx), %ecx");
SNIPPET(write_8, "movb %cl, (%edx)");
SNIPPET(write_32, "movl %ecx, (%edx)");
SNIPPET(change_32, "addl %ecx, (%edx)");
SNIPPET(address_only, "leal 4(%edx), %ecx");
SNIPPET(read_through_cs, "movl %cs:(%edx), %ecx");
SNIPPET(write_through_cs, "movl %ecx, %cs:(%edx)");
SNIPPET(repeat_store, "rep stosb");
SNIPPET(repeat_move, "rep movsb");
SNIPPET(do_push, "pushl %eax");
SNIPPET(do_pop, "popl %eax");
SNIPPET(do_pusha, "pushal");
SNIPPET(do_call, "call do_call_target\ndo_call_target: nop");
SNIPPET(do_enter, "enter $16, $0");
SNIPPET(do_leave, "leave");
SNIPPET(read_ebp, "movl (%ebp), %ecx");
SNIPPET(read_ebp_ds, "movl %ds:(%ebp), %ecx");
SNIPPET_AT(run_off, "nop\nrun_off_at: movl $0x12345678, %eax");
SNIPPET(jump_beyond, "jmp jump_beyond + 0x800");
SNIPPET(return_beyond, "ret");
SNIPPET(jump_page, "jmp jump_page + 0x1000");
SNIPPET(jump_if_carry, "jc jump_if_carry + 0x1000");
SNIPPET(jump_if_none, "jnc jump_if_none + 0x1000");
SNIPPET(call_page, "call call_page + 0x1000");
SNIPPET(jump_register, "jmp *%edx");
SNIPPET(call_register, "call *%edx");
SNIPPET(call_through_memory, "call *(%esi)");
SNIPPET(return_and_release, "ret $12");
SNIPPET(loop_on, "loop loop_on + 0x70");
SNIPPET(push_flags, "pushfl");
SNIPPET(push_segment, "pushl %ds");
SNIPPET(pop_segment, "popl %es");
SNIPPET(store_table, "sgdt (%edx)");
SNIPPET(load_pointer, "lesl (%edx), %ecx");
SNIPPET(store_selector, "movw %ds, (%edx)");

struct access {
	const char *text;
	const char *code;
	unsigned access, limit, flags;
	uint32_t offset;
	bool faults;
};

#define P (PRESENT | DPL3)
static const struct access accesses[] = {
	{ "byte at the limit", read_8, P | DATA_W, 0xfff, BIG, 0xfff, false },
	{ "byte beyond the limit: #GP(0)", read_8, P | DATA_W, 0xfff, BIG, 0x1000, true },
	{ "word that ends at the limit", read_16, P | DATA_W, 0xfff, BIG, 0xffe, false },
	{ "word that begins at the limit: #GP(0)", read_16, P | DATA_W, 0xfff, BIG, 0xfff, true },
	{ "four bytes that end at the limit", read_32, P | DATA_W, 0xfff, BIG, 0xffc, false },
	{ "four bytes, the last beyond: #GP(0)", read_32, P | DATA_W, 0xfff, BIG, 0xffd, true },
	{ "writing beyond: #GP(0)", write_32, P | DATA_W, 0xfff, BIG, 0x1000, true },
	{ "changing beyond: #GP(0)", change_32, P | DATA_W, 0xfff, BIG, 0xffe, true },
	{ "a limit that divides a page", read_8, P | DATA_W, 0x123, BIG, 0x123, false },
	{ "a byte beyond a limit that divides a page: #GP(0)", read_8, P | DATA_W, 0x123, BIG, 0x124, true },
	{ "limit 0 is one byte", read_8, P | DATA_W, 0, BIG, 0, false },
	{ "limit 0 is not two bytes: #GP(0)", read_16, P | DATA_W, 0, BIG, 0, true },
	{ "granular limit 0 is a page", read_8, P | DATA_W, 0, BIG | GRANULAR, 0xfff, false },
	{ "granular limit 0 is no more: #GP(0)", read_8, P | DATA_W, 0, BIG | GRANULAR, 0x1000, true },
	{ "granular limit 1 is two pages", read_8, P | DATA_W, 1, BIG | GRANULAR, 0x1fff, false },
	{ "granular limit 1 is no more: #GP(0)", write_8, P | DATA_W, 1, BIG | GRANULAR, 0x2000, true },
	{ "an address far beyond: #GP(0)", read_8, P | DATA_W, 0xfff, BIG, 0x80000000, true },
	{ "sgdt over the limit: #GP(0)", store_table, P | DATA_W, 0xfff, BIG, 0xffb, true },
	{ "les from over the limit: #GP(0)", load_pointer, P | DATA_W, 0xfff, BIG, 0xffb, true },
	{ "mov of a selector over the limit: #GP(0)", store_selector, P | DATA_W, 0xfff, BIG, 0xfff, true },
	{ "an access that wraps around: #GP(0)", read_32, P | DATA_W, 0xfff, BIG, 0xfffffffe, true },
	{ "expand-down: above the limit", read_8, P | DATA_DOWN, 0xfff, BIG, 0x1000, false },
	{ "expand-down: at the limit: #GP(0)", read_8, P | DATA_DOWN, 0xfff, BIG, 0xfff, true },
	{ "expand-down: below the limit: #GP(0)", read_8, P | DATA_DOWN, 0xfff, BIG, 0, true },
	{ "expand-down: begins at the limit: #GP(0)", read_32, P | DATA_DOWN, 0xfff, BIG, 0xfff, true },
	{ "expand-down, 16 bits: within 64 KiB", read_8, P | DATA_DOWN, 0xfff, 0, 0x2000, false },
	{ "expand-down, 16 bits: beyond 64 KiB: #GP(0)", read_8, P | DATA_DOWN, 0xfff, 0, 0x10000, true },
	{ "expand-down, 16 bits: begins at 64 KiB - 1: #GP(0)", read_16, P | DATA_DOWN, 0xfff, 0, 0xffff, true },
};

/* What a segment is, and whether it may be used so. */
static const struct access rights[] = {
	{ "reading read-only data", read_32, P | DATA_R, 0xfff, BIG, 0, false },
	{ "writing read-only data: #GP(0)", write_32, P | DATA_R, 0xfff, BIG, 0, true },
	{ "changing read-only data: #GP(0)", change_32, P | DATA_R, 0xfff, BIG, 0, true },
	{ "writing writable data", write_32, P | DATA_W, 0xfff, BIG, 0, false },
	{ "reading readable code through DS", read_32, P | CODE_R, 0xfff, BIG, 0, false },
	{ "writing readable code through DS: #GP(0)", write_32, P | CODE_R, 0xfff, BIG, 0, true },
};
#undef P

static void try_access(const struct access *access, const char *reason)
{
	struct frame frame = in_ring(3, access->code);
	set_descriptor(SCRATCH, (uint32_t)arena, access->limit, access->access, access->flags);
	frame.ds = SCRATCH | 3;
	frame.edx = access->offset;
	run(&frame);
	if (!access->faults) {
		claim_done(access->text);
		return;
	}
	not_in_qemu(reason);
	claim_trap(access->text, GP, 0, access->code);
}

static void data(void)
{
	for (unsigned i = 0; i < sizeof(accesses) / sizeof(*accesses); i++)
		try_access(&accesses[i], no_limits);
	for (unsigned i = 0; i < sizeof(rights) / sizeof(*rights); i++)
		try_access(&rights[i], no_types);
}

static void base_is_added(void)
{
	struct frame frame = in_ring(3, read_32);
	*(uint32_t *)(arena + 0x40) = 0xcafe1234;
	set_descriptor(SCRATCH, (uint32_t)arena + 0x30, 0xfff, PRESENT | DPL3 | DATA_R, BIG);
	frame.ds = SCRATCH | 3;
	frame.edx = 0x10;
	run(&frame);
	claim_equal("the base is added to the offset", outcome.ecx, 0xcafe1234);
	set_descriptor(SCRATCH, (uint32_t)arena + 0x80000000, 0xfffff, PRESENT | DPL3 | DATA_R, BIG | GRANULAR);
	frame.edx = 0x80000040;
	run(&frame);
	claim_equal("base and offset wrap at 4 GiB", outcome.ecx, 0xcafe1234);
}

static void null_segment(void)
{
	struct frame frame = in_ring(3, read_32);
	frame.ds = 0;
	frame.edx = (uint32_t)arena;
	not_in_qemu("QEMU lets a null segment be used");
	run(&frame);
	claim_trap("reading through a null DS: #GP(0)", GP, 0, read_32);
	frame.eip = (uint32_t)address_only;
	run(&frame);
	claim_done("computing an address with a null DS is no access");
	frame = in_ring(3, repeat_store);
	frame.es = 0;
	frame.edi = (uint32_t)arena;
	frame.ecx = 4;
	not_in_qemu("QEMU lets a null segment be used");
	run(&frame);
	claim_trap("a string through a null ES: #GP(0)", GP, 0, repeat_store);
}

/* Code segments of ring 3 that cover the snippets; base is a page, so that limits can divide it. */
static uint32_t code_base(const char *code)
{
	return (uint32_t)code & ~0xfffu;
}

static struct frame with_code_segment(const char *code, unsigned access, uint32_t limit)
{
	struct frame frame = in_ring(3, code);
	set_descriptor(SCRATCH, code_base(code), limit, PRESENT | DPL3 | access, BIG);
	frame.cs = SCRATCH | 3;
	frame.eip = (uint32_t)code - code_base(code);
	return frame;
}

static void code_rights(void)
{
	struct frame frame = with_code_segment(read_through_cs, CODE_R, 0x3fff);
	frame.edx = frame.eip;
	run(&frame);
	claim("reading a readable code segment through CS", outcome.vector == DONE &&
	      outcome.ecx == *(uint32_t *)read_through_cs);
	frame = with_code_segment(read_through_cs, CODE_X, 0x3fff);
	frame.edx = frame.eip;
	not_in_qemu(no_types);
	run(&frame);
	claim_trap("reading an execute-only code segment through CS: #GP(0)", GP, 0, (void *)frame.eip);
	frame = with_code_segment(write_through_cs, CODE_R, 0x3fff);
	frame.edx = frame.eip;
	frame.ecx = *(uint32_t *)write_through_cs; /* should it be written, then as it was */
	not_in_qemu(no_types);
	run(&frame);
	claim_trap("writing through CS: #GP(0)", GP, 0, (void *)frame.eip);
}

/* Where limits are not checked, control would go to wherever it is sent. */
static void run_where_limits_are(const struct frame *frame)
{
	if (!under_qemu)
		run(frame);
}

static void code_limits(void)
{
	uint32_t offset = (uint32_t)run_off_at - code_base(run_off);
	struct frame frame = with_code_segment(run_off, CODE_R, offset + 2);
	not_in_qemu(no_limits);
	run_where_limits_are(&frame);
	claim_trap("an instruction that crosses the code limit: #GP(0) at it", GP, 0, (void *)offset);
	frame = with_code_segment(run_off, CODE_R, offset - 1);
	not_in_qemu(no_limits);
	run_where_limits_are(&frame);
	claim_trap("an instruction just beyond the code limit: #GP(0) at it", GP, 0, (void *)offset);
	offset = (uint32_t)jump_beyond - code_base(jump_beyond);
	frame = with_code_segment(jump_beyond, CODE_R, offset + 0x7ff);
	not_in_qemu(no_limits);
	run_where_limits_are(&frame);
	claim_trap("a jump beyond the code limit: #GP(0) at the jump", GP, 0, (void *)offset);
	offset = (uint32_t)return_beyond - code_base(return_beyond);
	frame = with_code_segment(return_beyond, CODE_R, offset + 0x7f);
	frame.esp -= 4;
	*(uint32_t *)frame.esp = offset + 0x80;
	not_in_qemu(no_limits);
	run_where_limits_are(&frame);
	claim_trap("a return beyond the code limit: #GP(0) at the return", GP, 0, (void *)offset);
	not_in_qemu(no_limits);
	claim_equal("it has not moved the stack pointer", outcome.esp, frame.esp);
}

/* Every near transfer; the limit is of bytes, or of pages (how small address spaces are made: L95 4.2). */
static void transfer(const char *text, const char *code, uint32_t limit)
{
	uint32_t offset = (uint32_t)code - code_base(code);
	static uint32_t target;
	struct frame frame = with_code_segment(code, CODE_R, limit);
	target = offset + 0x1000;
	frame.edx = target;
	frame.esi = (uint32_t)&target;
	frame.ecx = 2;
	frame.eflags |= FLAG_CF;
	frame.esp -= 4;
	*(uint32_t *)frame.esp = target;
	not_in_qemu(no_limits);
	run_where_limits_are(&frame);
	claim_trap(text, GP, 0, (void *)offset);
	not_in_qemu(no_limits);
	claim("registers are as before", outcome.esp == frame.esp && outcome.ecx == 2 && outcome.edx == target);
}

static void transfers(uint32_t limit)
{
	transfer("a jump beyond it: #GP(0) at the jump", jump_page, limit);
	transfer("a conditional jump beyond it", jump_if_carry, limit);
	transfer("a call beyond it", call_page, limit);
	transfer("a jump through a register", jump_register, limit);
	transfer("a call through a register", call_register, limit);
	transfer("a call through memory", call_through_memory, limit);
	transfer("a return", return_beyond, limit);
	transfer("a return that releases parameters", return_and_release, limit);
	struct frame frame = with_code_segment(jump_if_none, CODE_R, limit);
	frame.eflags |= FLAG_CF;
	run(&frame);
	claim_done("a conditional jump that is not taken may point beyond it");
}

static void code_limits_of_all_transfers(void)
{
	chapter("a code limit of bytes");
	transfers(((uint32_t)store_selector - code_base(store_selector)) | 0x21);
	uint32_t offset = (uint32_t)loop_on - code_base(loop_on);
	transfer("a loop beyond it", loop_on, offset + 0x6f);
	chapter("a code limit of pages");
	transfers(0xfff);
	chapter("limits and rights");
}

/* Repeated strings stop at the element that is beyond, with the registers saying how far they came. */
static void strings(void)
{
	struct frame frame = in_ring(3, repeat_store);
	set_descriptor(SCRATCH, (uint32_t)arena, 0xff, PRESENT | DPL3 | DATA_W, BIG);
	frame.es = SCRATCH | 3;
	frame.edi = 0xf8;
	frame.ecx = 16;
	frame.eax = 0x5a;
	not_in_qemu(no_limits);
	run(&frame);
	claim_trap("rep stosb over the limit: #GP(0) at the instruction", GP, 0, repeat_store);
	not_in_qemu(no_limits);
	claim("rep stosb has done what was within the limit", outcome.ecx == 8 && outcome.edi == 0x100 &&
	      arena[0xff] == 0x5a);
	frame.eip = (uint32_t)repeat_move;
	frame.ds = SCRATCH | 3;
	frame.esi = 0xfa;
	frame.edi = 0;
	not_in_qemu(no_limits);
	run(&frame);
	claim_trap("rep movsb from over the limit: #GP(0) at the instruction", GP, 0, repeat_move);
	not_in_qemu(no_limits);
	claim("rep movsb has done what was within the limit", outcome.ecx == 10 && outcome.esi == 0x100 &&
	      outcome.edi == 6);
	frame.ecx = 0;
	frame.edi = 0x1000;
	frame.eip = (uint32_t)repeat_store;
	run(&frame);
	claim_done("rep stosb of nothing accesses nothing");
}

static struct frame on_stack(const char *code, uint32_t limit, uint32_t esp)
{
	struct frame frame = in_ring(3, code);
	set_descriptor(SCRATCH, (uint32_t)arena, limit, PRESENT | DPL3 | DATA_W, BIG);
	frame.ss = SCRATCH | 3;
	frame.esp = esp;
	return frame;
}

static void stack_fault(const char *text, const struct frame *frame)
{
	not_in_qemu(no_limits);
	run(frame);
	claim_trap(text, SS, 0, (void *)frame->eip);
	not_in_qemu(no_limits);
	claim_equal("it has not moved the stack pointer", outcome.esp, frame->esp);
}

static void stack(void)
{
	struct frame frame = on_stack(do_push, 0xfff, 0x1000);
	run(&frame);
	claim("push of the last word below the limit", outcome.vector == DONE && outcome.esp == 0xffc);
	frame = on_stack(do_push, 0xfff, 0x1002);
	stack_fault("push over the limit: #SS(0)", &frame);
	frame = on_stack(do_push, 0xfff, 2);
	stack_fault("push below 0: #SS(0)", &frame);
	frame = on_stack(do_pop, 0xfff, 0xffd);
	stack_fault("pop over the limit: #SS(0)", &frame);
	frame = on_stack(do_pusha, 0xfff, 16);
	stack_fault("pusha with room for half: #SS(0)", &frame);
	frame = on_stack(do_call, 0xfff, 0);
	stack_fault("call without room: #SS(0)", &frame);
	frame = on_stack(do_enter, 0xfff, 0x1004);
	stack_fault("enter over the limit: #SS(0)", &frame);
	frame = on_stack(push_flags, 0xfff, 0x1004);
	stack_fault("pushf over the limit: #SS(0)", &frame);
	frame = on_stack(push_segment, 0xfff, 0x1004);
	stack_fault("push ds over the limit: #SS(0)", &frame);
	frame = on_stack(pop_segment, 0xfff, 0x1000);
	stack_fault("pop es from over the limit: #SS(0)", &frame);
	frame = on_stack(do_leave, 0xfff, 0x800);
	frame.ebp = 0xffe;
	stack_fault("leave from over the limit: #SS(0)", &frame);
	frame = on_stack(read_ebp, 0xfff, 0x800);
	frame.ebp = 0x1000;
	stack_fault("reading [ebp] over the limit of SS: #SS(0)", &frame);
	frame = on_stack(read_ebp_ds, 0xfff, 0x800);
	set_descriptor(SCRATCH2, (uint32_t)arena, 0xfff, PRESENT | DPL3 | DATA_W, BIG);
	frame.ds = SCRATCH2 | 3;
	frame.ebp = 0x1000;
	not_in_qemu(no_limits);
	run(&frame);
	claim_trap("reading ds:[ebp] over the limit of DS: #GP(0)", GP, 0, read_ebp_ds);
}

/* A stack segment of 16 bits uses SP: it wraps there, and leaves the upper half of ESP. */
static void small_stack(void)
{
	struct frame frame = in_ring(3, do_push);
	set_descriptor(SCRATCH, (uint32_t)arena, 0xffff, PRESENT | DPL3 | DATA_W, 0);
	frame.ss = SCRATCH | 3;
	frame.esp = 0xabcd0800;
	frame.eax = 0x13572468;
	run(&frame);
	claim("a push on a stack of 16 bits goes through SP alone",
	      outcome.vector == DONE && *(uint32_t *)(arena + 0x7fc) == 0x13572468 && (outcome.esp & 0xffff) == 0x7fc);
}

void chapter_limits(void)
{
	chapter("limits and rights");
	data();
	base_is_added();
	null_segment();
	code_rights();
	code_limits();
	code_limits_of_all_transfers();
	strings();
	stack();
	small_stack();
	reset_tables();
}
