/** The width of the help in columns. */
const WIDTH = 100;

/**
 * Renders a section for each command, with its `--help`.
 *
 * @param {import('commander').Command} program
 */
export function renderCommands(program) {
  return commandsOf(program)
    .map((command) => `### \`${pathOf(command)}\`\n\n\`\`\`text\n${helpOf(command)}\n\`\`\``)
    .join('\n\n');
}

function commandsOf(command) {
  return command.commands
    .filter((child) => child.name() !== 'help')
    .flatMap((child) => [child, ...commandsOf(child)]);
}

function pathOf(command) {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

function helpOf(command) {
  let text = '';
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
    getOutHelpWidth: () => WIDTH,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return text.trim();
}
