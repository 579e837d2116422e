using TsVlm.Tests;

namespace TsVlm.Distributed.Tests;

/// <summary>The program of tests/TsVlm.Chaos, small: what it prints is what a failed test shows.</summary>
internal static class ChaosProgram
{
    private const int CannotRunHere = 2;
    private const string Wanted = "TSVLM_CHAOS";

    public static async Task Run(params string[] arguments)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable(Wanted) is "1",
            $"Faults and load on real servers take minutes of an otherwise idle machine. Set {Wanted}=1 to run them.");
        var program = ServiceProcess.Program(Path.Combine("tests", "TsVlm.Chaos"), "TsVlm.Chaos.dll");
        var (exitCode, text, errors) = await EndedProcess.Run(
            new("dotnet", [program, .. arguments]), cancellationToken: TestContext.Current.CancellationToken);
        var output = text + errors;
        TestContext.Current.TestOutputHelper?.WriteLine(output);
        Assert.SkipUnless(exitCode != CannotRunHere || Environment.GetEnvironmentVariable("TSVLM_REQUIRE_SERVERS") is "1", output);
        Assert.True(exitCode == 0, output);
    }
}
