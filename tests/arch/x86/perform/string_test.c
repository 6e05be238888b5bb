/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Strings and ports: element by element the same in bulk; faults and deadlines between elements; the I/O bitmap. */
#include "bed.h"

#define CPU(bed) ((bed)->x86.cpu)
#define REP_MOVSD 0xf3, 0xa5
#define REP_STOSD 0xf3, 0xab

static void fill(struct bed *bed, laddr_t address, unsigned size)
{
	for (unsigned i = 0; i < size; i++)
		bed->ram[address + i] = (uint8_t)(i * 7 + 1);
}

static void set(struct bed *bed, uint32_t esi, uint32_t edi, uint32_t ecx)
{
	CPU(bed).reg[ESI] = esi;
	CPU(bed).reg[EDI] = edi;
	CPU(bed).reg[ECX] = ecx;
}

Test(string, rep_movs_moves_all_and_charges_begin_and_each)
{
	struct bed *bed = bed_create(4, 0);

	fill(bed, 0x20000, 0x3000);
	set(bed, 0x20004, 0x30ff8, 0x800);
	cr_assert_eq(DO(bed, REP_MOVSD), -1);
	cr_assert_arr_eq(bed->ram + 0x30ff8, bed->ram + 0x20004, 0x2000);
	cr_assert_eq(CPU(bed).reg[ESI], 0x22004);
	cr_assert_eq(CPU(bed).reg[EDI], 0x32ff8);
	cr_assert_eq(CPU(bed).reg[ECX], 0);
	cr_assert_eq(CPU(bed).eip, BED_CODE + 2u);
	cr_assert_eq(bed->ledger.now, CYCLES(REP_MOVS) + 0x800 * CYCLES(REP_MOVS_EACH));
	cr_assert_eq(bed->ledger.instructions, 1);
	bed_destroy(bed);
}

Test(string, without_rep_one_element_moves)
{
	struct bed *bed = bed_create(4, 0);

	fill(bed, 0x20000, 16);
	set(bed, 0x20001, 0x30000, 7);
	cr_assert_eq(DO(bed, 0xa4), -1); /* movsb */
	cr_assert_eq(DO(bed, 0x66, 0xa5), -1); /* movsw */
	cr_assert_eq(bed_word(bed, 0x30000) & 0xffffff, 0x160f08);
	cr_assert_eq(CPU(bed).reg[ESI], 0x20004);
	cr_assert_eq(CPU(bed).reg[ECX], 7);
	cr_assert_eq(bed->ledger.now, 2 * CYCLES(MOVS) + CYCLES(PREFIX));
	bed_destroy(bed);
}

Test(string, a_count_of_zero_costs_the_beginning_only)
{
	struct bed *bed = bed_create(4, 0);

	set(bed, 0xffffffff, 0xffffffff, 0);
	cr_assert_eq(DO(bed, REP_MOVSD), -1);
	cr_assert_eq(bed->ledger.now, CYCLES(REP_MOVS));
	cr_assert_eq(CPU(bed).eip, BED_CODE + 2u);
	bed_destroy(bed);
}

/* The naive second implementation: one element at a time, by the manual's words. */
static void naive_movs(uint8_t *ram, uint32_t esi, uint32_t edi, uint32_t count, unsigned size, bool down)
{
	while (count-- > 0) {
		uint8_t element[4];
		memcpy(element, ram + esi, size);
		memcpy(ram + edi, element, size);
		esi += down ? 0u - size : size;
		edi += down ? 0u - size : size;
	}
}

Test(string, overlapping_moves_of_every_size_and_direction_are_those_of_single_elements)
{
	static const uint8_t opcode[] = { 0xa4, 0, 0xa5 };

	for (int distance = -9; distance <= 9; distance++)
		for (unsigned size = 1; size <= 4; size *= 2)
			for (unsigned down = 0; down < 2; down++) {
				struct bed *bed = bed_create(4, 0);
				uint8_t *expected = malloc(BED_RAM);
				uint32_t from = down ? 0x22ff0 : 0x20ff3, count = 3000 / size;
				fill(bed, 0x20000, 0x4000);
				CPU(bed).eflags |= down ? EFLAGS_DF : 0;
				set(bed, from, from + (uint32_t)distance, count);
				memcpy(expected, bed->ram, BED_RAM);
				naive_movs(expected, from, from + (uint32_t)distance, count, size, down);
				if (size == 2)
					cr_assert_eq(DO(bed, 0xf3, 0x66, 0xa5), -1);
				else
					cr_assert_eq(DO(bed, 0xf3, opcode[size / 2]), -1);
				cr_assert(memcmp(bed->ram + 0x20000, expected + 0x20000, 0x4000) == 0,
				          "distance %d size %u down %u", distance, size, down);
				cr_assert_eq(CPU(bed).reg[ESI], from + (down ? 0u - count * size : count * size));
				free(expected);
				bed_destroy(bed);
			}
}

Test(string, a_page_fault_leaves_the_elements_done_and_the_instruction_to_restart)
{
	struct bed *bed = bed_create(4, 3);

	bed_paging(bed);
	bed_page(bed, 0x32000, 0);
	fill(bed, 0x20000, 0x2000);
	set(bed, 0x20000, 0x31000, 0x600);
	cr_assert_eq(DO(bed, REP_MOVSD), VECTOR_PF);
	cr_assert_eq(bed->fault.address, 0x32000);
	cr_assert_eq(bed->fault.error, PF_WRITE | PF_USER);
	cr_assert_eq(CPU(bed).reg[ECX], 0x200);
	cr_assert_eq(CPU(bed).reg[EDI], 0x32000);
	cr_assert_eq(CPU(bed).eip, (uint32_t)BED_CODE);
	cr_assert_eq(bed->ledger.instructions, 0);
	x86_trap(&bed->x86, VECTOR_PF, TRAP_EXCEPTION, CPU(bed).eip, true, 0);
	cr_assert(!CPU(bed).string_begun, "it begins afresh");
	bed_destroy(bed);
}

Test(string, an_element_across_a_missing_page_is_not_written_at_all)
{
	struct bed *bed = bed_create(4, 3);

	bed_paging(bed);
	bed_page(bed, 0x32000, 0);
	CPU(bed).reg[EAX] = 0x11223344;
	set(bed, 0, 0x31ffe, 1);
	cr_assert_eq(DO(bed, REP_STOSD), VECTOR_PF);
	cr_assert_eq(bed->fault.address, 0x32000);
	cr_assert_eq(bed_word(bed, 0x31ffc), 0);
	bed_destroy(bed);
}

Test(string, a_segment_limit_stops_at_the_element_that_exceeds_it)
{
	struct bed *bed = bed_create(4, 0);

	bed_segment(bed, FREE, 0x30000, 0x106, IS_DATA, B);
	bed_load(bed, ES, FREE);
	set(bed, 0, 0, 1000);
	cr_assert_eq(DO(bed, REP_STOSD), VECTOR_GP);
	FAULTS(bed, VECTOR_GP, 0);
	cr_assert_eq(CPU(bed).reg[EDI], 0x104);
	cr_assert_eq(CPU(bed).reg[ECX], 1000 - 0x41);
	bed_destroy(bed);
}

Test(string, sixteen_bit_addresses_wrap_and_leave_the_upper_halves)
{
	struct bed *bed = bed_create(4, 0);

	CPU(bed).reg[EAX] = 0x5a;
	set(bed, 0, 0xaaaafffe, 0xbbbb0004);
	cr_assert_eq(DO(bed, 0xf3, 0x67, 0xaa), -1); /* rep stosb with 16-bit addresses */
	cr_assert_eq(CPU(bed).reg[EDI], 0xaaaa0002);
	cr_assert_eq(CPU(bed).reg[ECX], 0xbbbb0000);
	cr_assert(bed->ram[0xfffe] == 0x5a && bed->ram[0xffff] == 0x5a && bed->ram[0] == 0x5a && bed->ram[1] == 0x5a);
	bed_destroy(bed);
}

Test(string, the_deadline_stops_between_elements_and_the_beginning_is_not_paid_again)
{
	struct bed *bed = bed_create(4, 0);
	uint64_t each = CYCLES(REP_STOS_EACH), begin = CYCLES(REP_STOS);

	set(bed, 0, 0x20000, 1000);
	bed->ledger.deadline = begin + 10 * each + 1;
	cr_assert_eq(DO(bed, REP_STOSD), -1);
	cr_assert_eq(CPU(bed).reg[ECX], 1000 - 11, "the first element that reaches the deadline is the last");
	cr_assert_eq(CPU(bed).eip, (uint32_t)BED_CODE);
	cr_assert_eq(bed->ledger.instructions, 0);
	bed->ledger.deadline = CYCLE_NEVER;
	cr_assert_eq(DO(bed, REP_STOSD), -1);
	cr_assert_eq(CPU(bed).reg[ECX], 0);
	cr_assert_eq(bed->ledger.now, begin + 1000 * each);
	cr_assert_eq(bed->ledger.instructions, 1);
	bed_destroy(bed);
}

Test(string, after_an_interrupt_the_beginning_is_paid_again)
{
	struct bed *bed = bed_create(4, 0);
	uint64_t each = CYCLES(REP_STOS_EACH), begin = CYCLES(REP_STOS);

	set(bed, 0, 0x20000, 1000);
	bed->ledger.deadline = begin + 10 * each;
	DO(bed, REP_STOSD);
	x86_trap(&bed->x86, 0x20, TRAP_EXTERNAL, CPU(bed).eip, false, 0);
	cr_assert(bed_word(bed, BED_STACK0 - 4) & EFLAGS_RF);
	bed->ledger.deadline = CYCLE_NEVER;
	cycle_t before = bed->ledger.now;
	DO(bed, REP_STOSD);
	cr_assert_eq(bed->ledger.now - before, begin + 990 * each);
	bed_destroy(bed);
}

Test(string, a_long_one_pauses_and_single_step_stops_at_every_element)
{
	struct bed *bed = bed_create(4, 0);

	set(bed, 0, 0x20000, 5000);
	cr_assert_eq(DO(bed, REP_STOSD), -1);
	cr_assert_eq(CPU(bed).reg[ECX], 5000 - 4096);
	cr_assert(CPU(bed).string_begun);
	CPU(bed).eflags |= EFLAGS_TF;
	cr_assert_eq(DO(bed, REP_STOSD), -1);
	cr_assert_eq(CPU(bed).reg[ECX], 5000 - 4097);
	bed_destroy(bed);
}

Test(string, lods_takes_its_segment_from_the_prefix)
{
	struct bed *bed = bed_create(4, 0);

	bed_segment(bed, FREE, 0x30000, 0xfff, IS_DATA, B);
	bed_load(bed, FS, FREE);
	bed_put(bed, 0x30010, 0xcafe1234);
	set(bed, 0x10, 0, 0);
	cr_assert_eq(DO(bed, 0x64, 0xad), -1); /* fs lodsd */
	cr_assert_eq(CPU(bed).reg[EAX], 0xcafe1234);
	cr_assert_eq(DO(bed, 0x64, 0xac), -1); /* fs lodsb */
	cr_assert_eq(CPU(bed).reg[EAX], 0xcafe1200);
	cr_assert_eq(CPU(bed).reg[ESI], 0x15);
	bed_destroy(bed);
}

/* --- ports --- */

Test(io, in_and_out_reach_the_bus_in_their_sizes)
{
	struct bed *bed = bed_create(4, 0);

	bed->answer = 0x11223344;
	CPU(bed).reg[EAX] = 0xffffffff;
	CPU(bed).reg[EDX] = 0x3f8;
	cr_assert_eq(DO(bed, 0xe4, 0x60), -1); /* in al, 0x60 */
	cr_assert(bed->port == 0x60 && bed->size == 1 && CPU(bed).reg[EAX] == 0xffffff44);
	cr_assert_eq(DO(bed, 0x66, 0xed), -1); /* in ax, dx */
	cr_assert(bed->port == 0x3f8 && bed->size == 2 && CPU(bed).reg[EAX] == 0xffff3344);
	cr_assert_eq(DO(bed, 0xef), -1); /* out dx, eax */
	cr_assert(bed->size == 4 && bed->value == 0xffff3344);
	cr_assert_eq(DO(bed, 0xee), -1); /* out dx, al */
	cr_assert(bed->size == 1 && bed->value == 0x44);
	cr_assert_eq(bed->ledger.now, 2 * CYCLES(IN) + 2 * CYCLES(OUT) + CYCLES(PREFIX) + 2 * CYCLES(BUS_IO8) +
	                                  CYCLES(BUS_IO16) + CYCLES(BUS_IO32));
	ledger_settle(&bed->ledger);
	cr_assert_eq(bed->ledger.total[CAUSE_BUS_IO], 2 * CYCLES(BUS_IO8) + CYCLES(BUS_IO16) + CYCLES(BUS_IO32));
	bed_destroy(bed);
}

struct bitmap_vector {
	uint16_t port;
	uint8_t opcode;           /* 0xec: 1 byte, 0xed: 4 bytes */
	uint8_t bits[2];          /* at the port's byte of the map */
	uint32_t limit;
	bool allowed;
};

Test(io, above_iopl_every_port_of_the_access_must_be_clear_in_the_bitmap)
{
	static const struct bitmap_vector row[] = {
		{ 0x40, 0xec, { 0, 0 }, 0xff, true }, { 0x40, 0xec, { 1, 0 }, 0xff, false },
		{ 0x40, 0xec, { 0xfe, 0xff }, 0xff, true }, { 0x47, 0xec, { 0x80, 0 }, 0xff, false },
		{ 0x40, 0xed, { 0xf0, 0xff }, 0xff, true }, { 0x40, 0xed, { 0x08, 0 }, 0xff, false },
		{ 0x46, 0xed, { 0x3f, 0xfc }, 0xff, true }, { 0x46, 0xed, { 0, 1 }, 0xff, false },
		{ 0x40, 0xec, { 0, 0 }, 0x71, true }, { 0x40, 0xec, { 0, 0 }, 0x70, false }, /* two bytes are read */
		{ 0x40, 0xec, { 0, 0 }, 0x66, false },
	};

	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct bed *bed = bed_create(4, 3);
		memcpy(bed->ram + BED_TSS + 0x68 + 8, row[i].bits, 2);
		CPU(bed).tr.limit = row[i].limit;
		CPU(bed).reg[EDX] = row[i].port;
		int vector = DO(bed, row[i].opcode);
		cr_assert_eq(vector, row[i].allowed ? -1 : VECTOR_GP, "row %u: %d", i, vector);
		cr_assert_eq(bed->accesses, row[i].allowed ? 1 : 0);
		if (row[i].allowed)
			cr_assert_eq(bed->ledger.now,
			             CYCLES(IN_CHECKED) +
			                     (row[i].opcode == 0xec ? CYCLES(BUS_IO8) : CYCLES(BUS_IO32)));
		bed_destroy(bed);
	}
}

Test(io, ins_does_not_touch_the_port_if_memory_would_fault)
{
	struct bed *bed = bed_create(4, 0);

	bed_paging(bed);
	bed_page(bed, 0x30000, 0);
	set(bed, 0, 0x30000, 3);
	cr_assert_eq(DO(bed, 0xf3, 0x6d), VECTOR_PF);
	cr_assert_eq(bed->accesses, 0);
	bed_page(bed, 0x30000, PAGE_P | PAGE_W);
	bed->answer = 0x01020304;
	cr_assert_eq(DO(bed, 0xf3, 0x6d), -1);
	cr_assert_eq(bed->accesses, 3);
	cr_assert_eq(bed_word(bed, 0x30008), 0x01020304);
	cr_assert_eq(bed->ledger.now, CYCLES(REP_INS) + 3 * (CYCLES(REP_INS_EACH) + CYCLES(BUS_IO32)));
	bed_destroy(bed);
}

Test(io, outs_writes_memory_to_the_port)
{
	struct bed *bed = bed_create(4, 0);

	fill(bed, 0x20000, 8);
	set(bed, 0x20000, 0, 2);
	CPU(bed).reg[EDX] = 0x70;
	cr_assert_eq(DO(bed, 0x6e), -1); /* outsb */
	cr_assert(bed->port == 0x70 && bed->value == 1);
	cr_assert_eq(bed->ledger.now, CYCLES(OUTS) + CYCLES(BUS_IO8));
	bed_destroy(bed);
}
