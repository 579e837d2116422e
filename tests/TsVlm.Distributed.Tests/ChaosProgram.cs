using System.Diagnostics;

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
        var start = new ProcessStartInfo(
            "dotnet", [ServiceProcess.Program(Path.Combine("tests", "TsVlm.Chaos"), "TsVlm.Chaos.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        try
        {
            var (text, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            var output = await text + await errors;
            TestContext.Current.TestOutputHelper?.WriteLine(output);
            Assert.SkipUnless(process.ExitCode != CannotRunHere
                || Environment.GetEnvironmentVariable("TSVLM_REQUIRE_SERVERS") is "1", output);
            Assert.True(process.ExitCode == 0, output);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
