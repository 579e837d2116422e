using System.Text.RegularExpressions;
using TsVlm.Tests;

namespace TsVlm.EndToEnd.Tests;

public sealed partial class CompletionTests
{
    [Fact]
    public async Task The_version_names_commit_and_libtorch()
    {
        var version = await Cli.Run(Environment.CurrentDirectory, "--version");
        Assert.Equal(0, version.ExitCode);
        Assert.Matches(VersionLine(), version.Output.Trim());
    }

    [Fact]
    public async Task Completing_the_beginning_of_a_command_suggests_it()
    {
        var suggested = await Cli.Run(Environment.CurrentDirectory, "[suggest:8]", "tsvlm ru");
        Assert.Equal(["run"], suggested.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    [Fact]
    public async Task The_script_for_bash_is_valid()
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "There is no /bin/bash here.");
        var script = await Cli.Run(Environment.CurrentDirectory, "completion", "bash");
        var read = await EndedProcess.Run(new("/bin/bash", "-n"), script.Output, TestContext.Current.CancellationToken);
        Assert.Equal(new EndedProcess(0, "", ""), read);
        Assert.Contains("complete -o default -F _tsvlm tsvlm", script.Output);
    }

    [GeneratedRegex(@"^tsvlm \d+\.\d+\.\d+ \(commit ([0-9a-f]{7,10}|unknown), libtorch \d+\.\d+\.\d+\)$")]
    private static partial Regex VersionLine();
}
