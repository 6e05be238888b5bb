/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lwl, lwr, swl, swr (KANE, appendix A, their little-endian tables), and accesses that must be aligned and are not.
 *
 * The tables are written as functions of bytes: lwl at an address takes the bytes from its word's first to that
 * address to the register's top; lwr those from the address to the word's last to the register's bottom.
 */
#include "trial.h"

SNIPPET(do_lwl, "addu $2, $5, $0\nlwl $2, 0($4)\nnop");
SNIPPET(do_lwr, "addu $2, $5, $0\nlwr $2, 0($4)\nnop");
SNIPPET(do_swl, "swl $5, 0($4)");
SNIPPET(do_swr, "swr $5, 0($4)");
SNIPPET(do_both, "lwl $2, 3($4)\nlwr $2, 0($4)\nnop");
SNIPPET(do_both_backwards, "lwr $2, 0($4)\nlwl $2, 3($4)\nnop");
SNIPPET(do_store_both, "swl $5, 3($4)\nswr $5, 0($4)");
/* After a plain load to the same register, without an instruction between (KANE: LWL). */
SNIPPET(do_after_load, "lw $2, 8($4)\nlwl $2, 3($4)\nlwr $2, 0($4)\nnop");

static uint8_t *const byte = data + 64;

static void fill_bytes(void)
{
	for (unsigned n = 0; n < 16; n++)
		byte[n] = (uint8_t)(0x81 + 5 * n);
}

static uint32_t byte_of(uint32_t word, unsigned n)
{
	return word >> 8 * n & 0xff;
}

static uint32_t expected_left(uint32_t before, unsigned offset)
{
	unsigned taken = offset % 4 + 1;
	uint32_t value = 0;

	for (unsigned n = 0; n < 4; n++)
		value |= (n < 4 - taken ? byte_of(before, n) : byte[offset / 4 * 4 + n - (4 - taken)]) << 8 * n;
	return value;
}

static uint32_t expected_right(uint32_t before, unsigned offset)
{
	unsigned taken = 4 - offset % 4;
	uint32_t value = 0;

	for (unsigned n = 0; n < 4; n++)
		value |= (n < taken ? byte[offset + n] : byte_of(before, n)) << 8 * n;
	return value;
}

static uint32_t loaded(const uint32_t *code, unsigned offset, uint32_t before, bool user)
{
	struct frame frame = user ? in_user(code) : in_kernel(code);

	frame.reg[A0] = (user ? USER(byte) : (uint32_t)byte) + offset;
	frame.reg[A1] = before;
	run(&frame);
	return is_done() ? outcome.reg[V0] : 0;
}

static bool stored(const uint32_t *code, unsigned offset, uint32_t value, bool user, bool left)
{
	uint8_t expected[16];
	struct frame frame = user ? in_user(code) : in_kernel(code);
	unsigned start = offset / 4 * 4, n;

	fill_bytes();
	for (n = 0; n < 16; n++)
		expected[n] = byte[n];
	for (n = 0; left && n <= offset % 4; n++)
		expected[start + n] = (uint8_t)byte_of(value, 3 - offset % 4 + n);
	for (n = 0; !left && offset + n < start + 4; n++)
		expected[offset + n] = (uint8_t)byte_of(value, n);
	frame.reg[A0] = (user ? USER(byte) : (uint32_t)byte) + offset;
	frame.reg[A1] = value;
	run(&frame);
	for (n = 0; n < 16 && is_done(); n++)
		if (byte[n] != expected[n])
			return false;
	return n == 16;
}

static void parts(bool user)
{
	for (unsigned offset = 0; offset < 8; offset++) {
		fill_bytes();
		claim_equal("lwl", loaded(do_lwl, offset, 0x12345678, user), expected_left(0x12345678, offset));
		claim_equal("lwr", loaded(do_lwr, offset, 0x12345678, user), expected_right(0x12345678, offset));
		claim("swl", stored(do_swl, offset, 0xa1b2c3d4, user, true));
		claim("swr", stored(do_swr, offset, 0xa1b2c3d4, user, false));
	}
}

static void wholes(void)
{
	for (unsigned offset = 0; offset < 4; offset++) {
		uint32_t expected;

		fill_bytes();
		expected = byte[offset] | byte[offset + 1] << 8 | byte[offset + 2] << 16 | (uint32_t)byte[offset + 3] << 24;
		claim_equal("a word by lwl and lwr", loaded(do_both, offset, 0, true), expected);
		claim_equal("a word by lwr and lwl", loaded(do_both_backwards, offset, 0, false), expected);
		claim_equal("right after a load", loaded(do_after_load, offset & ~3u, 0, true), expected_left(0, 3));
		stored(do_store_both, offset, 0xa1b2c3d4, true, true);
		expected = byte[offset] | byte[offset + 1] << 8 | byte[offset + 2] << 16 | (uint32_t)byte[offset + 3] << 24;
		claim_equal("a word by swl and swr", expected, 0xa1b2c3d4);
	}
}

/* --- what has to be aligned --- */

SNIPPET_AT(at_lh, "nop\nat_lh_at: lh $2, 0($4)\nnop");
SNIPPET_AT(at_lhu, "nop\nat_lhu_at: lhu $2, 0($4)\nnop");
SNIPPET_AT(at_lw, "nop\nat_lw_at: lw $2, 0($4)\nnop");
SNIPPET_AT(at_sh, "nop\nat_sh_at: sh $2, 0($4)\nnop");
SNIPPET_AT(at_sw, "nop\nat_sw_at: sw $2, 0($4)\nnop");
SNIPPET_AT(at_jump, "nop\nat_jump_at: jr $4\nnop");

struct misaligned {
	const char *text;
	const uint32_t *code, *at;
	unsigned offset, exception;
};

static const struct misaligned misaligned[] = {
	{ "lh 1", at_lh, at_lh_at, 1, ADEL }, { "lhu 3", at_lhu, at_lhu_at, 3, ADEL }, { "lw 1", at_lw, at_lw_at, 1, ADEL },
	{ "lw 2", at_lw, at_lw_at, 2, ADEL }, { "lw 3", at_lw, at_lw_at, 3, ADEL }, { "sh 1", at_sh, at_sh_at, 1, ADES },
	{ "sw 1", at_sw, at_sw_at, 1, ADES }, { "sw 2", at_sw, at_sw_at, 2, ADES },
};

static void try_misaligned(const struct misaligned *row)
{
	struct frame frame = in_kernel(row->code);

	chapter(row->text);
	fill_bytes();
	frame.reg[V0] = 0x77777777;
	frame.reg[A0] = (uint32_t)byte + row->offset;
	run(&frame);
	claim_trap("an address error in kernel mode", row->exception, (uint32_t)row->at, false);
	claim_equal("BadVAddr", outcome.address, frame.reg[A0]);
	claim("nothing has changed", only_changed(&frame, 0) && byte[1] == 0x86);
	frame = in_user(row->code);
	frame.reg[A0] = USER(byte) + row->offset;
	run(&frame);
	claim_trap("an address error in user mode", row->exception, USER(row->at), false);
	claim_equal("its BadVAddr", outcome.address, frame.reg[A0]);
	frame.reg[A0] = FREE_1 + row->offset;
	run(&frame);
	claim_trap("before any look at the TLB", row->exception, USER(row->at), false);
}

/* The jump itself is well; its target is what cannot be fetched. */
static void misaligned_jump(unsigned offset)
{
	struct frame frame = in_kernel(at_jump);

	if (gxemul_cannot("a jump to it", "it goes there"))
		return;
	frame.reg[A0] = (uint32_t)at_jump + offset;
	run(&frame);
	claim_trap("a jump to it: the target's address error", ADEL, frame.reg[A0], false);
	claim_equal("BadVAddr is the target", outcome.address, frame.reg[A0]);
	frame = in_user(at_jump);
	frame.reg[A0] = USER(at_jump) + offset;
	run(&frame);
	claim_trap("in user mode too", ADEL, frame.reg[A0], false);
}

void chapter_unaligned(void)
{
	chapter("parts of words, kernel mode");
	parts(false);
	chapter("parts of words, user mode");
	parts(true);
	chapter("words that are not aligned");
	wholes();
	for (unsigned n = 0; n < sizeof misaligned / sizeof *misaligned; n++)
		try_misaligned(&misaligned[n]);
	for (unsigned offset = 1; offset < 4; offset++) {
		chapter("jumps to what is not aligned");
		misaligned_jump(offset);
	}
}
