import { type CompletedCommand, casesOfValues, wordsOf } from './list-commands.ts';

/** Returns the completion script of Bash. */
export function toBash(commands: readonly CompletedCommand[]): string {
  const paths = commands.slice(1).map(({ path }) => `"${path}"`);
  const values = casesOfValues(commands).map(({ pattern, values: found }) => {
    const list = found === 'files' ? '-f' : `-W "${(found ?? []).join(' ')}"`;
    return `    ${pattern.join('|')}) COMPREPLY=($(compgen ${list} -- "$cur")); return ;;`;
  });
  const words = commands.map(
    (command) => `    "${command.path}") words="${wordsOf(command).join(' ')}" ;;`,
  );
  return `# Bash completion of eventline. Load it with: source <(eventline completion bash)
_eventline() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}"
  local path="" words="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path $word" in
      ${paths.join('|')}) path="$path $word" ;;
    esac
  done
  case "$path $prev" in
${values.join('\n')}
  esac
  case "$path" in
${words.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _eventline eventline
`;
}
