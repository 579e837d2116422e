using System.CommandLine;

namespace TsVlm.Cli.Commands;

/// <summary><c>tsvlm completion</c>: prints a script that lets a shell complete commands and options.</summary>
internal static class CompletionCommand
{
    // Each script hands the line and the cursor's place to System.CommandLine's [suggest] directive and offers what it prints.
    private static readonly Dictionary<string, string> Scripts = new()
    {
        ["bash"] = """
            _tsvlm() {
              local IFS=$'\n'
              COMPREPLY=($(compgen -W "$(tsvlm "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _tsvlm tsvlm
            """,
        ["zsh"] = """
            #compdef tsvlm
            _tsvlm() {
              local -a found
              found=("${(@f)$(tsvlm "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
              compadd -- $found
              _files
            }
            compdef _tsvlm tsvlm
            """,
        ["fish"] = """
            complete -c tsvlm -a '(tsvlm "[suggest:"(commandline -C)"]" (commandline -p) 2>/dev/null)'
            """,
        ["pwsh"] = """
            Register-ArgumentCompleter -Native -CommandName tsvlm -ScriptBlock {
              param($word, $line, $place)
              tsvlm "[suggest:$place]" "$line" 2>$null | Where-Object { $_ -like "$word*" } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
            }
            """,
    };

    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "The shell: " + string.Join(", ", Scripts.Keys) + "." };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var command = new Command("completion",
            "Prints a script for shell completion of tsvlm.\n\n"
            + "Examples:\n"
            + "  eval \"$(tsvlm completion bash)\"\n"
            + "  tsvlm completion fish > ~/.config/fish/completions/tsvlm.fish")
        {
            shell,
        };
        command.SetAction(parsed =>
        {
            parsed.InvocationConfiguration.Output.WriteLine(Scripts[parsed.GetValue(shell)!]);
            return 0;
        });
        return command;
    }
}
