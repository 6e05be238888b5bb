/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The MIPS engine passes its own test, beside the x86's in one process. */
#include <criterion/criterion.h>
#include "sim/engine/private.h"

Test(engine, passes_its_self_test)
{
	const char *failed = engine_mips_self_test();
	cr_assert(!failed, "%s", failed);
}

Test(engine, passes_it_again_after_the_other_architecture_s)
{
	cr_assert(!engine_x86_self_test());
	cr_assert(!engine_mips_self_test());
}

static bool fill_nothing(void *ctx, laddr_t page, enum access access, struct engine_fill *fill)
{
	(void)ctx;
	(void)page;
	(void)access;
	(void)fill;
	return false;
}

Test(engine, both_architectures_live_side_by_side)
{
	static uint8_t ram[2][PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
	const struct engine_hooks hooks = { .fill = fill_nothing };
	struct muk_error error = { 0 };
	struct engine *mips, *x86;
	cr_assert_eq(engine_open_mips(&mips, ram[0], PAGE_SIZE, &hooks, &error), MUK_OK, "%s", error.text);
	cr_assert_eq(engine_open(&x86, ram[1], PAGE_SIZE, &hooks, &error), MUK_OK, "%s", error.text);
	struct engine_mips_cpu cpu = { .hi = 5, .lo = 6, .user = true }, back;
	for (unsigned n = 1; n < 32; n++)
		cpu.reg[n] = 0x01010101 * n;
	engine_mips_load(mips, &cpu);
	cr_assert_eq(engine_run(mips, 0x1000), ENGINE_REFUSED);
	engine_mips_store(mips, &back, ENGINE_MIPS_ALL);
	for (unsigned n = 0; n < 32; n++)
		cr_assert_eq(back.reg[n], cpu.reg[n]);
	cr_assert_eq(back.hi, 5);
	cr_assert_eq(back.lo, 6);
	cr_assert_eq(back.pc, 0x1000);
	engine_close(mips);
	engine_close(x86);
}
