/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Images into memory, as the boot loader of the model's architecture has it, and what the kernel begins with. */
#include "sim/core/error.h"
#include "sim/machine/private.h"

const char *machine_misfit(const struct model *model, const struct image *image, char *text, size_t size)
{
	enum { ISA_I = 1, ISA_III = 3 }; /* an R4000's own is MIPS III */

	if (model->arch == ARCH_X86)
		return image_misfit(image, IMAGE_X86, 0, text, size);
	return image_misfit(image, IMAGE_MIPS, model->generation == 4 ? ISA_III : ISA_I, text, size);
}

static enum muk_err check_fit(const struct machine *machine, const struct image *image, struct muk_error *error)
{
	const struct model *model = machine->config.model;
	char text[160];
	const char *wrong = machine_misfit(model, image, text, sizeof text);

	if (!wrong)
		return MUK_OK;
	return error_at(error, MUK_ERR_INPUT, image->name, 0, 0, "%s: cannot run on the model %s: %s", image->name,
	                model->name, wrong);
}

static enum muk_err check_images(const struct machine *machine, struct muk_error *error)
{
	const struct machine_config *config = &machine->config;
	enum muk_err err = check_fit(machine, config->kernel, error);

	for (unsigned i = 0; i < config->modules && !err; i++)
		err = check_fit(machine, config->module[i].image, error);
	for (unsigned i = 0; i < config->programs && !err; i++)
		err = check_fit(machine, config->program[i], error);
	return err;
}

static enum muk_err boot_x86(struct machine *machine, const char *line, struct processor_boot *boot,
                             struct muk_error *error)
{
	const struct machine_config *config = &machine->config;
	struct multiboot_boot loaded = { 0 };
	enum muk_err err = multiboot_load(machine->ram, config->model->memory, config->kernel, line, config->module,
	                                  config->modules, &loaded, error);

	*boot = (struct processor_boot){ loaded.entry, { loaded.eax, loaded.ebx } };
	return err;
}

static enum muk_err boot_mips(struct machine *machine, const char *line, struct processor_boot *boot,
                              struct muk_error *error)
{
	const struct machine_config *config = &machine->config;
	struct malta_boot loaded = { 0 };
	enum muk_err err = malta_load_kernel(machine->ram, config->model->memory, config->kernel, line, config->module,
	                                     config->modules, &loaded, error);

	*boot = (struct processor_boot){ loaded.entry, { loaded.argc, loaded.argv, loaded.envp, loaded.memory } };
	return err;
}

enum muk_err machine_boot(struct machine *machine, struct processor_boot *boot, struct muk_error *error)
{
	const char *line = machine->config.command_line ? machine->config.command_line : "";
	enum muk_err err = check_images(machine, error);

	if (err)
		return err;
	return machine->config.model->arch == ARCH_MIPS ? boot_mips(machine, line, boot, error)
	                                                : boot_x86(machine, line, boot, error);
}
