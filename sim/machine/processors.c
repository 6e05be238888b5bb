/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The architectures that machines are made with: the only place that names them. */
#include "sim/machine/private.h"

_Static_assert((int)MACHINE_COUNTERS == (int)PROCESSOR_COUNTERS_MOST, "a reading holds all counters");

const struct processor_class *machine_processor_class(enum model_arch arch)
{
	static const struct processor_class *const class[ARCH_COUNT] = {
		[ARCH_X86] = &x86_processor,
		[ARCH_MIPS] = &mips_processor,
	};

	return class[arch];
}

unsigned machine_counters(enum model_arch arch)
{
	const struct processor_class *class = machine_processor_class(arch);

	return class ? class->counters : 0;
}

const char *machine_counter(enum model_arch arch, unsigned n)
{
	return n < machine_counters(arch) ? machine_processor_class(arch)->counter[n] : NULL;
}
