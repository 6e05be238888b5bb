/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the compiler calls where the processor has no instruction: shifts of 64 bits, leading zeros.  (Its own library
 * is for processors that came later.)
 */
#include <stdint.h>

uint64_t __ashldi3(uint64_t value, int shift);
uint64_t __lshrdi3(uint64_t value, int shift);
int __clzsi2(uint32_t value);

union halves {
	uint64_t whole;
	struct {
		uint32_t low, high;
	};
};

uint64_t __ashldi3(uint64_t value, int shift)
{
	const union halves in = { value };
	union halves out = in;
	if (shift >= 32) {
		out.high = in.low << (shift - 32);
		out.low = 0;
	} else if (shift) {
		out.high = in.high << shift | in.low >> (32 - shift);
		out.low = in.low << shift;
	}
	return out.whole;
}

uint64_t __lshrdi3(uint64_t value, int shift)
{
	const union halves in = { value };
	union halves out = in;
	if (shift >= 32) {
		out.low = in.high >> (shift - 32);
		out.high = 0;
	} else if (shift) {
		out.low = in.low >> shift | in.high << (32 - shift);
		out.high = in.high >> shift;
	}
	return out.whole;
}

/* By halves; of 0 nothing is asked. */
int __clzsi2(uint32_t value)
{
	int zeros = 0;
	for (int half = 16; half; half /= 2) {
		if (value >> (32 - half))
			continue;
		zeros += half;
		value <<= half;
	}
	return zeros;
}
