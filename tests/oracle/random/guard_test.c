/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words that end the engine's process if it translates them: a branch of the absent coprocessor 1 in the slot of a branch
 * (sim/arch/mips/guard.c).  A guest that has them has an exception, and the machine goes on.
 */
#include <criterion/criterion.h>
#include "duel.h"
#include "tests/oracle/code.h"

static struct stage stage;
static struct duel duel;

enum { CYCLES = 4000, PAGE = 4096 };

static const uint32_t branches[] = {
	0x11000001, /* beq t0,zero */ 0x0100f808, /* jr t0, with bits that must be zero */ 0x0c000000, /* jal */
	0x05110001, /* bgezal t0 */ 0x51000001, /* beql t0,zero: R4000 */
};

static uint32_t absent(unsigned rs) { return 0x44000000u | rs << 21 | 0x000a6f13u; }

/* Random code, but that its first words are these, `at` bytes into its page. */
static void make(unsigned generation, uint32_t at, unsigned n, const uint32_t *words)
{
	stage_make(&stage, 3, generation);
	stage.model.caches = false;
	stage.pc += at;
	for (unsigned i = 0; i < n; i++)
		stage_put(&stage, STAGE_KERNEL_CODE + at + 4 * i, words[i]);
}

/* The machine lives, and does as the oracle. */
static void lives(enum duel_way way)
{
	cr_assert(duel_begin(&duel, &stage, way), "%s", duel.witness.report);
	cr_expect(duel_run(&duel, CYCLES, 1), "%s", duel.witness.report);
	cr_expect_gt(duel.oracle->count.traps, 0);
	duel_end(&duel);
}

Test(guard, a_branch_of_an_absent_coprocessor_in_a_slot_is_an_exception)
{
	for (size_t n = 0; n < sizeof branches / sizeof *branches; n++)
		for (unsigned rs = 8; rs < 32; rs += rs == 15 ? 9 : 1) {
			const uint32_t words[] = { NOP, branches[n], absent(rs), NOP };

			make(n == 4 ? 4 : 3, 0, 4, words);
			lives(WAY_EVERY_ACCESS);
		}
}

Test(guard, and_in_a_slot_in_the_next_page)
{
	const uint32_t words[] = { NOP, branches[0], absent(8) };

	make(3, PAGE - 8, 3, words);
	lives(WAY_EVERY_ACCESS);
}

Test(guard, and_where_code_writes_it_into_itself)
{
	const uint32_t words[] = {
		code_i(O_LUI, T0, ZERO, 0x4500), code_i(O_ADDIU, T1, ZERO, 3), code_i(O_LUI, T2, ZERO, 0x8001),
		code_i(O_ADDIU, T1, T1, 0xffff), code_i(O_BNE, ZERO, T1, -2), NOP, /* it is in the engine by now */
		code_i(O_SW, T0, T2, 4 * 9), NOP, code_i(O_BEQ, ZERO, ZERO, 1), NOP, NOP
	};

	make(3, 0, sizeof words / sizeof *words, words);
	lives(WAY_EVERY_ACCESS);
}
