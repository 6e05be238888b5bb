/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the compiler calls for __builtin_ctz, in Mach's kernel and in its programs: MIPS I has no instruction for it.
 * The lowest bit alone, times a sequence in which each 5 bits are others, has its number in its upper 5 bits.
 */
int __ctzsi2(unsigned word);

int __ctzsi2(unsigned word)
{
	static const unsigned char number[32] = {
		0, 1, 28, 2, 29, 14, 24, 3, 30, 22, 20, 15, 25, 17, 4, 8, 31, 27, 13, 23, 21, 19, 16, 7, 26, 12, 18, 6,
		11, 5, 10, 9,
	};

	return number[(word & -word) * 0x077cb531u >> 27];
}
