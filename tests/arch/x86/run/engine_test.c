/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The engine passes its own test, and what the test stands on is seen once more from outside. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include "sim/engine/engine.h"
#include "sim/engine/private.h"

Test(engine, passes_its_self_test)
{
	const char *failed = engine_x86_self_test();
	cr_assert(!failed, "%s", failed);
}

Test(engine, passes_its_self_test_again_in_the_same_process)
{
	cr_assert(!engine_x86_self_test());
	cr_assert(!engine_x86_self_test());
}

static bool fill_nothing(void *ctx, laddr_t page, enum access access, struct engine_fill *fill)
{
	(void)ctx;
	(void)page;
	(void)access;
	(void)fill;
	return false;
}

static void no_block(void *unused, uint64_t address, uint32_t size, void *ctx)
{
	(void)unused;
	(void)address;
	(void)size;
	++*(unsigned *)ctx;
}

static void no_interrupt(void *ctx, uint32_t vector)
{
	(void)ctx;
	(void)vector;
}

Test(engine, refused_fetch_stops_at_its_address_before_any_block)
{
	unsigned blocks = 0;
	struct engine_hooks hooks = { &blocks, fill_nothing, no_block, no_interrupt, no_block, NULL, &blocks, NULL };
	uint8_t *ram = aligned_alloc(PAGE_SIZE, PAGE_SIZE);
	struct engine *engine;
	struct muk_error error;
	cr_assert_eq(engine_open(&engine, ram, PAGE_SIZE, &hooks, &error), MUK_OK);
	struct engine_cpu cpu = { .eip = 0x1234 };
	cpu.seg[1] = (struct engine_segment){ 8, 0x10000, 0xffffffff, 0xcf9b00 };
	engine_load(engine, &cpu);
	cr_assert_eq(engine_run(engine, cpu.eip), ENGINE_REFUSED);
	engine_store(engine, &cpu);
	cr_assert_eq(cpu.eip, 0x1234);
	cr_assert_eq(blocks, 0);
	engine_close(engine);
	free(ram);
}

Test(engine, names_itself_with_its_version)
{
	cr_assert_eq(strncmp(engine_version(), "Unicorn 2.", 10), 0);
}
