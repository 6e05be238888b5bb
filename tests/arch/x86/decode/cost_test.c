/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Static costs: each rule alone, on a model whose constants are told apart, and
 * Pentium sequences whose cycles the optimization manuals print or imply.
 */
#include <criterion/criterion.h>
#include <string.h>
#include "sim/arch/x86/decode.h"

enum { MAX = 16 };

static struct model plain_model(void)
{
	struct model model = { .family = 4 };
	for (unsigned i = 0; i < X86_COST_COUNT; i++)
		model.cost[i] = 1;
	model.cost[COST_MEMORY_READ_WAIT] = model.cost[COST_MEMORY_WRITE_WAIT] = 0;
	model.cost[COST_ALU_RM] = 2;
	model.cost[COST_ALU_MR] = 3;
	model.cost[COST_AGI] = 10;
	model.cost[COST_INDEX] = 100;
	model.cost[COST_IMMEDIATE_DISPLACEMENT] = 200;
	model.cost[COST_PREFIX] = 1000;
	model.cost[COST_LOCK] = 2000;
	model.cost[COST_JCC_TAKEN] = 7;
	model.cost[COST_LOOP_TAKEN] = 8;
	model.cost[COST_ENTER_LEVEL] = 5;
	model.cost[COST_MULDIV_MEM] = 50;
	model.cost[COST_DIV16] = 24;
	model.cost[COST_DIV32] = 40;
	model.cost[COST_REP_CMPS] = 70;
	model.cost[COST_REP_CMPS_EACH] = 9;
	return model;
}

static struct model pentium(void)
{
	struct model model = plain_model();
	model.family = 5;
	model.pairing = model.branch_prediction = true;
	model.cost[COST_AGI] = 1;
	model.cost[COST_INDEX] = model.cost[COST_IMMEDIATE_DISPLACEMENT] = 0;
	model.cost[COST_PREFIX] = 1;
	return model;
}

static unsigned decode_all(const uint8_t *bytes, unsigned size, struct x86_instruction insn[static MAX])
{
	unsigned n = 0;
	for (unsigned at = 0; at < size; at += insn[n++].length) {
		cr_assert(n < MAX);
		cr_assert_neq(x86_decode(bytes + at, size - at, true, 5, &insn[n]), 0);
	}
	return n;
}

static uint32_t cycles_of(const struct model *model, const uint8_t *bytes, unsigned size)
{
	struct x86_instruction insn[MAX];
	struct x86_block_cost cost;
	uint32_t prefix[MAX + 1];
	unsigned n = decode_all(bytes, size, insn);
	x86_block_cost(model, insn, n, prefix, &cost);
	cr_expect_eq(cost.count, n);
	cr_expect_eq(prefix[0], 0);
	cr_expect_eq(prefix[n], cost.cycles);
	for (unsigned i = 0; i < n; i++)
		cr_expect(prefix[i] <= prefix[i + 1]);
	return cost.cycles;
}

#define CYCLES(model_, ...) \
	cycles_of(&(model_), (const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ }))

Test(cost, of_a_block_is_the_sum_of_its_instructions)
{
	struct model model = plain_model();
	/* mov, add eax,[ecx], add [ebx],ecx */
	cr_expect_eq(CYCLES(model, 0x89, 0xc8, 0x03, 0x01, 0x01, 0x0b), 1 + 2 + 3);
}

Test(cost, of_what_the_simulator_performs_is_not_in_the_block)
{
	struct model model = plain_model();
	cr_expect_eq(CYCLES(model, 0xfa, 0x90, 0xcd, 0x80), 1); /* cli, nop, int 0x80 */
}

Test(cost, has_an_interlock_for_an_address_register_just_written)
{
	struct model model = plain_model();
	cr_expect_eq(CYCLES(model, 0x89, 0xc8, 0x8b, 0x10), 1 + 11);             /* mov eax,ecx; mov edx,[eax] */
	cr_expect_eq(CYCLES(model, 0x89, 0xc8, 0x90, 0x8b, 0x10), 1 + 1 + 1);    /* a nop between */
	cr_expect_eq(CYCLES(model, 0x89, 0xc4, 0x50), 1 + 11);                   /* mov esp,eax; push eax */
	cr_expect_eq(CYCLES(model, 0x50, 0x53), 2);                              /* push, push: no interlock */
	cr_expect_eq(CYCLES(model, 0x58, 0x8b, 0x54, 0x24, 0x04), 2 );           /* pop eax; mov edx,[esp+4] */
	cr_expect_eq(CYCLES(model, 0x58, 0x8b, 0x10), 1 + 11);                   /* pop eax; mov edx,[eax] */
	cr_expect_eq(CYCLES(model, 0x5c, 0x50), 1 + 11);                         /* pop esp; push eax */
	cr_expect_eq(CYCLES(model, 0xb4, 0x01, 0x8b, 0x10), 1 + 11);             /* mov ah,1; mov edx,[eax] */
}

Test(cost, adds_what_decoding_adds)
{
	struct model model = plain_model();
	cr_expect_eq(CYCLES(model, 0x8b, 0x04, 0x0b), 101);                      /* mov eax,[ebx+ecx] */
	cr_expect_eq(CYCLES(model, 0x8b, 0x04, 0x8d, 0, 0, 0, 0), 1);            /* mov eax,[ecx*4+0]: one register */
	cr_expect_eq(CYCLES(model, 0xc6, 0x43, 0x04, 0x01), 201);                /* mov byte [ebx+4],1 */
	cr_expect_eq(CYCLES(model, 0x66, 0x89, 0xc8), 1001);                     /* mov ax,cx */
	cr_expect_eq(CYCLES(model, 0xf0, 0x01, 0x0b), 3 + 2000);                 /* lock add [ebx],ecx */
	cr_expect_eq(CYCLES(model, 0xc8, 0, 0, 3), 1 + 3 * 5);                   /* enter 0,3 */
	cr_expect_eq(CYCLES(model, 0xf7, 0xf1), 40);                             /* div ecx */
	cr_expect_eq(CYCLES(model, 0x66, 0xf7, 0xf1), 24 + 1000);                /* div cx */
	cr_expect_eq(CYCLES(model, 0xf7, 0x31), 40 + 50);                        /* div dword [ecx] */
}

Test(cost, tells_a_conditional_end_and_what_taking_it_adds)
{
	struct x86_instruction insn[MAX];
	struct x86_block_cost cost;
	struct model model = plain_model();
	unsigned n = decode_all((const uint8_t[]){ 0x90, 0x74, 0x00 }, 3, insn); /* nop; je */
	x86_block_cost(&model, insn, n, NULL, &cost);
	cr_expect(cost.conditional);
	cr_expect_eq(cost.cycles, 2);
	cr_expect_eq(cost.taken, 7);
	cr_expect_not(cost.predicted);
	model.branch_prediction = true;
	x86_block_cost(&model, insn, n, NULL, &cost);
	cr_expect(cost.conditional && cost.predicted);
	cr_expect_eq(cost.taken, 0);
	n = decode_all((const uint8_t[]){ 0xe2, 0x00 }, 2, insn); /* loop */
	x86_block_cost(&model, insn, n, NULL, &cost);
	cr_expect(cost.conditional && !cost.predicted);
	cr_expect_eq(cost.taken, 8);
	n = decode_all((const uint8_t[]){ 0xeb, 0x00 }, 2, insn); /* jmp */
	x86_block_cost(&model, insn, n, NULL, &cost);
	cr_expect_not(cost.conditional);
	cr_expect_eq(cost.taken, 0);
}

Test(cost, of_repeated_compares_is_one_iteration_and_a_beginning_apart)
{
	struct x86_instruction insn[MAX];
	struct x86_block_cost cost;
	struct model model = plain_model();
	unsigned n = decode_all((const uint8_t[]){ 0x90, 0xf3, 0xa6 }, 3, insn); /* nop; repe cmpsb */
	x86_block_cost(&model, insn, n, NULL, &cost);
	cr_expect_eq(cost.cycles, 1 + 9);
	cr_expect_eq(cost.begin, 70);
	cr_expect(insn[1].ends_block);
}

Test(pairing, issues_two_simple_instructions_in_one_cycle)
{
	struct model model = pentium();
	cr_expect_eq(CYCLES(model, 0x89, 0xc8, 0x89, 0xda), 1);              /* mov eax,ecx; mov edx,ebx */
	cr_expect_eq(CYCLES(model, 0x89, 0xc8, 0x89, 0xda, 0x90), 2);
	cr_expect_eq(CYCLES(model, 0x50, 0x53, 0x51, 0x52), 2);              /* four pushes */
	cr_expect_eq(CYCLES(model, 0x58, 0x5b), 1);                          /* pop, pop */
	cr_expect_eq(CYCLES(model, 0x50, 0xe8, 0, 0, 0, 0), 1);              /* push; call */
	cr_expect_eq(CYCLES(model, 0x39, 0xc8, 0x74, 0), 1);                 /* cmp; je */
	cr_expect_eq(CYCLES(model, 0x39, 0xc8, 0x0f, 0x84, 0, 0, 0, 0), 1);  /* cmp; je near */
}

Test(pairing, is_refused_where_the_manual_refuses_it)
{
	struct model model = pentium();
	/* mov eax,ecx; mov edx,eax: read after write */
	cr_expect_eq(CYCLES(model, 0x89, 0xc8, 0x89, 0xc2), 2);
	/* mov eax,ecx; mov eax,edx: write after write */
	cr_expect_eq(CYCLES(model, 0x89, 0xc8, 0x89, 0xd0), 2);
	/* mov eax,ecx; mov ecx,edx: write after read */
	cr_expect_eq(CYCLES(model, 0x89, 0xc8, 0x89, 0xd1), 1);
	cr_expect_eq(CYCLES(model, 0xb0, 0x01, 0xb4, 0x02), 2);              /* mov al; mov ah: one register */
	cr_expect_eq(CYCLES(model, 0x89, 0xc8, 0x11, 0xda), 2);              /* adc only in U */
	cr_expect_eq(CYCLES(model, 0x11, 0xda, 0x89, 0xc8), 1);
	cr_expect_eq(CYCLES(model, 0x89, 0xc8, 0xc1, 0xe2, 0x02), 2);        /* shl only in U */
	cr_expect_eq(CYCLES(model, 0x89, 0xc8, 0xf7, 0xda), 2);              /* neg nowhere */
	cr_expect_eq(CYCLES(model, 0x74, 0, 0x89, 0xc8), 2);                 /* je only in V */
	cr_expect_eq(CYCLES(model, 0xc6, 0x43, 4, 1, 0x89, 0xc8), 2);        /* displacement and immediate */
	/* prefix: not in V, and a cycle of its own */
	cr_expect_eq(CYCLES(model, 0x89, 0xc8, 0x66, 0x89, 0xda), 3);
	cr_expect_eq(CYCLES(model, 0x50, 0x58), 2);                          /* push; pop */
}

Test(pairing, overlaps_longer_instructions_as_the_tables_say)
{
	struct model model = pentium();
	cr_expect_eq(CYCLES(model, 0x03, 0x01, 0x03, 0x13), 2);              /* add eax,[ecx]; add edx,[ebx] */
	cr_expect_eq(CYCLES(model, 0x01, 0x01, 0x03, 0x13), 4);              /* add [ecx],eax; add edx,[ebx] */
	cr_expect_eq(CYCLES(model, 0x03, 0x01, 0x01, 0x13), 3);              /* add eax,[ecx]; add [ebx],edx */
	cr_expect_eq(CYCLES(model, 0x01, 0x01, 0x01, 0x13), 5);              /* add [ecx],eax; add [ebx],edx */
}

Test(pairing, stalls_a_pair_for_an_address_written_in_the_cycle_before)
{
	struct model model = pentium();
	/* mov eax,ecx | mov edx,ebx ; mov esi,[eax] | mov edi,[edx] */
	cr_expect_eq(CYCLES(model, 0x89, 0xc8, 0x89, 0xda, 0x8b, 0x30, 0x8b, 0x3a), 3);
	/* mov eax,ecx | mov edx,ebx ; nop | nop ; mov esi,[eax] */
	cr_expect_eq(CYCLES(model, 0x89, 0xc8, 0x89, 0xda, 0x90, 0x90, 0x8b, 0x30), 3);
}

Test(cost, passes_over_an_absent_no_op)
{
	struct model model = pentium();
	struct x86_instruction insn[MAX];
	struct x86_block_cost with, without;
	uint32_t prefix[MAX + 1];
	unsigned n = decode_all((const uint8_t[]){ 0x89, 0xc8, 0x90, 0x89, 0xda, 0x8b, 0x30 }, 7, insn);
	insn[1].absent = true;
	x86_block_cost(&model, insn, n, prefix, &with);
	cr_expect_eq(prefix[2], prefix[1], "the no-op itself costs nothing");
	cr_expect_eq(with.count, 4);
	n = decode_all((const uint8_t[]){ 0x89, 0xc8, 0x89, 0xda, 0x8b, 0x30 }, 6, insn);
	x86_block_cost(&model, insn, n, NULL, &without);
	cr_expect_eq(with.cycles, without.cycles);
}

/* Wait states are told apart by their digits: 1000 a read, 100000 a write. */
Test(cost, waits_for_each_access_to_memory_without_a_cache)
{
	struct model model = plain_model(), cached;
	model.cost[COST_PREFIX] = model.cost[COST_LOCK] = model.cost[COST_AGI] = 0;
	uint32_t enter = CYCLES(model, 0xc8, 16, 0, 3);
	model.cost[COST_MEMORY_READ_WAIT] = 1000;
	model.cost[COST_MEMORY_WRITE_WAIT] = 100000;
	cr_expect_eq(CYCLES(model, 0x89, 0xc8), 1);                          /* mov eax,ecx */
	cr_expect_eq(CYCLES(model, 0x8d, 0x01), 1);                          /* lea eax,[ecx] */
	cr_expect_eq(CYCLES(model, 0x8b, 0x01), 1001);                       /* mov eax,[ecx] */
	cr_expect_eq(CYCLES(model, 0x8a, 0x01), 1001);                       /* mov al,[ecx] */
	cr_expect_eq(CYCLES(model, 0x89, 0x01), 100001);                     /* mov [ecx],eax */
	cr_expect_eq(CYCLES(model, 0x01, 0x01), 101003);                     /* add [ecx],eax */
	cr_expect_eq(CYCLES(model, 0x50), 100001);                           /* push eax */
	cr_expect_eq(CYCLES(model, 0x58), 1001);                             /* pop eax */
	cr_expect_eq(CYCLES(model, 0xff, 0x31), 101001);                     /* push [ecx] */
	cr_expect_eq(CYCLES(model, 0x60), 800001);                           /* pusha */
	cr_expect_eq(CYCLES(model, 0x61), 8001);                             /* popa */
	cr_expect_eq(CYCLES(model, 0xe8, 0, 0, 0, 0), 100001);               /* call */
	cr_expect_eq(CYCLES(model, 0xc3), 1001);                             /* ret */
	cr_expect_eq(CYCLES(model, 0xc8, 16, 0, 3), enter + 402000);         /* enter: 2 reads, 4 writes */
	cr_expect_eq(CYCLES(model, 0xa7), 2001);                             /* cmpsd */
	cr_expect_eq(CYCLES(model, 0x0f, 0xc7, 0x09), 202001);               /* cmpxchg8b: two double words */
	cr_expect_eq(CYCLES(model, 0xfa), 0);                                /* cli: where it is performed */
	cached = model;
	cached.cache_enabled = true;
	cr_expect_eq(CYCLES(cached, 0x01, 0x01), 3);
}
