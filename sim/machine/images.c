/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What memory means: which function and which probe stands at a physical address.
 *
 * Images run at the physical addresses for which they are linked, so one look-up
 * serves all address spaces.  But memory is the guest's: a page may be used for
 * something else later.  An address is believed to be a place of an image only
 * while memory holds there the bytes that the image has.
 *
 * Numbers are given in the order of the images (kernel, then modules as named in
 * the configuration) and of addresses within them: the same in every run.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/core/error.h"
#include "sim/machine/private.h"

enum { COMPARED = 8 };

static bool holds(const struct machine *machine, const struct image *image, paddr_t address)
{
	for (unsigned i = 0; i < image->segments; i++) {
		const struct image_segment *segment = &image->segment[i];
		uint32_t offset = address - segment->paddr;
		uint32_t size = COMPARED;

		if (offset >= segment->file_size)
			continue;
		if (size > segment->file_size - offset)
			size = segment->file_size - offset;
		return address + size <= machine->config.model->memory &&
		       memcmp(machine->ram + address, segment->data + offset, size) == 0;
	}
	return false;
}

uint32_t machine_function_at(void *ctx, paddr_t address)
{
	struct machine *machine = ctx;

	for (unsigned i = 0; i < machine->images; i++) {
		const struct image *image = machine->image[i].image;
		const struct image_symbol *symbol = image_symbol_at(image, address);

		if (symbol && holds(machine, image, address))
			return machine->image[i].first_function + (uint32_t)(symbol - image->symbol);
	}
	return 0;
}

int machine_probe_at(void *ctx, paddr_t address)
{
	struct machine *machine = ctx;
	unsigned low = 0, high = machine->sites;

	while (low < high) {
		unsigned middle = low + (high - low) / 2;

		if (machine->site[middle].address < address)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < machine->sites && machine->site[low].address == address; low++)
		if (holds(machine, machine->site[low].image->image, address))
			return (int)low;
	return -1;
}

static uint32_t register_value(const struct x86_cpu *cpu, uint8_t reg)
{
	return reg < 8 ? cpu->reg[reg] : 0;
}

static uint32_t narrow(const struct probe_argument *argument, uint32_t value)
{
	if (argument->size == 1)
		return argument->is_signed ? (uint32_t)(int8_t)value : (uint8_t)value;
	if (argument->size == 2)
		return argument->is_signed ? (uint32_t)(int16_t)value : (uint16_t)value;
	return value;
}

static uint32_t argument_value(const struct machine *machine, const struct probe_argument *argument)
{
	const struct x86_cpu *cpu = &machine->x86.cpu;
	uint32_t value = 0, address;
	bool stack;

	if (argument->where == PROBE_CONSTANT)
		return (uint32_t)argument->value;
	if (argument->where == PROBE_REGISTER)
		return narrow(argument, register_value(cpu, argument->reg));
	stack = argument->reg == ESP || argument->reg == EBP;
	address = (uint32_t)argument->value + register_value(cpu, argument->reg) +
	          (argument->index < 8 ? cpu->reg[argument->index] * argument->scale : 0);
	x86_look_read(&machine->x86, cpu->seg[stack ? SS : DS].base + address, &value, argument->size);
	return narrow(argument, value);
}

void machine_probe_arguments(struct machine *machine, const struct machine_site *site, uint32_t arg[PROBE_ARGS])
{
	for (unsigned i = 0; i < site->probe->args; i++)
		arg[i] = argument_value(machine, &site->probe->arg[i]);
}

static bool add_image(struct machine *machine, const struct image *image)
{
	for (unsigned i = 0; i < machine->images; i++)
		if (machine->image[i].image == image)
			return false;
	machine->image[machine->images++] =
		(struct machine_image){ .image = image, .first_function = machine->functions + 1 };
	machine->functions += image->symbols;
	return true;
}

static bool name_functions(struct machine *machine)
{
	machine->function_name = calloc(machine->functions + 1, sizeof *machine->function_name);
	if (!machine->function_name)
		return false;
	for (unsigned i = 0; i < machine->images; i++) {
		const struct image *image = machine->image[i].image;

		for (unsigned s = 0; s < image->symbols; s++)
			snprintf(machine->function_name[machine->image[i].first_function + s],
			         sizeof *machine->function_name, "%s:%s", image->name, image->symbol[s].name);
	}
	return true;
}

/* The number of a probe name, given one if it is new. */
static unsigned probe_number(struct machine *machine, const struct image_probe *probe)
{
	for (unsigned i = 0; i < machine->probes; i++)
		if (strcmp(machine->probe[i].name, probe->name) == 0) {
			if (probe->args > machine->probe[i].args)
				machine->probe[i].args = probe->args;
			return i;
		}
	struct machine_probe_name *name = &machine->probe[machine->probes];

	memcpy(name->name, probe->name, sizeof name->name);
	name->args = probe->args;
	return machine->probes++;
}

static int by_address(const void *a, const void *b)
{
	const struct machine_site *left = a, *right = b;

	if (left->address != right->address)
		return left->address < right->address ? -1 : 1;
	return left->image->first_function < right->image->first_function ? -1 : 1;
}

static bool collect_sites(struct machine *machine)
{
	unsigned count = 0;

	for (unsigned i = 0; i < machine->images; i++)
		count += machine->image[i].image->probes;
	machine->site = calloc(count + 1, sizeof *machine->site);
	machine->probe = calloc(count + 1, sizeof *machine->probe);
	if (!machine->site || !machine->probe)
		return false;
	for (unsigned i = 0; i < machine->images; i++)
		for (unsigned p = 0; p < machine->image[i].image->probes; p++) {
			const struct image_probe *probe = &machine->image[i].image->probe[p];

			machine->site[machine->sites++] = (struct machine_site){
				.address = probe->address,
				.probe = probe,
				.image = &machine->image[i],
				.name = probe_number(machine, probe),
			};
		}
	qsort(machine->site, machine->sites, sizeof *machine->site, by_address);
	return true;
}

enum muk_err machine_map_images(struct machine *machine, struct muk_error *error)
{
	add_image(machine, machine->config.kernel);
	for (unsigned i = 0; i < machine->config.modules; i++)
		add_image(machine, machine->config.module[i].image);
	if (!name_functions(machine) || !collect_sites(machine))
		return error_set(error, MUK_ERR_NOMEM, "out of memory making a machine");
	return MUK_OK;
}

void machine_unmap_images(struct machine *machine)
{
	free(machine->function_name);
	free(machine->site);
	free(machine->probe);
}

const char *machine_function(const struct machine *machine, uint32_t function)
{
	return function >= 1 && function <= machine->functions ? machine->function_name[function] : NULL;
}

unsigned machine_functions(const struct machine *machine)
{
	return machine->functions;
}

const char *machine_probe(const struct machine *machine, unsigned n, unsigned *args)
{
	if (n >= machine->probes)
		return NULL;
	if (args)
		*args = machine->probe[n].args;
	return machine->probe[n].name;
}
