/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Paging (I386 5.2, 6.4, 9.8.14; I486 on WP and invlpg; P5 on 4 MB pages): rights of both levels, error codes and CR2,
 * accessed and dirty bits, and that every instruction a page fault stopped can be done again.
 *
 * The first 4 MiB are mapped to themselves for everybody, but for a window of pages onto frames of our own, which the
 * trials map as they like; a second window has a directory entry of its own.
 */
#include "cpu.h"

enum { ENTRY_P = 1, ENTRY_W = 2, ENTRY_U = 4, ENTRY_A = 0x20, ENTRY_D = 0x40, ENTRY_LARGE = 0x80 };
enum { WINDOW = 0x300000, WINDOW_2 = 0x400000, PAGE = 0x1000, FRAMES = 4 };
enum { USER_RW = ENTRY_P | ENTRY_W | ENTRY_U, USER_R = ENTRY_P | ENTRY_U, KERNEL_RW = ENTRY_P | ENTRY_W,
       KERNEL_R = ENTRY_P };
/* Error codes. */
enum { E_PRESENT = 1, E_WRITE = 2, E_USER = 4 };
#define CR0_WP 0x10000u
#define CR0_PG 0x80000000u

static uint32_t directory[1024] __attribute__((aligned(4096)));
static uint32_t table[1024] __attribute__((aligned(4096))), table_2[1024] __attribute__((aligned(4096)));
static uint8_t frames[FRAMES][PAGE] __attribute__((aligned(4096)));

SNIPPET(get, "movl (%esi), %eax");
SNIPPET(put, "movl %eax, (%esi)");
SNIPPET(change, "addl %eax, (%esi)");
SNIPPET(exchange, "xchgl %eax, (%esi)");
SNIPPET(push, "pushl %eax");
SNIPPET(push_memory, "pushl (%esi)");
SNIPPET(pop, "popl %eax");
SNIPPET(pop_memory, "popl (%esi)");
SNIPPET(push_all, "pushal");
SNIPPET(pop_all, "popal");
SNIPPET(call, "call call_target\ncall_target: nop");
SNIPPET(call_memory, "call *(%esi)");
SNIPPET(enter_3, "enter $16, $3");
SNIPPET(leave, "leave");
SNIPPET(move_string, "rep movsb");
SNIPPET(store_string, "rep stosl");
SNIPPET(compare_string, "repe cmpsb");
SNIPPET(jump, "jmp *%esi");
SNIPPET(load_ds, "movw %ax, %ds");
SNIPPET(undefined, "ud2");
SNIPPET(invalidate, ".byte 0x0f, 0x01, 0x3e\nmovl (%esi), %eax");

static void flush(void)
{
	write_cr3((uint32_t)directory);
}

/* Page n of the window is frame n, with these rights (0: not present). */
static void map(unsigned n, uint32_t rights)
{
	table[WINDOW / PAGE + n] = rights ? (uint32_t)frames[n] | rights : 0;
	flush();
}

static void map_2(uint32_t directory_rights, uint32_t rights)
{
	table_2[0] = (uint32_t)frames[0] | rights;
	directory[1] = (uint32_t)table_2 | directory_rights;
	flush();
}

static void paging_on(void)
{
	for (unsigned i = 0; i < 1024; i++)
		table[i] = i * PAGE | USER_RW;
	directory[0] = (uint32_t)table | USER_RW;
	tss_main.cr3 = tss_other.cr3 = tss_fault.cr3 = (uint32_t)directory;
	flush();
	write_cr0(read_cr0() | CR0_PG);
	for (unsigned i = 0; i < FRAMES; i++)
		map(i, USER_RW);
}

static void paging_off(void)
{
	write_cr0(read_cr0() & ~CR0_PG);
	write_cr3(0);
}

static struct frame at(unsigned ring, const char *code, uint32_t address)
{
	struct frame frame = in_ring(ring, code);
	frame.esi = address;
	return frame;
}

/* The outcome is a page fault at eip, with that error code and CR2. */
static void claim_fault(const char *text, uint32_t error, uint32_t address, const void *eip)
{
	uint32_t cr2 = read_cr2();
	claim_trap(text, PF, error, eip);
	claim_equal("and CR2", cr2, address);
}

struct right {
	const char *text;
	unsigned ring;
	const char *code;
	uint32_t rights;
	bool faults;
	uint32_t error;
};

static const struct right rights[] = {
	{ "ring 3 reads a user page", 3, get, USER_R, false, 0 },
	{ "ring 3 writes a writable user page", 3, put, USER_RW, false, 0 },
	{ "ring 3 writes a read-only user page", 3, put, USER_R, true, E_PRESENT | E_WRITE | E_USER },
	{ "ring 3 changes a read-only user page", 3, change, USER_R, true, E_PRESENT | E_WRITE | E_USER },
	{ "ring 3 reads a supervisor page", 3, get, KERNEL_RW, true, E_PRESENT | E_USER },
	{ "ring 3 writes a supervisor page", 3, put, KERNEL_RW, true, E_PRESENT | E_WRITE | E_USER },
	{ "ring 3 reads a page that is not present", 3, get, 0, true, E_USER },
	{ "ring 3 writes a page that is not present", 3, put, 0, true, E_WRITE | E_USER },
	{ "ring 0 reads a page that is not present", 0, get, 0, true, 0 },
	{ "ring 0 writes a page that is not present", 0, put, 0, true, E_WRITE },
	{ "ring 0 reads a supervisor page", 0, get, KERNEL_R, false, 0 },
	{ "ring 0 writes a writable supervisor page", 0, put, KERNEL_RW, false, 0 },
	{ "ring 0 reads a user page", 0, get, USER_R, false, 0 },
	{ "ring 0 writes a read-only user page, without WP", 0, put, USER_R, false, 0 },
	{ "ring 0 writes a read-only supervisor page, without WP", 0, put, KERNEL_R, false, 0 },
	{ "ring 1 is a supervisor: reads", 1, get, KERNEL_RW, false, 0 },
	{ "ring 1 is a supervisor: writes read-only pages, without WP", 1, put, USER_R, false, 0 },
	{ "ring 1 reads a page that is not present", 1, get, 0, true, 0 },
};

static void try_right(const struct right *row)
{
	struct frame frame = at(row->ring, row->code, WINDOW + 0x124);
	map(0, row->rights);
	run(&frame);
	if (row->faults)
		claim_fault(row->text, row->error, WINDOW + 0x124, row->code);
	else
		claim_done(row->text);
}

static void one_level(void)
{
	for (unsigned i = 0; i < sizeof(rights) / sizeof(*rights); i++)
		try_right(&rights[i]);
	map(0, USER_RW);
}

/* Both levels must allow it (I386 6.4.3). */
static void two_levels(void)
{
	static const struct {
		const char *text, *code;
		uint32_t directory, table;
		bool faults;
		uint32_t error;
	} rows[] = {
		{ "both levels allow", put, USER_RW, USER_RW, false, 0 },
		{ "the directory's entry is read-only", put, USER_R, USER_RW, true, 7 },
		{ "the directory's entry is the supervisor's", get, KERNEL_RW, USER_RW, true, 5 },
		{ "the table's entry is read-only", put, USER_RW, USER_R, true, 7 },
		{ "the table's entry is the supervisor's", get, USER_RW, KERNEL_RW, true, 5 },
		{ "the directory's entry is not present", get, 0, USER_RW, true, 4 },
		{ "the table's entry is not present", put, USER_RW, 0, true, 6 },
	};
	for (unsigned i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct frame frame = at(3, rows[i].code, WINDOW_2 + 8);
		map_2(rows[i].directory, rows[i].table);
		run(&frame);
		if (rows[i].faults)
			claim_fault(rows[i].text, rows[i].error, WINDOW_2 + 8, rows[i].code);
		else
			claim_done(rows[i].text);
	}
}

static void write_protection(void)
{
	struct frame frame = at(0, put, WINDOW);
	map(0, USER_R);
	write_cr0(read_cr0() | CR0_WP);
	flush();
	run(&frame);
	if (family == 3) {
		claim_done("the i386 has no WP: ring 0 writes read-only pages");
	} else {
		claim_fault("WP: ring 0 does not write a read-only page", E_PRESENT | E_WRITE, WINDOW, put);
		frame = at(1, put, WINDOW);
		run(&frame);
		claim_fault("WP: nor does ring 1", E_PRESENT | E_WRITE, WINDOW, put);
	}
	write_cr0(read_cr0() & ~CR0_WP);
	map(0, USER_RW);
}

static uint32_t marks(uint32_t entry)
{
	return entry & (ENTRY_A | ENTRY_D);
}

static void accessed_and_dirty(void)
{
	struct frame frame = at(3, get, WINDOW_2);
	map_2(USER_RW, USER_RW);
	claim("nobody was there", !marks(directory[1]) && !marks(table_2[0]));
	run(&frame);
	claim_equal("reading sets A in the table", marks(table_2[0]), ENTRY_A);
	claim_equal("and in the directory", directory[1] & ENTRY_A, ENTRY_A);
	frame.eip = (uint32_t)put;
	run(&frame);
	claim_equal("writing after reading sets D", marks(table_2[0]), ENTRY_A | ENTRY_D);
	map_2(USER_RW, USER_RW);
	run(&frame);
	claim_equal("writing sets A and D", marks(table_2[0]), ENTRY_A | ENTRY_D);
	map_2(USER_RW, USER_R);
	run(&frame);
	claim_equal("a refused write does not set D", table_2[0] & ENTRY_D, 0);
	map_2(USER_RW, USER_RW);
	frame = at(3, jump, WINDOW_2);
	frames[0][0] = 0xcd;
	frames[0][1] = DONE;
	run(&frame);
	claim("fetching sets A and not D", outcome.vector == DONE && marks(table_2[0]) == ENTRY_A);
	map_2(USER_RW, USER_RW);
	frame = at(0, exchange, WINDOW_2);
	run(&frame);
	claim_equal("ring 0 sets them too", marks(table_2[0]), ENTRY_A | ENTRY_D);
}

/* The trial faults at address; then the page is there, and the trial goes on from where the processor says. */
static void restart(const char *text, struct frame *frame, unsigned missing, uint32_t error, uint32_t address)
{
	map(missing, 0);
	run(frame);
	claim_fault(text, error, address, (void *)frame->eip);
	claim_equal("the stack pointer is as before", outcome.esp, frame->esp);
	map(missing, USER_RW);
	struct frame again = outcome;
	run(&again);
	claim_done("it can be done again");
}

static uint32_t *word(uint32_t address)
{
	return (uint32_t *)address;
}

/* A read and then a write: the manuals do not say whether the fault counts as the one or the other. */
static void restart_of_change(const char *text, struct frame *frame)
{
	map(0, 0);
	run(frame);
	claim(text, outcome.vector == PF && (outcome.error & ~(uint32_t)E_WRITE) == E_USER &&
	      outcome.eip == frame->eip &&
	      read_cr2() == WINDOW);
	map(0, USER_RW);
	struct frame again = outcome;
	run(&again);
	claim_done("it can be done again");
}

static void restarts_of_memory(void)
{
	struct frame frame = at(3, put, WINDOW + PAGE - 2);
	frame.eax = 0x12345678;
	*word(WINDOW + PAGE - 4) = *word(WINDOW + PAGE) = 0;
	map(1, 0);
	run(&frame);
	claim_fault("writing over the end of a page into a missing one", E_WRITE | E_USER, WINDOW + PAGE, put);
	claim_equal("nothing was written to the first page", *word(WINDOW + PAGE - 4), 0);
	map(1, USER_RW);
	run(&frame);
	claim("then both halves are written", outcome.vector == DONE && *word(WINDOW + PAGE - 2) == 0x12345678);
	frame = at(3, get, WINDOW + PAGE - 1);
	restart("reading over the end of a page", &frame, 1, E_USER, WINDOW + PAGE);
	frame = at(3, get, WINDOW + PAGE - 1);
	restart("reading from a missing page into one that is there", &frame, 0, E_USER, WINDOW + PAGE - 1);
	*word(WINDOW) = 40;
	frame = at(3, change, WINDOW);
	frame.eax = 2;
	restart_of_change("changing memory", &frame);
	claim_equal("it was changed once", *word(WINDOW), 42);
	frame = at(3, exchange, WINDOW);
	frame.eax = 7;
	restart_of_change("xchg", &frame);
	claim("it was exchanged once", outcome.eax == 42 && *word(WINDOW) == 7);
}

static struct frame stack_at(const char *code, uint32_t esp)
{
	struct frame frame = in_ring(3, code);
	frame.esp = esp;
	frame.eax = 0xa5a5;
	return frame;
}

static void restarts_of_the_stack(void)
{
	struct frame frame = stack_at(push, WINDOW + PAGE);
	restart("push to a missing page", &frame, 0, E_WRITE | E_USER, WINDOW + PAGE - 4);
	claim_equal("it was pushed", *word(WINDOW + PAGE - 4), 0xa5a5);
	frame = stack_at(push_memory, WINDOW + PAGE);
	frame.esi = WINDOW + 2 * PAGE;
	restart("push of memory, from a missing page", &frame, 2, E_USER, WINDOW + 2 * PAGE);
	restart("push of memory, to a missing page", &frame, 0, E_WRITE | E_USER, WINDOW + PAGE - 4);
	frame = stack_at(pop, WINDOW + PAGE - 4);
	restart("pop from a missing page", &frame, 0, E_USER, WINDOW + PAGE - 4);
	frame = stack_at(pop_memory, WINDOW + 8);
	frame.esi = WINDOW + 2 * PAGE;
	restart("pop to memory, to a missing page", &frame, 2, E_WRITE | E_USER, WINDOW + 2 * PAGE);
	frame = stack_at(call, WINDOW + PAGE);
	restart("call to a missing stack", &frame, 0, E_WRITE | E_USER, WINDOW + PAGE - 4);
	frame = stack_at(call_memory, WINDOW + PAGE);
	*word(WINDOW + 2 * PAGE) = (uint32_t)call;
	frame.esi = WINDOW + 2 * PAGE;
	restart("call through a missing page", &frame, 2, E_USER, WINDOW + 2 * PAGE);
	frame = stack_at(leave, WINDOW + 0x100);
	frame.ebp = WINDOW + 2 * PAGE;
	restart("leave to a missing page", &frame, 2, E_USER, WINDOW + 2 * PAGE);
	claim_equal("leave moved the stack pointer once", outcome.esp, WINDOW + 2 * PAGE + 4);
}

/* Many pushes and pops in one instruction: none of them counts until all are possible. */
static void restarts_of_many(void)
{
	struct frame frame = stack_at(push_all, WINDOW + PAGE + 16);
	map(0, 0);
	run(&frame);
	claim_trap("pusha over the end of a page", PF, E_WRITE | E_USER, push_all);
	claim("CR2 is in the missing page", read_cr2() >= WINDOW && read_cr2() < WINDOW + PAGE);
	claim_equal("its stack pointer is as before", outcome.esp, frame.esp);
	map(0, USER_RW);
	run(&frame);
	claim("then all eight are there", outcome.vector == DONE && *word(WINDOW + PAGE + 12) == 0xa5a5 &&
	      outcome.esp == frame.esp - 32);
	frame = stack_at(pop_all, WINDOW + PAGE - 16);
	map(1, 0);
	run(&frame);
	claim_fault("popa over the end of a page", E_USER, WINDOW + PAGE, pop_all);
	claim_equal("the stack pointer is as before", outcome.esp, frame.esp);
	map(1, USER_RW);
	frame = stack_at(enter_3, WINDOW + PAGE);
	frame.ebp = WINDOW + 2 * PAGE + 0x20;
	map(2, 0);
	run(&frame);
	claim_fault("enter with levels, from a missing frame", E_USER, WINDOW + 2 * PAGE + 0x1c, enter_3);
	claim("neither stack nor frame pointer has moved", outcome.esp == frame.esp && outcome.ebp == frame.ebp);
	map(2, USER_RW);
	run(&frame);
	claim("then the frame is there", outcome.vector == DONE && outcome.ebp == WINDOW + PAGE - 4 &&
	      outcome.esp == WINDOW + PAGE - 16 - 16);
}

static void restarts_of_strings(void)
{
	struct frame frame = at(3, move_string, WINDOW);
	frame.edi = WINDOW + 2 * PAGE - 8;
	frame.ecx = 16;
	for (unsigned i = 0; i < 16; i++)
		frames[0][i] = (uint8_t)(i + 1);
	map(2, 0);
	run(&frame);
	claim_fault("rep movsb into a missing page", E_WRITE | E_USER, WINDOW + 2 * PAGE, move_string);
	claim("it stands at the byte that faulted", outcome.ecx == 8 && outcome.esi == WINDOW + 8 &&
	      outcome.edi == WINDOW + 2 * PAGE);
	map(2, USER_RW);
	struct frame again = outcome;
	run(&again);
	claim("and goes on there", outcome.vector == DONE && outcome.ecx == 0 && frames[1][PAGE - 1] == 8 &&
	      frames[2][7] == 16);
	frame = at(3, store_string, 0);
	frame.edi = WINDOW + 2 * PAGE - 8;
	frame.ecx = 4;
	frame.eax = 0x11223344;
	map(2, 0);
	run(&frame);
	claim_fault("rep stosl into a missing page", E_WRITE | E_USER, WINDOW + 2 * PAGE, store_string);
	claim_equal("it has two words to do", outcome.ecx, 2);
	map(2, USER_RW);
	again = outcome;
	run(&again);
	claim("and does them", outcome.vector == DONE && *word(WINDOW + 2 * PAGE + 4) == 0x11223344);
	frame = at(3, compare_string, WINDOW + PAGE - 4);
	frame.edi = WINDOW + 2 * PAGE - 4;
	frame.ecx = 8;
	for (unsigned i = 0; i < 8; i++)
		*(uint8_t *)(WINDOW + PAGE - 4 + i) = *(uint8_t *)(WINDOW + 2 * PAGE - 4 + i) = 9;
	map(2, 0);
	run(&frame);
	claim_fault("repe cmpsb into a missing page", E_USER, WINDOW + 2 * PAGE, compare_string);
	claim_equal("it has four to compare", outcome.ecx, 4);
	map(2, USER_RW);
}

static void fetches(void)
{
	struct frame frame = at(3, jump, WINDOW + 0x10);
	frames[0][0x10] = 0xcd; /* int $DONE */
	frames[0][0x11] = DONE;
	map(0, 0);
	run(&frame);
	claim_fault("fetching from a missing page: eip is the address", E_USER, WINDOW + 0x10, (void *)(WINDOW + 0x10));
	map(0, KERNEL_RW);
	run(&frame);
	claim_fault("fetching from a supervisor page in ring 3", E_USER | E_PRESENT, WINDOW + 0x10,
	            (void *)(WINDOW + 0x10));
	map(0, USER_R);
	run(&frame);
	claim_done("fetching from a read-only page");
	map(0, USER_RW);
	static const uint8_t code[] = { 0xb8, 1, 2, 3, 4, 0xcd, DONE }; /* mov eax, 0x04030201; int $DONE */
	for (unsigned i = 0; i < sizeof(code); i++)
		*(uint8_t *)(WINDOW + PAGE - 2 + i) = code[i];
	frame = at(3, jump, WINDOW + PAGE - 2);
	map(1, 0);
	run(&frame);
	claim_fault("an instruction that goes on in a missing page: eip is its first byte", E_USER, WINDOW + PAGE,
	            (void *)(WINDOW + PAGE - 2));
	map(1, USER_RW);
	struct frame again = outcome;
	run(&again);
	claim("then it is executed", outcome.vector == DONE && outcome.eax == 0x04030201);
}

/* The processor's own accesses are a supervisor's, whoever runs (I386 6.4.2). */
static void own_accesses(void)
{
	struct frame frame = in_ring(3, load_ds);
	uint32_t gdt_page = (uint32_t)gdt / PAGE;
	table[gdt_page] &= ~(uint32_t)ENTRY_U;
	flush();
	frame.eax = DATA3;
	run(&frame);
	claim_done("a segment load in ring 3 from a table in a supervisor page");
	table[gdt_page] |= ENTRY_U;
	set_descriptor(SCRATCH, WINDOW, 0xfff, SYS_LDT | PRESENT, 0);
	*word(WINDOW) = 0x0000ffff;
	*word(WINDOW + 4) = 0x00cff300; /* flat data of ring 3, accessed */
	map(0, KERNEL_RW);
	__asm__ volatile("lldt %w0" : : "r"(SCRATCH));
	frame.eax = 7;
	run(&frame);
	claim_done("the same of the LDT");
	map(0, 0);
	run(&frame);
	claim_fault("a segment load in ring 3 from a missing table: a supervisor's read", 0, WINDOW, load_ds);
	map(0, USER_RW);
	__asm__ volatile("lldt %w0" : : "r"(0));
}

static void no_stack(void)
{
	struct frame frame = in_ring(3, undefined);
	uint32_t esp0 = tss_main.esp0;
	tss_main.esp0 = WINDOW + PAGE;
	map(0, 0);
	run(&frame);
	claim_trap("no page for ring 0's stack: double fault", DF, 0, undefined);
	claim("CR2 is in that page", read_cr2() >= WINDOW && read_cr2() < WINDOW + PAGE);
	map(0, USER_RW);
	tss_main.esp0 = esp0;
}

static void changes_of_mappings(void)
{
	struct frame frame = at(3, get, WINDOW);
	*word(WINDOW) = 0x1111;
	*word(WINDOW + PAGE) = 0x2222;
	run(&frame);
	table[WINDOW / PAGE] = (uint32_t)frames[1] | USER_RW;
	flush();
	run(&frame);
	claim_equal("loading CR3 makes a new mapping seen", outcome.eax, 0x2222);
	if (family >= 4) {
		table[WINDOW / PAGE] = (uint32_t)frames[0] | USER_RW;
		frame = at(0, invalidate, WINDOW);
		run(&frame);
		claim_equal("invlpg makes a new mapping seen", outcome.eax, 0x1111);
		table[WINDOW / PAGE] = 0;
		run(&frame);
		claim_trap("invlpg of a page that went away: the next access faults", PF, 0, invalidate + 3);
	}
	map(0, USER_RW);
}

static void large_page(void)
{
	uint32_t a = 1, b, c, d;
	if (family < 5)
		return;
	__asm__ volatile("cpuid" : "+a"(a), "=b"(b), "=c"(c), "=d"(d));
	if (!(d & 8))
		return;
	__asm__ volatile("movl %%cr4, %0\norl $0x10, %0\nmovl %0, %%cr4" : "=r"(a));
	directory[2] = USER_RW | ENTRY_LARGE; /* 8 MiB: the first 4 MiB again */
	flush();
	struct frame frame = at(3, get, 0x800000 + (uint32_t)get);
	run(&frame);
	claim_equal("a 4 MB page", outcome.eax, *word((uint32_t)get));
	claim_equal("its directory entry is marked accessed, not dirty", marks(directory[2]), ENTRY_A);
	frame = at(3, put, 0x800000 + (uint32_t)frames[3]);
	frame.eax = 0x600d;
	run(&frame);
	claim("writing through it", outcome.vector == DONE && *word(WINDOW + 3 * PAGE) == 0x600d &&
	      marks(directory[2]) == (ENTRY_A | ENTRY_D));
	directory[2] = 0;
	flush();
	__asm__ volatile("movl %%cr4, %0\nandl $0xffffffef, %0\nmovl %0, %%cr4" : "=r"(a));
}

void chapter_paging(void)
{
	chapter("paging");
	paging_on();
	claim("paging is on, and we are here", read_cr0() & CR0_PG);
	one_level();
	two_levels();
	write_protection();
	accessed_and_dirty();
	chapter("page faults and going on");
	restarts_of_memory();
	restarts_of_the_stack();
	restarts_of_many();
	restarts_of_strings();
	fetches();
	own_accesses();
	no_stack();
	changes_of_mappings();
	large_page();
	paging_off();
	reset_tables();
}
