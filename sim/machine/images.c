/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What memory means: which function and which probe stands at a physical address.
 *
 * Images run at the physical addresses for which they are linked, so one look-up
 * serves all address spaces.  But memory is the guest's: a page may be used for
 * something else later.  An address is believed to be a place of an image only
 * while memory holds there the bytes that the image has.  Programs that the guest
 * loads by itself may be anywhere: programs.c.
 *
 * Numbers are given in the order of the images (kernel, modules, programs, as named
 * in the configuration) and of addresses within them: the same in every run.
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
	paddr_t in_image;

	for (unsigned i = 0; i < machine->placed; i++) {
		const struct image *image = machine->image[i].image;
		const struct image_symbol *symbol = image_symbol_at(image, address);

		if (symbol && holds(machine, image, address))
			return machine->image[i].first_function + (uint32_t)(symbol - image->symbol);
	}
	const struct machine_image *program = machine_program_at(machine, address, &in_image);
	const struct image_symbol *symbol = program ? image_symbol_at(program->image, in_image) : NULL;
	return symbol ? program->first_function + (uint32_t)(symbol - program->image->symbol) : 0;
}

/* The first of sorted addresses that is not below one. */
static unsigned first_site(const struct machine *machine, paddr_t address)
{
	unsigned low = 0, high = machine->sites;

	while (low < high) {
		unsigned middle = low + (high - low) / 2;

		if (machine->site[middle].address < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int program_probe(const struct machine *machine, paddr_t address)
{
	paddr_t in_image;
	const struct machine_image *program = machine_program_at(machine, address, &in_image);
	unsigned low = 0, high = program ? program->image->probes : 0;

	while (low < high) {
		unsigned middle = low + (high - low) / 2;

		if (program->image->probe[middle].address == in_image)
			return (int)(program->first_site + middle);
		if (program->image->probe[middle].address < in_image)
			low = middle + 1;
		else
			high = middle;
	}
	return -1;
}

int machine_probe_at(void *ctx, paddr_t address)
{
	struct machine *machine = ctx;

	for (unsigned n = first_site(machine, address); n < machine->sites && machine->site[n].address == address; n++)
		if (holds(machine, machine->site[n].image->image, address))
			return (int)n;
	return program_probe(machine, address);
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
	const struct processor *processor = machine->processor;
	const struct processor_class *class = processor_class(processor);
	uint32_t value = 0, address = (uint32_t)argument->value;

	if (argument->where == PROBE_CONSTANT)
		return (uint32_t)argument->value;
	if (argument->where == PROBE_REGISTER)
		return narrow(argument, class->register_value(processor, argument->reg));
	if (argument->reg != PROBE_NO_REGISTER)
		address += class->register_value(processor, argument->reg);
	if (argument->index != PROBE_NO_REGISTER)
		address += class->register_value(processor, argument->index) * argument->scale;
	class->look_read(processor, class->data_address(processor, address, argument->reg), &value, argument->size);
	return narrow(argument, value);
}

void machine_probe_arguments(struct machine *machine, const struct machine_site *site, uint32_t arg[PROBE_ARGS])
{
	for (unsigned i = 0; i < site->probe->args; i++)
		arg[i] = argument_value(machine, &site->probe->arg[i]);
}

static void add_image(struct machine *machine, const struct image *image)
{
	for (unsigned i = 0; i < machine->images; i++)
		if (machine->image[i].image == image)
			return;
	machine->image[machine->images++] =
		(struct machine_image){ .image = image, .first_function = machine->functions + 1 };
	machine->functions += image->symbols;
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

static void number_arguments(struct machine_probe_name *name)
{
	size_t used = 0;

	for (unsigned n = 0; n < name->args; n++)
		used += (size_t)snprintf(name->arg_names + used, sizeof name->arg_names - used, "%sarg%u",
		                         n ? " " : "", n);
}

/* A probe name has as many arguments as the site that has most, and the names that this gives. */
static void take_arguments(struct machine_probe_name *name, const struct image_probe *probe)
{
	if (probe->args < name->args || (probe->args == name->args && !probe->arg_names[0]))
		return;
	name->args = probe->args;
	if (probe->arg_names[0])
		memcpy(name->arg_names, probe->arg_names, sizeof name->arg_names);
	else
		number_arguments(name);
}

/* The number of a probe name, given one if it is new. */
static unsigned probe_number(struct machine *machine, const struct image_probe *probe)
{
	for (unsigned i = 0; i < machine->probes; i++)
		if (strcmp(machine->probe[i].name, probe->name) == 0) {
			take_arguments(&machine->probe[i], probe);
			return i;
		}
	struct machine_probe_name *name = &machine->probe[machine->probes];

	memcpy(name->name, probe->name, sizeof name->name);
	take_arguments(name, probe);
	return machine->probes++;
}

static int by_address(const void *a, const void *b)
{
	const struct machine_site *left = a, *right = b;

	if (left->address != right->address)
		return left->address < right->address ? -1 : 1;
	return left->image->first_function < right->image->first_function ? -1 : 1;
}

static void add_sites(struct machine *machine, const struct machine_image *image, struct machine_site *site)
{
	for (unsigned p = 0; p < image->image->probes; p++) {
		const struct image_probe *probe = &image->image->probe[p];

		site[p] = (struct machine_site){
			.address = probe->address, .probe = probe, .image = image, .name = probe_number(machine, probe),
		};
	}
}

/* The sites of placed images come first; those of programs follow, image by image: one that is both has them twice. */
static bool collect_sites(struct machine *machine)
{
	unsigned count = 0;

	for (unsigned i = 0; i < machine->images; i++)
		count += 2 * machine->image[i].image->probes;
	machine->site = calloc(count + 1, sizeof *machine->site);
	machine->probe = calloc(count + 1, sizeof *machine->probe);
	if (!machine->site || !machine->probe)
		return false;
	for (unsigned i = 0; i < machine->placed; i++) {
		add_sites(machine, &machine->image[i], machine->site + machine->sites);
		machine->sites += machine->image[i].image->probes;
	}
	qsort(machine->site, machine->sites, sizeof *machine->site, by_address);
	count = machine->sites;
	for (unsigned i = 0; i < machine->images; i++) {
		machine->image[i].first_site = count;
		add_sites(machine, &machine->image[i], machine->site + count);
		count += machine->image[i].image->probes;
	}
	return true;
}

enum muk_err machine_map_images(struct machine *machine, struct muk_error *error)
{
	add_image(machine, machine->config.kernel);
	for (unsigned i = 0; i < machine->config.modules; i++)
		add_image(machine, machine->config.module[i].image);
	machine->placed = machine->images;
	for (unsigned i = 0; i < machine->config.programs; i++)
		add_image(machine, machine->config.program[i]);
	if (!name_functions(machine) || !collect_sites(machine) || !machine_know_programs(machine))
		return error_set(error, MUK_ERR_NOMEM, "out of memory making a machine");
	return MUK_OK;
}

void machine_unmap_images(struct machine *machine)
{
	free(machine->function_name);
	free(machine->site);
	free(machine->probe);
	free(machine->page);
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

const char *machine_probe_arg_names(const struct machine *machine, unsigned n)
{
	return n < machine->probes ? machine->probe[n].arg_names : NULL;
}

uint64_t machine_probe_count(const struct machine *machine, unsigned n)
{
	return n < machine->probes ? machine->probe[n].fired : 0;
}
