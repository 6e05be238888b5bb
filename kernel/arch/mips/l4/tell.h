/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a user finds in registers after an IPC: its results in v0, t0 to t5, its own stack, and zeroes: nothing of the
 * partner's, nor of the kernel's.
 */
#pragma once

	.macro	TELL_NOTHING_BUT_RESULTS	/* uses no register but those */
	move	$at, $zero
	move	$v1, $zero
	move	$a0, $zero
	move	$a1, $zero
	move	$a2, $zero
	move	$a3, $zero
	move	$t6, $zero
	move	$t7, $zero
	move	$s0, $zero
	move	$s1, $zero
	move	$s2, $zero
	move	$s3, $zero
	move	$s4, $zero
	move	$s5, $zero
	move	$s6, $zero
	move	$s7, $zero
	move	$t8, $zero
	move	$t9, $zero
	move	$gp, $zero
	move	$fp, $zero
	move	$ra, $zero
	move	$k0, $zero
	mthi	$zero
	mtlo	$zero
	.endm
