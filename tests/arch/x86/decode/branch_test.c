/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The branch target buffer: its automaton, its sets, and its snapshot. */
#include <criterion/criterion.h>
#include "sim/arch/x86/branch.h"

static struct branch_buffer buffer;

static void make_buffer(void)
{
	branch_init(&buffer, 256, 4);
}

static bool taken(uint32_t address)
{
	return branch_predict_update(&buffer, address, true, 0x5000);
}

static bool not_taken(uint32_t address)
{
	return branch_predict_update(&buffer, address, false, 0);
}

Test(branch, predicts_an_unknown_branch_not_taken, .init = make_buffer)
{
	cr_expect_not(not_taken(0x1000));
	cr_expect(taken(0x1000), "the first time it is taken surprises");
	cr_expect_not(taken(0x1000));
}

Test(branch, needs_two_surprises_to_change_its_mind, .init = make_buffer)
{
	taken(0x1000);
	cr_expect(not_taken(0x1000));
	cr_expect_not(taken(0x1000), "one exit of a loop is forgiven");
	cr_expect(not_taken(0x1000));
	cr_expect(not_taken(0x1000));
	cr_expect_not(not_taken(0x1000));
	cr_expect_not(not_taken(0x1000));
	cr_expect(taken(0x1000));
	cr_expect(taken(0x1000));
	cr_expect_not(taken(0x1000));
}

Test(branch, mispredicts_a_return_to_another_caller, .init = make_buffer)
{
	branch_predict_update(&buffer, 0x1000, true, 0x2000);
	cr_expect_not(branch_predict_update(&buffer, 0x1000, true, 0x2000));
	cr_expect(branch_predict_update(&buffer, 0x1000, true, 0x3000));
	cr_expect_not(branch_predict_update(&buffer, 0x1000, true, 0x3000));
}

Test(branch, holds_as_many_branches_of_a_set_as_it_has_ways, .init = make_buffer)
{
	for (uint32_t i = 0; i < 4; i++)
		taken(0x1000 + 64 * i);
	for (uint32_t i = 0; i < 4; i++)
		cr_expect_not(taken(0x1000 + 64 * i));
	taken(0x1000 + 64 * 4);
	unsigned surprises = 0;
	for (uint32_t i = 1; i <= 4; i++)
		surprises += taken(0x1000 + 64 * i);
	cr_expect_eq(surprises, 0, "the fifth replaced the first");
	cr_expect(taken(0x1000));
}

Test(branch, judges_its_geometry)
{
	cr_expect_null(branch_geometry_error(256, 4));
	cr_expect_not_null(branch_geometry_error(0, 1));
	cr_expect_not_null(branch_geometry_error(2048, 4));
	cr_expect_not_null(branch_geometry_error(256, 0));
	cr_expect_not_null(branch_geometry_error(96, 4));
	cr_expect_not_null(branch_geometry_error(256, 3));
}

Test(branch, goes_on_after_a_snapshot_as_if_there_had_been_none, .init = make_buffer)
{
	for (uint32_t i = 0; i < 1000; i++)
		branch_predict_update(&buffer, i * 7 % 301, i % 3 != 0, i % 5);
	struct stream stream;
	stream_init(&stream);
	branch_state(&stream, &buffer);
	stream_rewind(&stream);
	static struct branch_buffer copy;
	branch_state(&stream, &copy);
	cr_assert_not(stream.failed);
	for (uint32_t i = 0; i < 1000; i++)
		cr_expect_eq(branch_predict_update(&buffer, i * 11 % 301, i % 4 != 0, i % 5),
		             branch_predict_update(&copy, i * 11 % 301, i % 4 != 0, i % 5));
	stream_free(&stream);
}
